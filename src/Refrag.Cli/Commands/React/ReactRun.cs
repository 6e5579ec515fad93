using System.Runtime.ExceptionServices;
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
    private readonly Place[] _places =
    [
        .. session.Spec.Regions is { } choice
            ? choice.Regions.Select(region => PlaceOf(session, claims, region, session.BatchIn(region)))
            : [PlaceOf(session, claims, session.Region, session.Batch)],
    ];

    // Of what waits, what no policy moves.
    private readonly HashSet<string> _stays = new(StringComparer.Ordinal);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly List<(string Queue, AwsException Failure)> _refusals = [];
    private bool _isWaiting;

    /// <summary>How often to look; null for once, and again while another host's claim is open.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>What ended longer ago is left alone.</summary>
    public TimeSpan Since { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        session.Terminal.Note($"Following {string.Join(", ", queues)}; claims in {claims.Place}");
        PlacesInTurn turns = new(session.Context.Time, _places.Length)
        {
            Unanswered = session.Terminal.NoAnswer,
            LeftOut = (place, failure) =>
                session.Terminal.Note($"{_places[place].Region} is left out until it answers: {failure.Problem.What}."),
        };
        while (true)
        {
            try
            {
                bool isAnswered = await LookAsync(turns, cancellationToken);
                if (isAnswered && Interval is null && !_isWaiting)
                    return turns.IsAnyOut ? ExitCodes.Unavailable : ExitCodes.Success;
            }
            catch (Exception fault) when (ClaimAccess.IsFault(fault))
            {
                session.Terminal.Problems([ClaimAccess.Unusable(claims.Place, fault)]);
                return ExitCodes.Unavailable;
            }
            await Task.Delay(Interval ?? PollPace.Remote.Longest, session.Context.Time, cancellationToken);
        }
    }

    private async Task<bool> LookAsync(PlacesInTurn turns, CancellationToken cancellationToken)
    {
        _isWaiting = false;
        _refusals.Clear();
        HashSet<string> waiting = new(StringComparer.Ordinal);
        bool isAnswered = await turns.TryEachAsync(at => LookAsync(_places[at], waiting, cancellationToken));
        _stays.IntersectWith(waiting);
        // A region may lack a queue. One that none of them has is a mistake.
        if (_refusals.GroupBy(refused => refused.Queue, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() == _places.Length) is { } everywhere)
            ExceptionDispatchInfo.Throw(everywhere.First().Failure);
        return isAnswered;
    }

    private async Task LookAsync(Place place, HashSet<string> waiting, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        foreach (string queue in queues)
        {
            try
            {
                ids.AddRange(await ConcernedAsync(place.Batch, queue, waiting, cancellationToken));
            }
            catch (AwsException failure) when (!failure.MayPass)
            {
                _refusals.Add((queue, failure));
                if (_places.Length > 1 && _said.Add($"{queue} {place.Region}"))
                    session.Terminal.Note($"Not followed: {queue} in {place.Region}: {failure.Problem.What}.");
            }
        }
        await foreach (JobDetail job in new JobLister(place.Batch).DescribeAsync(ids, cancellationToken))
        {
            try
            {
                await ReactAsync(place.Reactor, job, cancellationToken);
            }
            catch (AwsException failure) when (!failure.MayPass)
            {
                // The other jobs are not concerned.
                Say(job, failure.Problem);
            }
        }
    }

    // The jobs of a queue that may have to be moved.
    private async Task<List<string>> ConcernedAsync(
        IAwsTransport batch, string queue, HashSet<string> waiting, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (JobSummary job in new JobLister(batch).InStateAsync(queue, JobStatus.Failed, cancellationToken))
        {
            // Whoever stays on for weeks need not remember what it no longer looks at.
            if (!IsRecent(job)) _settled.Remove(job.JobId);
            else if (MayBeMoved(job.StatusReason) && !_settled.Contains(job.JobId)) ids.Add(job.JobId);
        }
        await foreach (JobSummary job in new JobLister(batch).InStateAsync(queue, JobStatus.Runnable, cancellationToken))
        {
            waiting.Add(job.JobId);
            if (!_stays.Contains(job.JobId)) ids.Add(job.JobId);
        }
        return ids;
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

    private static Place PlaceOf(QuerySession session, ClaimBook claims, string region, IAwsTransport batch) => new(
        region, batch, new JobReactor(batch, claims, session.Context.Time, new SubmissionNotes(session.Terminal), session.BatchIn));

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

    private sealed record Place(string Region, IAwsTransport Batch, JobReactor Reactor);
}
