using Refrag.Aws;

namespace Refrag.Submission;

/// <summary>What happened to a submission.</summary>
public abstract record SubmissionEvent
{
    /// <summary>Batch answered with the job.</summary>
    public sealed record Accepted(string JobId, string? JobArn, string JobName) : SubmissionEvent;

    /// <summary>The request surely had no effect.</summary>
    public sealed record TurnedAway(AwsException Failure) : SubmissionEvent;

    /// <summary>The request may have had its effect; the answer is not known.</summary>
    public sealed record AnswerLost(AwsException Failure) : SubmissionEvent;

    /// <summary>A search found the job.</summary>
    public sealed record Found(string JobId, string? JobArn, string JobName) : SubmissionEvent;

    /// <summary>A search went through all jobs of that name and found none with the submission's id.</summary>
    public sealed record NotFound : SubmissionEvent;

    /// <summary>A search failed, and says nothing about the job.</summary>
    public sealed record SearchFailed(AwsException Failure) : SubmissionEvent;

    /// <summary>The user gave up while a request or a search was under way.</summary>
    public sealed record Cancelled : SubmissionEvent;
}
