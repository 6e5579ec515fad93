using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.BatchSubmitter;

/// <summary>Registers a revision where one is needed, and submits it exactly once.</summary>
/// <param name="transport">Where to submit.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Gets what happens to the submission; null for none.</param>
public sealed class BatchSubmission(IAwsTransport transport, TimeProvider time, IProgress<SubmissionEvent>? progress = null)
{
    /// <summary>
    /// Submits, or returns why the queue takes no jobs. A revision whose content is already active is used again. Throws
    /// <see cref="AwsException"/> where Batch fails, and then nothing was submitted.
    /// </summary>
    public async Task<Result<Submitted>> RunAsync(SubmitterSettings settings, Submitter submitter, CancellationToken cancellationToken)
    {
        // Before anything is registered: a definition that others share is not changed for a queue that takes no jobs.
        Result<JobQueueDetail> queue =
            await TargetCheck.QueueAsync(transport, settings.Queue, new VariablePlace("JOB_QUEUE", settings.Queue), cancellationToken);
        if (!queue.IsSuccess) return Result<Submitted>.Failure(queue.Problems);
        JobDefinition? active = await TargetCheck.NewestAsync(transport, settings.Definition, cancellationToken);
        if (active is { Status: not JobDefinitionStatus.Active }) active = null;
        DefinitionRevision definition = active is not null && SubmitterPlan.IsUpToDate(settings, active)
            ? new DefinitionRevision(active.JobDefinitionName, active.Revision ?? 1, active.JobDefinitionArn, WasRegistered: false)
            : await DefinitionRegistry.EnsureAsync(transport, SubmitterPlan.Register(settings, active), cancellationToken);
        string revision = $"{definition.Name}:{definition.Revision}";
        SubmissionOutcome outcome = await new JobSubmitter(transport, time, progress: progress)
            .SubmitAsync(SubmitterPlan.Submit(settings, revision, submitter.User), submitter.Id, cancellationToken);
        return outcome is SubmissionOutcome.NotSubmitted refused
            ? throw refused.Failure
            : new Submitted(outcome, settings.Queue, revision, definition.WasRegistered);
    }
}

/// <summary>What a batch submission came to.</summary>
/// <param name="Outcome">The job, or what is not known of it; never <see cref="SubmissionOutcome.NotSubmitted"/>.</param>
/// <param name="Queue">The queue.</param>
/// <param name="Definition">The revision, as <c>name:revision</c>.</param>
/// <param name="IsNewRevision">Whether the revision was registered just now.</param>
public sealed record Submitted(SubmissionOutcome Outcome, string Queue, string Definition, bool IsNewRevision);
