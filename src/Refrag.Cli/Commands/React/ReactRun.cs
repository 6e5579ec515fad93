using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Cli.Commands.React;

/// <summary>Looks at queues, and reacts to the jobs in them.</summary>
internal sealed class ReactRun(QuerySession session, ClaimBook claims, IReadOnlyList<string> queues)
{
    private readonly (IAwsTransport Batch, JobReactor Reactor)[] _places =
    [
        .. (session.Spec.Regions is { } choice ? choice.Regions.Select(session.BatchIn) : [session.Batch]).Select(batch => (batch,
            new JobReactor(batch, claims, session.Context.Time, new SubmissionNotes(session.Terminal), session.BatchIn))),
    ];

    // Of what waits, what no policy moves.
    private readonly HashSet<string> _stays = new(StringComparer.Ordinal);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private bool _isWaiting;

    /// <summary>How often to look; null for once, and again while another host's claim is open.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>What ended longer ago is left alone.</summary>
    public TimeSpan Since { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        session.Terminal.Note($"Following {string.Join(", ", queues)}; claims in {claims.Place}");
        OutageTolerance tolerance = new(session.Context.Time, session.Terminal.NoAnswer);
        while (true)
        {
            try
            {
                bool isAnswered = await tolerance.TryAsync(() => LookAsync(cancellationToken));
                if (isAnswered && Interval is null && !_isWaiting) return ExitCodes.Success;
            }
            catch (Exception fault) when (ClaimAccess.IsFault(fault))
            {
                session.Terminal.Problems([ClaimAccess.Unusable(claims.Place, fault)]);
                return ExitCodes.Unavailable;
            }
            await Task.Delay(Interval ?? PollPace.Remote.Longest, session.Context.Time, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        _isWaiting = false;
        HashSet<string> waiting = new(StringComparer.Ordinal);
        foreach ((IAwsTransport batch, JobReactor reactor) in _places) await LookAsync(batch, reactor, waiting, cancellationToken);
        _stays.IntersectWith(waiting);
    }

    private async Task LookAsync(
        IAwsTransport batch, JobReactor reactor, HashSet<string> waiting, CancellationToken cancellationToken)
    {
        List<string> lost = [];
        foreach (string queue in queues)
        {
            await foreach (JobSummary job in new JobLister(batch).InStateAsync(queue, JobStatus.Failed, cancellationToken))
            {
                // Whoever stays on for weeks need not remember what it no longer looks at.
                if (!IsRecent(job)) _settled.Remove(job.JobId);
                else if (MayBeMoved(job.StatusReason) && !_settled.Contains(job.JobId)) lost.Add(job.JobId);
            }
            await foreach (JobSummary job in new JobLister(batch).InStateAsync(queue, JobStatus.Runnable, cancellationToken))
            {
                waiting.Add(job.JobId);
                if (!_stays.Contains(job.JobId)) lost.Add(job.JobId);
            }
        }
        await foreach (JobDetail job in new JobLister(batch).DescribeAsync(lost, cancellationToken))
        {
            try
            {
                await ReactAsync(reactor, job, cancellationToken);
            }
            catch (AwsException failure) when (!failure.MayPass)
            {
                // The other jobs are not concerned.
                Say(job, failure.Problem);
            }
        }
    }

    private bool IsRecent(JobSummary job) =>
        job.StoppedAt is not { } stopped || session.Now - DateTimeOffset.FromUnixTimeMilliseconds(stopped) < Since;

    private static bool MayBeMoved(string? reason) => JobObservation.IsHostLost(reason) || RegionPolicy.TargetOf(reason) is not null;

    private async Task ReactAsync(JobReactor reactor, JobDetail job, CancellationToken cancellationToken)
    {
        if (job.Status == JobStatus.Runnable && RegionMoves.Read(job.Tags) is not { Next.Count: > 0, Claims: not null })
        {
            _stays.Add(job.JobId);
            return;
        }
        switch (await reactor.ReactAsync(job, cancellationToken))
        {
            case Reaction.Leaving leaving:
                // Its end is seen in the next look.
                _isWaiting = true;
                if (_said.Add($"{job.JobId} {leaving.Region}"))
                    session.Terminal.Note(
                        $"{job.JobName} {job.JobId}: {leaving.Reason}: it is ended there and moved to {leaving.Region}.");
                break;
            case Reaction.None when !JobStates.IsFinished(job.Status):
                break;
            case Reaction.Moved moved:
                _settled.Add(job.JobId);
                JobRegions.Remember(session.Context, moved.JobId, moved.Region);
                // What another host has moved it has reported.
                if (moved.Reason is not null) Report(job, moved);
                break;
            case Reaction.Refused refused:
                Say(job, refused.Problem);
                break;
            case Reaction.Waiting { Unknown: { } unknown }:
                _isWaiting = true;
                Say(job, unknown);
                break;
            case Reaction.Waiting waiting:
                _isWaiting = true;
                if (_said.Add($"{job.JobId} {waiting.Claim.Token}"))
                    session.Terminal.Note($"{job.JobName} {job.JobId}: {waiting.Claim.Owner} has claimed to move it; waiting for it.");
                break;
            case Reaction.None:
                _settled.Add(job.JobId);
                break;
        }
    }

    private void Say(JobDetail job, Problem problem)
    {
        if (_said.Add($"{job.JobId} {problem.What}")) session.Terminal.Problems([problem]);
    }

    private void Report(JobDetail job, Reaction.Moved moved)
    {
        if (!session.Json)
        {
            session.Terminal.Output($"{job.JobName} {job.JobId}: {moved.Reason}: {moved.JobId} in {moved.Queue}");
            return;
        }
        MovedJob line = new()
        {
            JobId = job.JobId,
            JobName = job.JobName,
            MovedTo = moved.JobId,
            JobQueue = AwsNames.Short(moved.Queue),
            Region = moved.Region,
            Reason = moved.Reason!,
        };
        session.Terminal.Output(JsonOutput.Line(line, ReactJson.Default.MovedJob));
    }
}
