using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Cli.Commands.React;

/// <summary>Looks at queues, and reacts to the jobs in them.</summary>
internal sealed class ReactRun(QuerySession session, ClaimBook claims, IReadOnlyList<string> queues)
{
    private readonly JobReactor _reactor = new(session.Batch, claims, session.Context.Time, new SubmissionNotes(session.Terminal));
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
        List<string> lost = [];
        foreach (string queue in queues)
        {
            await foreach (JobSummary job in new JobLister(session.Batch).InStateAsync(queue, JobStatus.Failed, cancellationToken))
            {
                // Whoever stays on for weeks need not remember what it no longer looks at.
                if (!IsRecent(job)) _settled.Remove(job.JobId);
                else if (JobObservation.IsHostLost(job.StatusReason) && !_settled.Contains(job.JobId)) lost.Add(job.JobId);
            }
        }
        await foreach (JobDetail job in new JobLister(session.Batch).DescribeAsync(lost, cancellationToken))
        {
            try
            {
                await ReactAsync(job, cancellationToken);
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

    private async Task ReactAsync(JobDetail job, CancellationToken cancellationToken)
    {
        switch (await _reactor.ReactAsync(job, cancellationToken))
        {
            case Reaction.Moved moved:
                _settled.Add(job.JobId);
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
            Reason = moved.Reason!,
        };
        session.Terminal.Output(JsonOutput.Line(line, ReactJson.Default.MovedJob));
    }
}
