using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Submission;

/// <summary>
/// Submits a job exactly once, or says that it does not know. <see cref="SubmissionRules"/> decides; this sends, looks and waits.
/// </summary>
/// <param name="transport">Carries the requests.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How long to look for a job whose answer was lost; null for the defaults.</param>
/// <param name="progress">Gets each event as it happens, for users who would otherwise see nothing; null for none.</param>
public sealed class JobSubmitter(
    IAwsTransport transport, TimeProvider time, SubmissionLimits? limits = null, IProgress<SubmissionEvent>? progress = null)
{
    private readonly SubmissionLimits _limits = limits ?? new SubmissionLimits();
    private readonly JobSearch _search = new(transport);

    /// <summary>The region that the requests go to, for who must look there himself; null if it is not known.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the requests go to a Slurm cluster, for the same purpose.</summary>
    public bool IsOfCluster { get; init; }

    /// <summary>The request as it is sent: with the submission's id among its tags. <c>--dry-run</c> prints this.</summary>
    public static SubmitJobRequest WithId(SubmitJobRequest request, SubmissionId id) =>
        request with
        {
            Tags = new Dictionary<string, string>(request.Tags ?? new Dictionary<string, string>()) { [SubmissionId.Tag] = id.Value },
        };

    /// <summary>
    /// Submits. Failures are outcomes, not exceptions; cancelling before anything was sent throws <see cref="OperationCanceledException"/>,
    /// and later gives <see cref="SubmissionOutcome.Unknown"/>.
    /// </summary>
    /// <param name="request">The request; the submission's id is added to its tags.</param>
    /// <param name="id">The submission's id, fresh for each job that is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SubmissionOutcome> SubmitAsync(SubmitJobRequest request, SubmissionId id, CancellationToken cancellationToken) =>
        SubmitAsync(request, id, sentAt: null, cancellationToken);

    /// <summary>The same for a request that another process may have sent before it ended: it is looked for first.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The id under which it was perhaps sent.</param>
    /// <param name="sentAt">When; null if it surely was not sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SubmissionOutcome> SubmitAsync(
        SubmitJobRequest request, SubmissionId id, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        request = WithId(request, id);
        var rules = new SubmissionRules(request, id, _limits, Region, IsOfCluster);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset began = sentAt ?? now;
        (SubmissionState state, SubmissionStep step) = sentAt is null ? SubmissionRules.Start() : rules.Resume(now - began);
        while (step is not SubmissionStep.End)
        {
            SubmissionEvent happened = await DoAsync(step, request, id, began, cancellationToken);
            progress?.Report(happened);
            (state, step) = rules.After(state, happened);
        }
        return ((SubmissionStep.End)step).Outcome;
    }

    private async Task<SubmissionEvent> DoAsync(
        SubmissionStep step, SubmitJobRequest request, SubmissionId id, DateTimeOffset began, CancellationToken cancellationToken)
    {
        try
        {
            if (step is not SubmissionStep.Search look) return await SendAsync(request, cancellationToken);
            await Task.Delay(look.Wait, time, cancellationToken);
            return await FindAsync(request, id, began, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new SubmissionEvent.Cancelled();
        }
    }

    private async Task<SubmissionEvent> SendAsync(SubmitJobRequest request, CancellationToken cancellationToken)
    {
        try
        {
            SubmitJobResponse answer = await transport.SendAsync(BatchOperations.SubmitJob, request, cancellationToken);
            return new SubmissionEvent.Accepted(answer.JobId, answer.JobArn, answer.JobName);
        }
        catch (AwsException e) when (e.MayHaveTakenEffect)
        {
            return new SubmissionEvent.AnswerLost(e);
        }
        catch (AwsException e)
        {
            return new SubmissionEvent.TurnedAway(e);
        }
    }

    private async Task<SubmissionEvent> FindAsync(
        SubmitJobRequest request, SubmissionId id, DateTimeOffset began, CancellationToken cancellationToken)
    {
        try
        {
            return await _search.FindAsync(request.JobQueue, request.JobName, id, began, cancellationToken) is { } job
                ? new SubmissionEvent.Found(job.JobId, job.JobArn, job.JobName)
                : new SubmissionEvent.NotFound();
        }
        catch (AwsException e)
        {
            return new SubmissionEvent.SearchFailed(e);
        }
    }
}
