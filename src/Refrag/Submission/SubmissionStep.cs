namespace Refrag.Submission;

/// <summary>What to do next.</summary>
internal abstract record SubmissionStep
{
    /// <summary>Send the request.</summary>
    public sealed record Send : SubmissionStep;

    /// <summary>Wait, then look for the job.</summary>
    public sealed record Search(TimeSpan Wait) : SubmissionStep;

    /// <summary>It is over.</summary>
    public sealed record End(SubmissionOutcome Outcome) : SubmissionStep;
}
