using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.JobLogs;

/// <summary>What reading some streams came to.</summary>
/// <param name="Lines">How many lines were new.</param>
/// <param name="Missing">Streams that do not exist, not yet or at all.</param>
/// <param name="Interrupted">Streams that were not read to their end, for a reason that passes by itself.</param>
public sealed record LogReading(int Lines, IReadOnlyList<JobStream> Missing, IReadOnlySet<JobStream> Interrupted);

/// <summary>
/// Reads log streams from where it stopped the last time, so that nothing is lost or doubled however often it is asked. Lines of several
/// streams come in the order of their times, those of one stream in the order of the stream.
/// </summary>
/// <param name="logs">Where the streams are.</param>
/// <param name="since">Leaves out lines before this time; null for all.</param>
public sealed class LogTail(IAwsTransport logs, DateTimeOffset? since = null)
{
    private readonly Dictionary<JobStream, string?> _positions = [];

    /// <summary>
    /// Hands on every line that is new. A stream that meets throttling or a lost connection is left for the next reading, which continues
    /// there; what does not pass by itself, as a missing permission, is thrown as <see cref="AwsException"/>.
    /// </summary>
    public async Task<LogReading> ReadAsync(IReadOnlyList<JobStream> streams, Action<LogLine> line, CancellationToken cancellationToken)
    {
        List<JobStream> missing = [];
        PriorityQueue<StreamPages, (long, int)> heads = new();
        int lines = 0;
        HashSet<JobStream> interrupted = [];
        // One stream that is throttled does not starve those behind it.
        for (int i = 0; i < streams.Count; i++) await AdvanceAsync(
            new StreamPages(this, streams[i], i), heads, missing, interrupted, cancellationToken);
        // Each stream's next line is the head of its page: at most one page of each is held.
        while (heads.TryDequeue(out StreamPages? next, out _))
        {
            line(next.Read());
            lines++;
            if (next.HasLine) heads.Enqueue(next, next.Order);
            else await AdvanceAsync(next, heads, missing, interrupted, cancellationToken);
        }
        return new LogReading(lines, missing, interrupted);
    }

    private static async Task AdvanceAsync(
        StreamPages pages, PriorityQueue<StreamPages, (long, int)> heads, List<JobStream> missing, HashSet<JobStream> interrupted,
        CancellationToken cancellationToken)
    {
        try
        {
            if (await pages.NextAsync(cancellationToken)) heads.Enqueue(pages, pages.Order);
        }
        catch (LogsException failure) when (failure.ErrorCode == LogsException.ResourceNotFound)
        {
            // The stream comes into being with its first line.
            missing.Add(pages.Stream);
        }
        catch (AwsException failure) when (failure.MayPass)
        {
            interrupted.Add(pages.Stream);
        }
    }

    /// <summary>One stream: its page, and how to get the next.</summary>
    private sealed class StreamPages(LogTail tail, JobStream stream, int index)
    {
        private IReadOnlyList<OutputLogEvent> _events = [];
        private int _next;
        private bool _ended;

        public JobStream Stream => stream;

        public bool HasLine => _next < _events.Count;

        public (long, int) Order => (_events[_next].Timestamp ?? 0, index);

        public LogLine Read()
        {
            OutputLogEvent found = _events[_next++];
            return new LogLine(stream, found.Timestamp is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, found.Message ?? "");
        }

        public async Task<bool> NextAsync(CancellationToken cancellationToken)
        {
            while (!_ended)
            {
                string? position = tail._positions.GetValueOrDefault(stream);
                GetLogEventsResponse page = await tail.PageAsync(stream, position, cancellationToken);
                (_events, _next) = (page.Events ?? [], 0);
                tail._positions[stream] = page.NextForwardToken ?? position;
                // The end of a stream answers with the token that was sent; a page may be empty before that. (CloudWatch Logs API,
                // GetLogEvents)
                _ended = page.NextForwardToken is null || page.NextForwardToken == position;
                if (HasLine) return true;
            }
            return false;
        }
    }

    private Task<GetLogEventsResponse> PageAsync(JobStream stream, string? position, CancellationToken cancellationToken) => logs.SendAsync(
        LogsOperations.GetLogEvents,
        new GetLogEventsRequest
        {
            LogGroupName = stream.Group,
            LogStreamName = stream.Name,
            StartFromHead = true,
            StartTime = since?.ToUnixTimeMilliseconds(),
            NextToken = position,
        },
        cancellationToken);
}
