using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Monitoring;
using Refrag.Policies;
using Refrag.Submission;

namespace Refrag.Reactions;

/// <summary>
/// Carries out what the policy of a job wants: the same in a watched run and in <c>refrag react</c>. Claims, then acts, then records; what
/// an earlier owner may have done is looked for by the action's identity.
/// </summary>
/// <param name="batch">Where the jobs are.</param>
/// <param name="claims">The claims of this host.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Gets what happens to a submission; null for none.</param>
/// <param name="regions">The way to Batch in another region; null if no job is moved to another one.</param>
public sealed class JobReactor(
    IAwsTransport batch, ClaimBook claims, TimeProvider time, IProgress<SubmissionEvent>? progress = null,
    Func<string, IAwsTransport>? regions = null)
{
    private static readonly Reaction s_none = new Reaction.None();
    private static readonly SubmissionLimits s_limits = new();

    /// <summary>
    /// Reacts to a job as it was read. Throws <see cref="AwsException"/>, <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> where Batch or the store fails before anything is sent.
    /// </summary>
    /// <param name="job">The job, as Batch describes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Reaction> ReactAsync(JobDetail job, CancellationToken cancellationToken)
    {
        if (job.Tags?.GetValueOrDefault(JobPolicy.ClaimsTag) is not { } place) return s_none;
        JobObservation seen = JobObservation.Of(job);
        if (seen.MovedTo is { } successor)
            return new Reaction.Moved(
                successor, Reason: null, Queue: null, job.Tags.GetValueOrDefault(RegionMoves.MovedToRegionTag));
        RegionMoves? moves = regions is null ? null : RegionMoves.Read(job.Tags);
        bool mayLeave = moves is not null && RegionPolicy.Concerns(moves, seen, time.GetUtcNow());
        JobPolicy? policy = JobPolicy.Read(job.Tags);
        string? queue = policy is null ? null : FallbackPolicy.NextQueue(policy, seen);
        if (queue is null && !mayLeave) return s_none;
        if (place != claims.Place) return new Reaction.Refused(ReactionProblems.OtherClaims(
            job.JobId, queue is null ? "is to leave its region" : "has lost its host", place, claims.Place));
        return queue is null
            ? await LeaveAsync(job, seen, moves!, cancellationToken)
            : await FallBackAsync(job, seen, policy!, queue, cancellationToken);
    }

    private async Task<Reaction> FallBackAsync(
        JobDetail job, JobObservation seen, JobPolicy policy, string queue, CancellationToken cancellationToken)
    {
        PolicyFacts world = await PolicyFactsReader.ReadAsync(batch, queue, cancellationToken);
        return FallbackPolicy.Decide(policy, seen, world) switch
        {
            [SubmitSuccessor submit] => await SubmitAsync(job, submit, cancellationToken),
            [Warn warning] => new Reaction.Refused(ReactionProblems.NoQueue(warning)),
            _ => s_none,
        };
    }

    private async Task<Reaction> LeaveAsync(
        JobDetail job, JobObservation seen, RegionMoves moves, CancellationToken cancellationToken)
    {
        PolicyFacts world = await PolicyFactsReader.ReadAsync(regions!, moves, seen.Queue, time.GetUtcNow(), cancellationToken);
        switch (RegionPolicy.Decide(moves, seen, world))
        {
            case [EndJob end]:
                // No claim: it may be asked for twice, ends nothing that has started, and only what has ended is submitted again.
                // (API CancelJob)
                await batch.SendAsync(
                    BatchOperations.CancelJob, new CancelJobRequest { JobId = job.JobId, Reason = end.Reason }, cancellationToken);
                return new Reaction.Leaving(end.Region, RegionPolicy.CauseOf(end.Reason)!);
            case [SubmitSuccessor submit]:
                return await SubmitAsync(
                    job, submit with { Reason = $"{RegionPolicy.CauseOf(job.StatusReason)}, {submit.Reason}" }, cancellationToken, moves);
            case [Warn warning]:
                return new Reaction.Refused(ReactionProblems.NoRegion(warning));
            default:
                return s_none;
        }
    }

    private async Task<Reaction> SubmitAsync(
        JobDetail job, SubmitSuccessor action, CancellationToken cancellationToken, RegionMoves? moves = null)
    {
        // A job that ran has no open dependencies.
        string[] dependencies = [.. (job.DependsOn ?? []).Select(one => one.JobId).OfType<string>()];
        List<KeyValuePair<string, string>> tags = [.. action.Region is { } to ? moves!.TagsIn(to) : []];
        // On demand the chain has come to its end, and hosts do not look there: it stays in its region.
        if (action.Step == FallbackPolicy.OnDemand && job.Tags?.ContainsKey(RegionMoves.NextTag) == true)
            tags.Add(new(RegionMoves.NextTag, ""));
        if (action.Reclaimed > 0)
            tags.Add(new(JobPolicy.ReclaimedTag, action.Reclaimed.ToString(CultureInfo.InvariantCulture)));
        if (!Resubmission.Of(job, dependencies, nodes: null, tags)
            .TryGet(out SubmitJobRequest? request, out IReadOnlyList<Problem> problems)) return new Reaction.Refused(problems[0]);
        request = request with
        {
            JobQueue = action.Queue,
            JobDefinition = action.Region is null ? request.JobDefinition : moves!.Definition,
            RetryStrategy = action.Attempts is { } attempts
                ? (request.RetryStrategy ?? new RetryStrategy()) with { Attempts = attempts }
                : request.RetryStrategy,
        };
        string what = $"{action.Reason}: {action.Queue}";
        switch (await claims.TakeAsync(action.Id, action.Subject, action.Attempt, what, cancellationToken))
        {
            case ClaimState.Done done:
                return new Reaction.Moved(done.Outcome.JobId, Reason: null, Queue: null, action.Region);
            case ClaimState.Held held:
                return new Reaction.Waiting(held.Claim, Unknown: null);
            case ClaimState.Taken { Before: { } before } when before.ActionId != action.Id:
                return new Reaction.Refused(ReactionProblems.OtherAction(job.JobId, before));
            case ClaimState.Taken taken:
                return await SubmitAsync(job, action, request, taken, cancellationToken);
            case var other:
                throw new InvalidOperationException($"There is no rule for {other.GetType().Name}.");
        }
    }

    private async Task<Reaction> SubmitAsync(
        JobDetail job, SubmitSuccessor action, SubmitJobRequest request, ClaimState.Taken taken, CancellationToken cancellationToken)
    {
        TimeSpan left = taken.Claim.Lease / 2 - time.GetElapsedTime(taken.Began);
        if (left <= TimeSpan.Zero) return new Reaction.Waiting(taken.Claim, Unknown: null);
        using CancellationTokenSource limit = new(left, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        SubmissionOutcome outcome;
        try
        {
            IAwsTransport there = action.Region is { } region ? regions!(region) : batch;
            outcome = await new JobSubmitter(there, time, s_limits, progress) { Region = RegionOf(job, action) }
                .SubmitAsync(request, new SubmissionId(action.Id), PerhapsSentAt(taken), both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reaction.Waiting(taken.Claim, Unknown: null);
        }
        switch (outcome)
        {
            case SubmissionOutcome.Submitted submitted:
                await RecordAsync(job, action, submitted.JobId, cancellationToken);
                return new Reaction.Moved(submitted.JobId, action.Reason, action.Queue, action.Region);
            case SubmissionOutcome.Unknown unknown:
                return new Reaction.Waiting(taken.Claim, ReactionProblems.NotKnown(unknown.Problem, action.Id, claims.Place));
            // What passes is tried again, by whoever has the claim then.
            case SubmissionOutcome.NotSubmitted { Failure.MayPass: true } missed:
                return new Reaction.Waiting(taken.Claim, missed.Failure.Problem);
            case SubmissionOutcome.NotSubmitted refused:
                return new Reaction.Refused(refused.Failure.Problem);
            default:
                throw new InvalidOperationException($"There is no rule for {outcome.GetType().Name}.");
        }
    }

    // Of a job whose region was not chosen, it is the one that everything else goes to.
    private static string? RegionOf(JobDetail job, SubmitSuccessor action) => action.Region ?? RegionMoves.Read(job.Tags)?.Region;

    // An owner sends nothing in the second half of its lease, which is longer than a job stays hidden: one look after it is enough.
    private DateTimeOffset? PerhapsSentAt(ClaimState.Taken taken)
    {
        if (taken.Before is not { } before) return null;
        DateTimeOffset settled = time.GetUtcNow() - s_limits.Settle;
        return before.MadeAt < settled ? before.MadeAt : settled;
    }

    // The job is submitted: whatever fails here, the next host finds it by the action's identity.
    private async Task RecordAsync(JobDetail job, SubmitSuccessor action, string successor, CancellationToken cancellationToken)
    {
        try
        {
            await claims.RecordAsync(action.Id, action.Subject, successor, cancellationToken);
            Dictionary<string, string> tags = new(StringComparer.Ordinal) { [JobPolicy.MovedToTag] = successor };
            if (action.Region is { } region) tags[RegionMoves.MovedToRegionTag] = region;
            if (job.JobArn is { } arn) await batch.SendAsync(
                BatchOperations.TagResource, new TagResourceRequest { ResourceArn = arn, Tags = tags }, cancellationToken);
        }
        catch (Exception fault) when (fault is AwsException or IOException or UnauthorizedAccessException)
        {
            // A host without the right to tag, say.
        }
    }
}
