namespace Refrag.Submission;

/// <summary>Where a submission stands.</summary>
/// <param name="Sent">How many requests were sent.</param>
/// <param name="Waited">How long the last loss was waited for.</param>
/// <param name="NextWait">The wait before the next look.</param>
internal sealed record SubmissionState(int Sent, TimeSpan Waited, TimeSpan NextWait);

/// <summary>
/// Decides what a submission does next. SubmitJob has no idempotency token, so a request is sent again only when a look at all jobs of that
/// name, late enough, found no job with the submission's id. Pure.
/// </summary>
/// <param name="request">The request, with its id.</param>
/// <param name="id">The submission's id.</param>
/// <param name="limits">How long to look.</param>
/// <param name="region">The region that it is sent to; null if it is not known.</param>
/// <param name="isOfCluster">Whether it is sent to a Slurm cluster.</param>
internal sealed class SubmissionRules(
    Aws.Batch.SubmitJobRequest request, SubmissionId id, SubmissionLimits limits, string? region = null,
    bool isOfCluster = false)
{
    public static (SubmissionState, SubmissionStep) Start() =>
        (new SubmissionState(1, TimeSpan.Zero, TimeSpan.Zero), new SubmissionStep.Send());

    /// <summary>Where another process stopped without knowing: a look, at once.</summary>
    public (SubmissionState, SubmissionStep) Resume(TimeSpan since)
    {
        TimeSpan waited = TimeSpan.FromTicks(Math.Clamp(since.Ticks, 0, limits.Settle.Ticks));
        return (new SubmissionState(1, waited, limits.FirstWait), new SubmissionStep.Search(TimeSpan.Zero));
    }

    public (SubmissionState, SubmissionStep) After(SubmissionState state, SubmissionEvent happened) => happened switch
    {
        SubmissionEvent.Accepted job => End(state, new SubmissionOutcome.Submitted(job.JobId, job.JobArn, job.JobName, WasFound: false)),
        SubmissionEvent.Found job => End(state, new SubmissionOutcome.Submitted(job.JobId, job.JobArn, job.JobName, WasFound: true)),
        // The first request may still take its effect, however late.
        SubmissionEvent.TurnedAway away when state.Sent > 1 => End(
            state, Unknown(
                $"its answer was lost, no job with its submission id is listed, and sending it again failed: {away.Failure.Problem.What}")),
        SubmissionEvent.TurnedAway away => End(state, new SubmissionOutcome.NotSubmitted(away.Failure)),
        SubmissionEvent.AnswerLost => Look(state with { Waited = TimeSpan.Zero, NextWait = limits.FirstWait }),
        SubmissionEvent.NotFound when state.Waited < limits.Settle => Look(state),
        SubmissionEvent.NotFound when state.Sent < SubmissionLimits.Requests =>
            (state with { Sent = state.Sent + 1 }, new SubmissionStep.Send()),
        SubmissionEvent.NotFound => End(state, Unknown("its answer was lost twice, and no job with its submission id is listed")),
        // A look that is not allowed now will not be in a second either.
        SubmissionEvent.SearchFailed { Failure: var failure } when state.Waited < limits.Settle && failure.MayPass => Look(state),
        SubmissionEvent.SearchFailed { Failure: var failure } =>
            End(state, Unknown($"its answer was lost, and looking for it failed: {failure.Problem.What}")),
        SubmissionEvent.Cancelled => End(state, Unknown("it was cancelled while its request was under way")),
        _ => throw new InvalidOperationException($"There is no rule for {happened.GetType().Name}."),
    };

    private (SubmissionState, SubmissionStep) Look(SubmissionState state)
    {
        // The last look is at the settled time exactly: only it may speak for the job's absence.
        TimeSpan wait = TimeSpan.FromTicks(Math.Min(state.NextWait.Ticks, (limits.Settle - state.Waited).Ticks));
        return (state with { Waited = state.Waited + wait, NextWait = 2 * state.NextWait }, new SubmissionStep.Search(wait));
    }

    private static (SubmissionState, SubmissionStep) End(SubmissionState state, SubmissionOutcome outcome) =>
        (state, new SubmissionStep.End(outcome));

    // The default region of whoever looks may be another one, which has no such job.
    private string InRegion => region is null ? "" : $" --region {region}";

    private SubmissionOutcome.Unknown Unknown(string why) => new(new Problem
    {
        Code = "RF3020",
        What = $"it is not known whether job {request.JobName} was submitted to {request.JobQueue}"
            + $"{(region is null ? "" : $" in {region}")}: {why}",
        Cause = $"{(isOfCluster ? "sbatch" : "SubmitJob")} has no idempotency token, so sending it again could start the job twice",
        Cure = isOfCluster
            ? $"Look for a job of the name {request.JobName}.{id}: `squeue -t all --name {request.JobName}.{id}`, and `refrag job {id}`, "
                + "which also knows those that Slurm has forgotten. If there is none, submit again."
            : $"Look for a job with the tag {SubmissionId.Tag}={id}: "
            + $"`aws batch list-jobs --job-queue {request.JobQueue} --filters name=JOB_NAME,values={request.JobName}{InRegion}`, then "
            + $"`aws batch describe-jobs --jobs ID{InRegion}`. "
            + "If there is none, submit again.",
    });
}
