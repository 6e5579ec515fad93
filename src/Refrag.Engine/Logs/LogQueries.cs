using System.Globalization;
using System.Net;
using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Logs;

/// <summary>The operations of CloudWatch Logs over the embedded engine's streams: GetLogEvents. All streams are in one group.</summary>
internal static class LogQueries
{
    /// <summary>The group that Batch writes to where a definition names no other.</summary>
    public const string Group = "/aws/batch/job";

    private const int MostEvents = 10_000;

    /// <summary>Answers a request, or says why not.</summary>
    public static object Answer(LogStore store, string operation, object request) => request is GetLogEventsRequest get
        ? Get(store, get)
        : throw new LogsException(operation, new AwsError("InvalidOperationException", "It is not supported by the embedded engine yet.", HttpStatusCode.BadRequest));

    // A forward token names the next line to come; asked for again at the end it stays the same, which is how readers know the end. (API GetLogEvents)
    private static GetLogEventsResponse Get(LogStore store, GetLogEventsRequest request)
    {
        LogStream stream = store.Find(request.LogStreamName) ?? throw new LogsException(
            "GetLogEvents", new AwsError(LogsException.ResourceNotFound, "The specified log stream does not exist.", HttpStatusCode.BadRequest));
        int limit = Math.Clamp(request.Limit ?? MostEvents, 1, MostEvents);
        var (kept, next) = stream.Range;
        long from = request.NextToken switch
        {
            ['f', '/', .. var number] => Number(number),
            ['b', '/', .. var number] => Math.Max(kept, Number(number) - limit),
            null => request.StartFromHead == true ? kept : Math.Max(kept, next - limit),
            _ => throw Invalid(request.NextToken),
        };
        if (request.NextToken is ['b', ..]) limit = (int)Math.Min(limit, Number(request.NextToken[2..]) - from);
        IReadOnlyList<LogEvent> events = limit > 0 ? stream.Read(from, limit).Events : [];
        return new GetLogEventsResponse
        {
            Events = [.. events.Select(Event).Where(one => one.Timestamp >= (request.StartTime ?? 0) && one.Timestamp < (request.EndTime ?? long.MaxValue))],
            NextForwardToken = Token('f', events is [.., var last] ? last.Number + 1 : from),
            NextBackwardToken = Token('b', events is [var first, ..] ? first.Number : from),
        };
    }

    private static OutputLogEvent Event(LogEvent line) => new()
    {
        Timestamp = line.Time.ToUnixTimeMilliseconds(),
        IngestionTime = line.Time.ToUnixTimeMilliseconds(),
        Message = line.Message,
    };

    private static string Token(char direction, long number) => string.Create(CultureInfo.InvariantCulture, $"{direction}/{number}");

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Invalid(text);

    private static LogsException Invalid(string token) => new(
        "GetLogEvents", new AwsError("InvalidParameterException", $"The token {token} is not one of this engine's.", HttpStatusCode.BadRequest));
}
