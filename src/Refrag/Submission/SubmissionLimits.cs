namespace Refrag.Submission;

/// <summary>How long a lost submission is looked for.</summary>
public sealed record SubmissionLimits
{
    /// <summary>
    /// How long after the loss a job may still appear in ListJobs; 30 seconds by default. Batch does not document it; this is many times
    /// what was seen. A job that is not listed by then counts as never submitted, and the request is sent once more.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first look; it doubles from look to look. One second by default.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most requests of one submission: the first, and one more once the first is known not to have arrived.</summary>
    internal const int Requests = 2;
}
