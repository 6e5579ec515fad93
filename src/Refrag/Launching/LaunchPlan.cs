using Refrag.Aws.Batch;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>The exact requests that a launch sends, made without asking anyone.</summary>
/// <param name="Target">Where the job goes, and why.</param>
/// <param name="Derivation">The definition to derive first; null if the chosen one serves as it is.</param>
/// <param name="Submit">The submission, without its id.</param>
/// <param name="Id">The submission's id.</param>
public sealed record LaunchPlan(Target Target, DefinitionDerivation? Derivation, SubmitJobRequest Submit, SubmissionId Id)
{
    /// <summary>The submission as it is sent: with its id among its tags.</summary>
    public SubmitJobRequest Sent => JobSubmitter.WithId(Submit, Id);
}

/// <summary>Who submits, and under which id.</summary>
/// <param name="User">The user's name, for the tag <c>user</c>.</param>
/// <param name="Id">An id that no other submission has; it finds the job again when an answer is lost.</param>
public sealed record Submitter(string User, SubmissionId Id);
