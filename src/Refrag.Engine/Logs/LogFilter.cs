using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Logs;

/// <summary>FilterLogEvents: many streams merged by time, with a pattern.</summary>
internal static class LogFilter
{
    private const string Name = "FilterLogEvents";

    // An answer comes after this number of lines, with or without a find; the next page continues from the token. AWS may answer so
    // too. (API FilterLogEvents)
    private const int MostLooks = 200_000;
    private const int AtOnce = 256;
    private const int BytesOfName = 8;

    public static FilterLogEventsResponse Filter(LogStore store, FilterLogEventsRequest request)
    {
        string group = LogQueries.GroupOf(store, request.LogGroupName, request.LogGroupIdentifier);
        LogQueries.DemandGroup(store, Name, group);
        if (request is { LogStreamNames.Count: > 0, LogStreamNamePrefix: not null })
            throw LogQueries.Invalid(Name, "logStreamNames and logStreamNamePrefix exclude each other.");
        FilterPattern pattern = FilterPattern.Parse(request.FilterPattern)
            ?? throw LogQueries.Invalid(
            Name, "This filter pattern is not understood here: terms, ?terms, -terms, \"phrases\" and %expressions% are.");
        Place? after = request.NextToken is { } token ? Place.Parse(token) : null;
        var start = LogTime.Of(request.StartTime ?? 0);
        if (after is { } place && place.Time > start) start = place.Time;
        return Page(Merge(store, Streams(store, request, group), start), request, pattern, after);
    }

    private static FilterLogEventsResponse Page(
        IEnumerable<LogEvent> lines, FilterLogEventsRequest request, FilterPattern pattern, Place? after)
    {
        int limit = Math.Clamp(request.Limit ?? LogQueries.MostEvents, 1, LogQueries.MostEvents);
        List<FilteredLogEvent> found = [];
        long bytes = 0;
        int looks = 0;
        Place? last = null;
        foreach (LogEvent line in lines)
        {
            Place here = new(line.Time, line.LogStreamName, line.Number);
            if (after is { } before && Place.Order(here, before) <= 0) continue;
            if (line.Time.ToUnixTimeMilliseconds() >= (request.EndTime ?? long.MaxValue)) break;
            if (found.Count == limit || bytes >= LogLimits.BytesAtOnce || looks++ == MostLooks)
                return new FilterLogEventsResponse { Events = found, SearchedLogStreams = [], NextToken = last?.ToString() };
            last = here;
            if (!pattern.Matches(line.Message)) continue;
            found.Add(Event(line));
            bytes += line.Message.Length;
        }
        return new FilterLogEventsResponse { Events = found, SearchedLogStreams = [] };
    }

    private static IEnumerable<LogStreamInfo> Streams(LogStore store, FilterLogEventsRequest request, string group)
    {
        if (request.LogStreamNames is not { Count: > 0 } names)
            return store.List(request.LogStreamNamePrefix ?? "").Where(info => info.Group == group).DistinctBy(info => info.Name);
        return names.Distinct()
            .Select(name => store.Find(name) is { } stream && stream.Info.Group == group
            ? stream.Info
            : throw LogQueries.NotFound(Name, "log stream"));
    }

    // One line of each stream waits; the earliest goes out and its stream's next takes its place. A stream is opened only when the others
    // have come as far as its first line: a short answer opens few of many streams.
    private static IEnumerable<LogEvent> Merge(LogStore store, IEnumerable<LogStreamInfo> streams, DateTimeOffset start)
    {
        var ahead = new Queue<(string Name, DateTimeOffset First)>(streams
            .Select(info => (info.Name, Times: store.Times(info)))
            .Where(stream => stream.Times?.Last >= start)
            .Select(stream => (stream.Name, stream.Times!.First))
            .OrderBy(stream => stream.First));
        var waiting = new PriorityQueue<(Queue<LogEvent> Lines, LogCursor Cursor), Place>(Comparer<Place>.Create(Place.Order));
        while (true)
        {
            while (ahead.TryPeek(out var stream) && (!waiting.TryPeek(out _, out Place? earliest) || stream.First <= earliest.Time))
            {
                ahead.Dequeue();
                if (store.Find(stream.Name) is { } opened) Wait(waiting, [], new LogCursor(opened, opened.FirstAt(start)));
            }
            if (!waiting.TryDequeue(out var next, out _)) yield break;
            yield return next.Lines.Dequeue();
            Wait(waiting, next.Lines, next.Cursor);
        }
    }

    private static void Wait(
        PriorityQueue<(Queue<LogEvent> Lines, LogCursor Cursor), Place> waiting, Queue<LogEvent> lines, LogCursor cursor)
    {
        if (lines.Count == 0)
        {
            foreach (LogEvent line in cursor.Read(AtOnce)) lines.Enqueue(line);
        }
        if (lines.TryPeek(out LogEvent? first)) waiting.Enqueue((lines, cursor), new Place(first.Time, first.LogStreamName, first.Number));
    }

    private static FilteredLogEvent Event(LogEvent line) => new()
    {
        LogStreamName = line.LogStreamName,
        Timestamp = line.Time.ToUnixTimeMilliseconds(),
        IngestionTime = line.Time.ToUnixTimeMilliseconds(),
        Message = line.Message,
        EventId = string.Create(CultureInfo.InvariantCulture, $"{line.Time.UtcTicks:D20}{line.Number:D19}{Digest(line.LogStreamName)}"),
    };

    private static string Digest(string stream) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stream)).AsSpan(0, BytesOfName));

    /// <summary>Where an event stands among all: by time, then by stream, then by number. It is also the token.</summary>
    private sealed record Place(DateTimeOffset Time, string Stream, long Number)
    {
        public static int Order(Place one, Place other)
        {
            int order = one.Time.CompareTo(other.Time);
            if (order == 0) order = string.CompareOrdinal(one.Stream, other.Stream);
            return order != 0 ? order : one.Number.CompareTo(other.Number);
        }

        public override string ToString() =>
            Base64Url.EncodeToString(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Time.UtcTicks}/{Number}/{Stream}")));

        public static Place Parse(string token)
        {
            byte[] bytes = new byte[token.Length];
            if (Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out int length)
                && Encoding.UTF8.GetString(bytes.AsSpan(0, length)).Split('/', 3) is [var ticks, var number, var stream]
                && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out long time)
                && time <= DateTimeOffset.MaxValue.UtcTicks
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long at))
                return new Place(new DateTimeOffset(time, TimeSpan.Zero), stream, at);
            throw LogQueries.BadToken(Name, token);
        }
    }
}
