using System.Text.Json;

namespace Refrag.Aws.Ecr;

/// <summary>How the shapes of ECR are written and read as JSON.</summary>
public static class EcrJson
{
    /// <summary>Options that know the shapes of <see cref="EcrOperations"/>, without reflection; like those of Batch.</summary>
    public static JsonSerializerOptions Options { get; } = AwsJson.Options(EcrJsonContext.Default, static () => EcrOperations.All);
}
