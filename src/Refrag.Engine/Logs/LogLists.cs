using System.Globalization;
using Refrag.Aws.Logs;
using Refrag.Engine.Names;
using Stream = Refrag.Aws.Logs.LogStream;

namespace Refrag.Engine.Logs;

/// <summary>DescribeLogStreams and DescribeLogGroups.</summary>
internal static class LogLists
{
    private const int MostAtOnce = 50;
    private const string StreamsName = "DescribeLogStreams";
    private const string GroupsName = "DescribeLogGroups";

    /// <summary>A page of streams; the token is the last one's place.</summary>
    public static DescribeLogStreamsResponse Streams(LogStore store, DescribeLogStreamsRequest request)
    {
        string group = LogQueries.GroupOf(store, request.LogGroupName, request.LogGroupIdentifier);
        LogQueries.DemandGroup(store, StreamsName, group);
        bool byTime = request.OrderBy == OrderBy.LastEventTime;
        if (byTime && request.LogStreamNamePrefix is not null)
            throw LogQueries.Invalid(StreamsName, "Cannot order by LastEventTime with a logStreamNamePrefix.");
        int limit = Math.Clamp(request.Limit ?? MostAtOnce, 1, MostAtOnce);
        IEnumerable<string> keys = store.List(request.LogStreamNamePrefix ?? "")
            .Where(info => info.Group == group).Select(info => Key(store, info, byTime)).Distinct();
        if (request.NextToken is { } token) keys = keys.Where(key => Order(key, token, request.Descending) > 0);
        IEnumerable<string> ordered = request.Descending == true
            ? keys.OrderDescending(StringComparer.Ordinal)
            : keys.Order(StringComparer.Ordinal);
        List<string> page = [.. ordered.Take(limit + 1)];
        bool more = page.Count > limit;
        if (more) page.RemoveAt(limit);
        return new DescribeLogStreamsResponse
        {
            LogStreams =
                [.. page.Select(key => store.Find(NameIn(key, byTime))).OfType<LogStream>().Select(one => Describe(one, store.Arns))],
            NextToken = more ? page[^1] : null,
        };
    }

    /// <summary>
    /// The groups: the usual one, those that jobs print to, and those that callers made. What the engine keeps of usage is no group of
    /// theirs, and AWS has none: it is listed only where a prefix names it.
    /// </summary>
    public static DescribeLogGroupsResponse Groups(LogStore store, DescribeLogGroupsRequest request)
    {
        if (request is { LogGroupNamePrefix: not null, LogGroupNamePattern: not null })
            throw LogQueries.Invalid(GroupsName, "logGroupNamePrefix and logGroupNamePattern exclude each other.");
        int limit = Math.Clamp(request.Limit ?? MostAtOnce, 1, MostAtOnce);
        List<string> names = [.. store.List().Select(info => info.Group).Concat(store.Groups.List().Select(group => group.Name))
            .Append(LogQueries.Group).Distinct()
            .Where(name => name.StartsWith(request.LogGroupNamePrefix ?? "", StringComparison.Ordinal))
            .Where(name => name != UsageLine.Group || request.LogGroupNamePrefix is { Length: > 1 })
            .Where(name => name.Contains(request.LogGroupNamePattern ?? "", StringComparison.OrdinalIgnoreCase))
            .Where(name => string.CompareOrdinal(name, request.NextToken) > 0)
            .Order(StringComparer.Ordinal).Take(limit + 1)];
        bool more = names.Count > limit;
        if (more) names.RemoveAt(limit);
        return new DescribeLogGroupsResponse
        {
            LogGroups = [.. names.Select(name => Describe(name, store.Groups.Find(name), store.Arns))],
            NextToken = more ? names[^1] : null,
        };
    }

    private static int Order(string key, string token, bool? descending) =>
        descending == true ? string.CompareOrdinal(token, key) : string.CompareOrdinal(key, token);

    private static string Key(LogStore store, LogStreamInfo info, bool byTime)
    {
        if (!byTime) return info.Name;
        return string.Create(CultureInfo.InvariantCulture, $"{store.Times(info)?.Last.ToUnixTimeMilliseconds() ?? 0:D16}/{info.Name}");
    }

    private static string NameIn(string key, bool byTime) => byTime ? key[(key.IndexOf('/') + 1)..] : key;

    private static (long? First, long? Last) Times(LogStream stream)
    {
        var (first, next) = stream.Range;
        return stream.Read(first, 1).Events is [var earliest] && stream.Read(next - 1, 1).Events is [var latest]
            ? (earliest.Time.ToUnixTimeMilliseconds(), latest.Time.ToUnixTimeMilliseconds())
            : (null, null);
    }

    private static Stream Describe(LogStream stream, LocalArns arns)
    {
        var (first, last) = Times(stream);
        return new Stream
        {
            LogStreamName = stream.Name,
            CreationTime = stream.Info.CreatedAt.ToUnixTimeMilliseconds(),
            FirstEventTimestamp = first,
            LastEventTimestamp = last,
            LastIngestionTime = last,
            Arn = $"{arns.LogGroup(stream.Info.Group)}:log-stream:{stream.Name}",
            StoredBytes = 0,
        };
    }

    private static LogGroup Describe(string name, LogGroupInfo? made, LocalArns arns) => new()
    {
        LogGroupName = name,
        CreationTime = made?.CreatedAt.ToUnixTimeMilliseconds() ?? 0,
        RetentionInDays = made?.RetentionInDays,
        MetricFilterCount = 0,
        Arn = arns.LogGroup(name) + ":*",
        LogGroupArn = arns.LogGroup(name),
        LogGroupClass = LogGroupClass.Standard,
        StoredBytes = 0,
    };
}
