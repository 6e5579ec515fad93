using Refrag.Aws;

namespace Refrag.Submission;

/// <summary>How a submission ended: <see cref="Submitted"/>, <see cref="NotSubmitted"/> or <see cref="Unknown"/>.</summary>
public abstract record SubmissionOutcome
{
    private protected SubmissionOutcome() { }

    /// <summary>There is exactly one job.</summary>
    /// <param name="JobId">Its id.</param>
    /// <param name="JobArn">Its ARN; null if the service did not report it.</param>
    /// <param name="JobName">Its name.</param>
    /// <param name="WasFound">Whether the answer was lost and the job was then found by its submission id.</param>
    public sealed record Submitted(string JobId, string? JobArn, string JobName, bool WasFound) : SubmissionOutcome;

    /// <summary>There is no job: the request was refused, or never arrived.</summary>
    /// <param name="Failure">Why; its <see cref="AwsException.Problem"/> is for the user.</param>
    public sealed record NotSubmitted(AwsException Failure) : SubmissionOutcome;

    /// <summary>There may be a job or not, and it could not be found out.</summary>
    /// <param name="Problem">Says what is not known and how to look.</param>
    public sealed record Unknown(Problem Problem) : SubmissionOutcome;
}
