using System.Net;
using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Logs;

/// <summary>What the operations of CloudWatch Logs share: the group that is meant, and refusals.</summary>
internal static class LogQueries
{
    /// <summary>The group that Batch writes to where a definition names no other.</summary>
    public const string Group = LogStreamInfo.UsualGroup;

    /// <summary>The most events in one answer. (API GetLogEvents, FilterLogEvents)</summary>
    public const int MostEvents = 10_000;

    private const string GroupArnMark = ":log-group:";

    /// <summary>
    /// The group that a request names, by name or by ARN; the usual one where it names none, which AWS would refuse. An ARN of another
    /// region names no group here.
    /// </summary>
    public static string GroupOf(LogStore store, string? name, string? identifier)
    {
        string group = name ?? identifier ?? Group;
        if (!store.Arns.MayName(group)) return group;
        int at = group.IndexOf(GroupArnMark, StringComparison.Ordinal);
        if (at >= 0) group = group[(at + GroupArnMark.Length)..];
        return group.EndsWith(":*", StringComparison.Ordinal) ? group[..^2] : group;
    }

    /// <summary>What is answered to a request that is wrong.</summary>
    public static LogsException Invalid(string operation, string message) =>
        new(operation, new AwsError("InvalidParameterException", message, HttpStatusCode.BadRequest));

    /// <summary>What is answered if there is no such group or stream.</summary>
    public static LogsException NotFound(string operation, string what) =>
        new(operation, new AwsError(LogsException.ResourceNotFound, $"The specified {what} does not exist.", HttpStatusCode.BadRequest));

    /// <summary>What is answered to a token that did not come from here.</summary>
    public static LogsException BadToken(string operation, string token) =>
        Invalid(operation, $"The token {token} is not one of this engine's.");

    /// <summary>Whether there is a group: the usual one always, others if a caller made them or a job has printed to them.</summary>
    public static bool HasGroup(LogStore store, string group) =>
        group == Group || store.Groups.Find(group) is not null || store.List().Any(info => info.Group == group);

    /// <summary>Throws if there is no such group.</summary>
    public static void DemandGroup(LogStore store, string operation, string group)
    {
        if (!HasGroup(store, group)) throw NotFound(operation, "log group");
    }
}
