using System.Text.Json;

namespace Refrag.Aws.Ecs;

/// <summary>How the shapes of ECS are written and read as JSON.</summary>
public static class EcsJson
{
    /// <summary>Options that know the shapes of <see cref="EcsOperations"/>, without reflection; like those of Batch.</summary>
    public static JsonSerializerOptions Options { get; } = AwsJson.Options(EcsJsonContext.Default, static () => EcsOperations.All);
}
