using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>Lines in memory: a ring that lives as long as the engine.</summary>
internal sealed class MemoryLines(long maximumBytes) : ILogLines
{
    // What a line costs beside its text, about.
    private const int CostOfLine = 64;

    private const int FirstLines = 8;

    // Made with the first line: many jobs print nothing.
    private LogEvent[] _ring = [];
    private long _first;
    private long _next;
    private long _bytes;

    /// <inheritdoc/>
    public (long First, long Next) Range => (_first, _next);

    /// <inheritdoc/>
    public void Append(LogEvent line, long cursor)
    {
        if (_next - _first == _ring.Length) Grow();
        _ring[_next % _ring.Length] = line;
        _next++;
        _bytes += Cost(line.Message);
        while (_bytes > maximumBytes && _next - _first > 1) DropFirst();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // Nothing here outlives the process.
    }

    /// <inheritdoc/>
    public void Complete()
    {
        // Nothing is held open.
    }

    /// <inheritdoc/>
    public IReadOnlyList<LogEvent> Read(long from, int most)
    {
        List<LogEvent> lines = [];
        long bytes = 0;
        for (long number = from; number < _next && lines.Count < most && bytes < LogLimits.BytesAtOnce; number++)
        {
            LogEvent line = _ring[number % _ring.Length];
            lines.Add(line);
            bytes += Cost(line.Message);
        }
        return lines;
    }

    /// <inheritdoc/>
    public long ResumeAt(OutputSource source) => 0;

    private void DropFirst()
    {
        ref LogEvent first = ref _ring[_first % _ring.Length];
        _bytes -= Cost(first.Message);
        first = null!;
        _first++;
    }

    private void Grow()
    {
        var larger = new LogEvent[Math.Max(FirstLines, _ring.Length * 2)];
        for (long number = _first; number < _next; number++) larger[number % larger.Length] = _ring[number % _ring.Length];
        _ring = larger;
    }

    private static long Cost(string text) => CostOfLine + (2L * text.Length);
}
