using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>
/// Lines in memory, where they are read, and a copy of them in files for readers of other processes. The numbers of the lines are the same
/// in both.
/// </summary>
internal sealed class MirroredLines(MemoryLines memory, FileLines files) : ILogLines
{
    /// <inheritdoc/>
    public (long First, long Next) Range => memory.Range;

    /// <inheritdoc/>
    public void Append(LogEvent line, long cursor)
    {
        memory.Append(line, cursor);
        files.Append(line, cursor);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        memory.Flush();
        files.Flush();
    }

    /// <inheritdoc/>
    public void Complete()
    {
        memory.Complete();
        files.Complete();
    }

    /// <inheritdoc/>
    public IReadOnlyList<LogEvent> Read(long from, int most) => memory.Read(from, most);

    /// <inheritdoc/>
    public long ResumeAt(OutputSource source) => memory.ResumeAt(source);
}
