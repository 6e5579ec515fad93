using Refrag.Submission;

namespace Refrag.Launching;

/// <summary>What a launch came to.</summary>
/// <param name="Outcome">The job, or what is not known of it; never <see cref="SubmissionOutcome.NotSubmitted"/>.</param>
/// <param name="Definition">The definition that was submitted; of a derived one with its revision.</param>
public sealed record Launched(SubmissionOutcome Outcome, string Definition);
