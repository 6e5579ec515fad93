using Refrag.Aws.Batch;

namespace Refrag.Engine.Logs;

/// <summary>
/// Where a container's output goes: the options of the awslogs driver, which is Batch's own where a definition names none. Output of other
/// drivers is kept as if none were named. (UG using_awslogs; API LogConfiguration)
/// </summary>
internal static class AwslogsOptions
{
    private const string GroupOption = "awslogs-group";
    private const string PrefixOption = "awslogs-stream-prefix";

    /// <summary>The log group.</summary>
    public static string Group(LogConfiguration? log) => Find(log, GroupOption) ?? LogStreamInfo.UsualGroup;

    /// <summary>What the names of streams begin with; null if nothing is asked for, and Batch takes the definition's name.</summary>
    public static string? Prefix(LogConfiguration? log) => Find(log, PrefixOption);

    private static string? Find(LogConfiguration? log, string option) =>
        log?.LogDriver is null or LogDriver.Awslogs && log?.Options?.GetValueOrDefault(option) is { Length: > 0 } value ? value : null;
}
