namespace Refrag.Cli.Commands.Jobs;

/// <summary>A line of <c>refrag cancel --json</c> and <c>refrag terminate --json</c>: a job that is being ended.</summary>
internal sealed record EndedJob
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The state in which it was.</summary>
    public required string Was { get; init; }

    /// <summary>What Batch was asked for: <c>cancel</c> or <c>terminate</c>.</summary>
    public required string Done { get; init; }
}

/// <summary>A line of <c>refrag retry --json</c>: a job that was submitted again.</summary>
internal sealed record RepeatedJob
{
    /// <summary>The new job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The new job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The id of the job that it repeats.</summary>
    public required string RetryOf { get; init; }

    /// <summary>The tag by which the submission is found again if its answer is lost.</summary>
    public required string SubmissionId { get; init; }
}

/// <summary>A line of <c>refrag logs --json</c>: a line that the job printed.</summary>
internal sealed record PrintedLine
{
    /// <summary>When it was printed; left out if the log has no times.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The array child's index or the node's number, from 0; left out for other jobs.</summary>
    public int? Part { get; init; }

    /// <summary>The attempt that printed it, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The line, without its end.</summary>
    public required string Text { get; init; }
}
