using Refrag.Engine.Runners;

namespace Refrag.Engine.Logs;

/// <summary>
/// The output of one node in one attempt: the latest lines, up to a number of bytes. Writing never waits; a reader that falls behind further
/// than that learns how many lines it missed.
/// </summary>
internal sealed class LogStream(string name, string jobId, int attempt, long maximumBytes, JobFeed feed) : IOutputSink
{
    // What a line costs beside its text, about.
    private const int CostOfLine = 64;

    private readonly Lock _lock = new();
    private LogEvent[] _ring = new LogEvent[64];
    private long _first;
    private long _next;
    private long _bytes;
    private bool _isComplete;

    /// <summary>The stream's name.</summary>
    public string Name => name;

    /// <summary>Whose output it is.</summary>
    public string JobId => jobId;

    /// <summary>The feed of the submission that it belongs to.</summary>
    public JobFeed Feed => feed;

    /// <summary>The number of the first line that is kept, and of the next that will come.</summary>
    public (long First, long Next) Range
    {
        get
        {
            lock (_lock) return (_first, _next);
        }
    }

    /// <inheritdoc/>
    public void Write(OutputLine line)
    {
        lock (_lock)
        {
            if (_next - _first == _ring.Length) Grow();
            _ring[_next % _ring.Length] = new LogEvent
            {
                Time = line.Time,
                Message = line.Text,
                Source = line.Source,
                JobId = jobId,
                Attempt = attempt,
                LogStreamName = name,
                Number = _next,
            };
            _next++;
            _bytes += Cost(line.Text);
            while (_bytes > maximumBytes && _next - _first > 1) DropFirst();
        }
        feed.Tell();
    }

    /// <summary>Says that no more will come.</summary>
    public void Complete()
    {
        lock (_lock) _isComplete = true;
        feed.Tell();
    }

    /// <summary>The events from a number on, at most so many; the first tells what was missed before it. Also whether more can come.</summary>
    public (IReadOnlyList<LogEvent> Events, bool IsAtEnd) Read(long from, int most)
    {
        lock (_lock)
        {
            long start = Math.Max(from, _first);
            int count = (int)Math.Clamp(_next - start, 0, most);
            var events = new LogEvent[count];
            for (int i = 0; i < count; i++) events[i] = _ring[(start + i) % _ring.Length];
            if (count > 0 && start > from) events[0] = events[0] with { Missed = start - from };
            return (events, _isComplete && start + count == _next);
        }
    }

    private void DropFirst()
    {
        ref LogEvent first = ref _ring[_first % _ring.Length];
        _bytes -= Cost(first.Message);
        first = null!;
        _first++;
    }

    private void Grow()
    {
        var larger = new LogEvent[_ring.Length * 2];
        for (long number = _first; number < _next; number++) larger[number % larger.Length] = _ring[number % _ring.Length];
        _ring = larger;
    }

    private static long Cost(string text) => CostOfLine + (2L * text.Length);
}
