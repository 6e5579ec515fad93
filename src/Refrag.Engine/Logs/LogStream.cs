using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>
/// The output of one node in one attempt: the latest lines, up to a number of bytes. Writing never waits; a reader that falls behind
/// further than that learns how many lines it missed.
/// </summary>
internal sealed class LogStream(LogStreamInfo info, ILogLines lines, JobFeed feed) : IOutputSink
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _firstTime = TimeOf(lines, lines.Range.First);
    private DateTimeOffset? _lastTime = TimeOf(lines, lines.Range.Next - 1);
    private bool _isComplete;
    private LogStream? _usage;

    /// <summary>A stream that is kept in memory.</summary>
    public LogStream(string name, string jobId, int attempt, long maximumBytes, JobFeed feed)
        : this(new LogStreamInfo(name, jobId, attempt, DateTimeOffset.UnixEpoch), new MemoryLines(maximumBytes), feed)
    {
    }

    /// <summary>What it is called and whose it is.</summary>
    public LogStreamInfo Info => info;

    /// <summary>Opens the stream for what the attempt uses; null if that is not kept.</summary>
    public Func<LogStream>? OpenUsage { get; init; }

    /// <summary>The stream's name.</summary>
    public string Name => info.Name;

    /// <summary>Whose output it is.</summary>
    public string JobId => info.JobId;

    /// <summary>The feed of the submission that it belongs to.</summary>
    public JobFeed Feed => feed;

    /// <summary>Whether no more can come.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock) return _isComplete;
        }
    }

    /// <summary>The number of the first line that is kept, and of the next that will come.</summary>
    public (long First, long Next) Range
    {
        get
        {
            lock (_lock) return lines.Range;
        }
    }

    /// <summary>When its lines were printed, including lines no longer kept; null if it has none.</summary>
    public LogTimes? Times
    {
        get
        {
            lock (_lock) return _firstTime is { } first && _lastTime is { } last ? new LogTimes(first, last) : null;
        }
    }

    /// <inheritdoc/>
    public void Write(OutputLine line)
    {
        lock (_lock)
        {
            // Readers find a time by halving; a clock that was set back must not break that.
            DateTimeOffset at = _lastTime > line.Time ? _lastTime.Value : line.Time;
            _firstTime ??= at;
            _lastTime = at;
            lines.Append(Event(line, at), line.Cursor);
        }
        feed.RaiseChange();
    }

    /// <inheritdoc/>
    public void Report(AttemptUsage usage)
    {
        // It comes into being with the first report: most jobs are too short for one.
        if ((_usage ??= OpenUsage?.Invoke()) is not { } stream) return;
        stream.Write(new OutputLine(TimeProvider.System.GetUtcNow(), OutputSource.Out, UsageLine.Format(usage)));
        stream.Flush();
        if (usage.IsFinal) stream.Complete();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_lock) lines.Flush();
    }

    /// <inheritdoc/>
    public long ResumeAt(OutputSource source)
    {
        lock (_lock) return lines.ResumeAt(source);
    }

    /// <summary>Says that no more will come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            lines.Complete();
        }
        feed.RaiseChange();
    }

    /// <summary>
    /// The events from a number on, at most <paramref name="most"/>; the first says what was missed before it. Also whether more can come.
    /// </summary>
    public (IReadOnlyList<LogEvent> Events, bool IsAtEnd) Read(long from, int most)
    {
        lock (_lock)
        {
            long start = Math.Max(from, lines.Range.First);
            IReadOnlyList<LogEvent> events = most > 0 && start < lines.Range.Next ? lines.Read(start, most) : [];
            if (events.Count > 0 && start > from) events = [events[0] with { Missed = start - from }, .. events.Skip(1)];
            // Lines that ought to be there and are not have been deleted meanwhile: nothing more will come.
            bool isGone = most > 0 && events.Count == 0;
            return (events, _isComplete && (isGone || start + events.Count >= lines.Range.Next));
        }
    }

    /// <summary>The number of the first kept line that is not before a time; the next number to come if there is none.</summary>
    public long FirstAt(DateTimeOffset time)
    {
        lock (_lock)
        {
            var (low, high) = lines.Range;
            while (low < high)
            {
                long middle = low + ((high - low) / 2);
                if (lines.Read(middle, 1) is [var line] && line.Time < time) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }

    private static DateTimeOffset? TimeOf(ILogLines lines, long number) =>
        lines.Range is var (first, next) && next > first && lines.Read(number, 1) is [var line] ? line.Time : null;

    private LogEvent Event(OutputLine line, DateTimeOffset time) => new()
    {
        Time = time,
        Message = line.Text,
        Source = line.Source,
        JobId = info.JobId,
        Attempt = info.Attempt,
        LogStreamName = info.Name,
        Number = lines.Range.Next,
    };
}
