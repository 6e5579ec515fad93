using Refrag.Aws.Batch;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>The exact requests that a launch sends, made without asking anyone.</summary>
/// <param name="Target">Where the job goes, and why.</param>
/// <param name="Derivation">The definition to derive first; null where the chosen one serves as it is.</param>
/// <param name="Submit">The submission, as it is sent.</param>
public sealed record LaunchPlan(Target Target, DefinitionDerivation? Derivation, SubmitJobRequest Submit);

/// <summary>Who submits, and under which id.</summary>
/// <param name="User">The user's name, for the tag <c>user</c>.</param>
/// <param name="SubmissionId">An id that no other submission has; it finds the job again when an answer is lost.</param>
public sealed record Submitter(string User, string SubmissionId);
