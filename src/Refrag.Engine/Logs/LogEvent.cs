using Refrag.Engine.Options;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>One line that a job printed.</summary>
public sealed record LogEvent
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The line, without its line break; at most 262,118 bytes of UTF-8, a longer line comes as several events.</summary>
    public required string Message { get; init; }

    /// <summary>Whether it came from standard output or standard error.</summary>
    public required OutputSource Source { get; init; }

    /// <summary>The job, array child (<c>id:3</c>) or node (<c>id#1</c>) that printed it.</summary>
    public required string JobId { get; init; }

    /// <summary>The attempt that printed it, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The log stream: one for each attempt and node.</summary>
    public required string LogStreamName { get; init; }

    /// <summary>Its number in the stream, from 0.</summary>
    public required long Number { get; init; }

    /// <summary>
    /// How many lines just before this one the reader missed, because it fell further behind than the engine keeps
    /// (<see cref="LocalBatchOptions.LogBytesPerStream"/>). 0 almost always.
    /// </summary>
    public long Missed { get; init; }
}
