using System.Text.Json.Serialization;

namespace Refrag.Engine.Logs;

/// <summary>What a log stream is called and whose it is.</summary>
/// <param name="Name">Its name; unique in the store.</param>
/// <param name="JobId">The job, array child or node that prints to it.</param>
/// <param name="Attempt">The attempt that prints to it, from 1.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Group">The log group that it belongs to.</param>
internal sealed record LogStreamInfo(
    string Name, string JobId, int Attempt, DateTimeOffset CreatedAt, string Group = LogStreamInfo.UsualGroup)
{
    /// <summary>The group that Batch writes to where a definition names no other.</summary>
    public const string UsualGroup = "/aws/batch/job";
}

/// <summary>Writes and reads the list of streams.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LogStreamInfo))]
[JsonSerializable(typeof(List<LogGroupInfo>))]
internal sealed partial class LogStreamJson : JsonSerializerContext;
