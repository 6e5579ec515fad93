using System.Text.Json;

namespace Refrag.Aws.Logs;

/// <summary>How the shapes of CloudWatch Logs are written and read as JSON.</summary>
public static class LogsJson
{
    /// <summary>Options that know the shapes of <see cref="LogsOperations"/>, without reflection; like those of Batch.</summary>
    public static JsonSerializerOptions Options { get; } = AwsJson.Options(LogsJsonContext.Default, static () => LogsOperations.All);
}
