using System.Globalization;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Logs;

/// <summary>GetLogEvents: one stream, forwards and backwards.</summary>
internal static class LogPages
{
    private const string Name = "GetLogEvents";

    // A forward token names the next line to come; asked for again at the end it stays the same, which is how readers know the end. (API
    // GetLogEvents)
    public static GetLogEventsResponse Get(LogStore store, GetLogEventsRequest request)
    {
        LogStream stream = Find(store, request);
        int limit = Math.Clamp(request.Limit ?? LogQueries.MostEvents, 1, LogQueries.MostEvents);
        var (first, next) = Window(stream, request.StartTime, request.EndTime);
        long from = request.NextToken switch
        {
            ['f', '/', .. var number] => Number(number),
            ['b', '/', .. var number] => Math.Max(first, Number(number) - limit),
            null => request.StartFromHead == true ? first : Math.Max(first, next - limit),
            _ => throw LogQueries.BadToken(Name, request.NextToken),
        };
        from = Math.Max(from, first);
        long end = request.NextToken is ['b', '/', ..] ? Math.Min(next, Number(request.NextToken[2..])) : next;
        bool backwards = request.NextToken is ['b', '/', ..] || (request.NextToken is null && request.StartFromHead != true);
        IReadOnlyList<LogEvent> events = backwards
            ? Before(stream, from, end)
            : stream.Read(from, (int)Math.Clamp(end - from, 0, limit)).Events;
        return new GetLogEventsResponse
        {
            Events = [.. events.Select(Event)],
            NextForwardToken = Token('f', events is [.., var last] ? last.Number + 1 : Math.Max(from, first)),
            NextBackwardToken = Token('b', events is [var earliest, ..] ? earliest.Number : from),
        };
    }

    // What one answer holds is bounded by bytes too; of what is too much the latest are wanted.
    private static List<LogEvent> Before(LogStream stream, long from, long end)
    {
        List<LogEvent> events = [];
        long bytes = 0;
        while (from < end)
        {
            IReadOnlyList<LogEvent> part = stream.Read(from, (int)Math.Min(end - from, int.MaxValue)).Events;
            if (part is not [.., var last]) break;
            events.AddRange(part);
            from = last.Number + 1;
        }
        int kept = events.Count;
        while (kept > 0 && (kept == events.Count || bytes < LogLimits.BytesAtOnce)) bytes += events[--kept].Message.Length;
        return events[kept..];
    }

    private static LogStream Find(LogStore store, GetLogEventsRequest request)
    {
        string group = LogQueries.GroupOf(store, request.LogGroupName, request.LogGroupIdentifier);
        if (store.Find(request.LogStreamName) is { } stream && stream.Info.Group == group) return stream;
        LogQueries.DemandGroup(store, Name, group);
        throw LogQueries.NotFound(Name, "log stream");
    }

    private static (long First, long Next) Window(LogStream stream, long? start, long? end)
    {
        var (first, next) = stream.Range;
        if (start is { } from) first = stream.FirstAt(LogTime.Of(from));
        if (end is { } to) next = stream.FirstAt(LogTime.Of(to));
        return (first, Math.Max(first, next));
    }

    private static OutputLogEvent Event(LogEvent line) => new()
    {
        Timestamp = line.Time.ToUnixTimeMilliseconds(),
        IngestionTime = line.Time.ToUnixTimeMilliseconds(),
        Message = line.Message,
    };

    private static string Token(char direction, long number) => string.Create(CultureInfo.InvariantCulture, $"{direction}/{number}");

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw LogQueries.BadToken(Name, text);
}

/// <summary>Times as CloudWatch Logs writes them.</summary>
internal static class LogTime
{
    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time of a number of milliseconds since 1970; the earliest and the latest there are, where it is beyond them.</summary>
    public static DateTimeOffset Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, s_latest));
}
