namespace Refrag.Dashboard.Details;

/// <summary>Lines of a job's log, as they came.</summary>
internal sealed record LogPart
{
    /// <summary>The lines, oldest first.</summary>
    public required IReadOnlyList<LogRow> Lines { get; init; }

    /// <summary>Whether more may come.</summary>
    public required bool More { get; init; }

    /// <summary>Why no line was read so far; null if any was.</summary>
    public string? Absence { get; init; }
}

/// <summary>A line.</summary>
/// <param name="At">When it was written, in milliseconds since 1970; null if the log has no times.</param>
/// <param name="Part">The child or node; null for other jobs.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Text">The line, without its end.</param>
internal sealed record LogRow(long? At, int? Part, int Attempt, string Text);
