using Refrag.Submission;

namespace Refrag.Launching;

/// <summary>What a launch came to.</summary>
/// <param name="Outcome">The job, or what is not known of it; never <see cref="SubmissionOutcome.NotSubmitted"/>.</param>
/// <param name="DerivedDefinition">The ARN of the derived definition; null where none was needed.</param>
public sealed record Launched(SubmissionOutcome Outcome, string? DerivedDefinition);
