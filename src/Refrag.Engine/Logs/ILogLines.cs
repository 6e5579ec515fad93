using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>
/// Where the lines of one stream are kept: the latest of them, up to a number of bytes. Its stream calls it, one call at a time.
/// </summary>
internal interface ILogLines
{
    /// <summary>The number of the first line that is kept, and of the next that will come.</summary>
    (long First, long Next) Range { get; }

    /// <summary>Takes a line; what is too much is dropped, the oldest first.</summary>
    void Append(LogEvent line, long cursor);

    /// <summary>Makes what was appended outlive this process.</summary>
    void Flush();

    /// <summary>Says that no more will come.</summary>
    void Complete();

    /// <summary>The lines from a kept number on: at most <paramref name="most"/>, and about <see cref="LogLimits.BytesAtOnce"/>.</summary>
    IReadOnlyList<LogEvent> Read(long from, int most);

    /// <summary>The cursor of the last line of a source that would outlive this process; 0 if there is none.</summary>
    long ResumeAt(OutputSource source);
}

/// <summary>Sizes that readers of logs can rely on.</summary>
internal static class LogLimits
{
    /// <summary>
    /// About how much one reading gives, as one answer of CloudWatch Logs does: a reader's memory stays small however long the lines. (API
    /// GetLogEvents: 1 MB)
    /// </summary>
    public const int BytesAtOnce = 1_048_576;
}
