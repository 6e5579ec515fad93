namespace Refrag.Engine.Logs;

/// <summary>Where a reader stands in a stream.</summary>
internal sealed class LogCursor(LogStream stream, long next = 0)
{
    private long _next = next;

    /// <summary>Whether everything was taken and nothing more can come.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The next lines that are there.</summary>
    public IReadOnlyList<LogEvent> Read(int most)
    {
        var (events, isAtEnd) = stream.Read(_next, most);
        IsAtEnd = isAtEnd;
        if (events is [.., var last]) _next = last.Number + 1;
        return events;
    }
}
