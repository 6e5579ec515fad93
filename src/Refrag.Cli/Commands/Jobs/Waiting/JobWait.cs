using System.Globalization;
using System.Runtime.ExceptionServices;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Cli.Terminal;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Reactions;

namespace Refrag.Cli.Commands.Jobs.Waiting;

/// <summary>
/// Waits for jobs, and for those that succeed them when they are moved, and reports how they ended. They know nothing of it.
/// </summary>
/// <param name="session">Where they are.</param>
/// <param name="jobs">The jobs, one at least.</param>
/// <param name="notifier">Reports the end.</param>
internal sealed class JobWait(QuerySession session, IReadOnlyList<FollowedJob> jobs, Notifier notifier)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, JobDetail> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    // Of jobs that were moved: the region of the last of the chain, null for the first one's.
    private readonly Dictionary<string, string?> _regions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private AwsException? _failure;

    private CliContext Context => session.Context;

    /// <summary>
    /// Returns when all have ended, or at the time limit. The exit code is that of the first that failed, as they are named.
    /// </summary>
    /// <param name="timeout">The longest to wait; null for no limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<int> RunAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        try
        {
            bool isLate = await WatchAsync(timeout, cancellationToken);
            if (!isLate && !IsAnySeen()) return ExitCodes.NothingFound;
            int exit = isLate ? ExitCodes.TimedOut : ExitOf();
            EndedWork work = await Reader().ReadAsync(Followed(isOver: !isLate), exit, counts: null, cancellationToken);
            if (!isLate && work.Unknown > 0 && exit != ExitCodes.Unknown)
            {
                exit = ExitCodes.Unknown;
                work = work with { ExitCode = exit };
            }
            session.Terminal.Output(session.Json ? work.ToJson() : work.Text);
            await notifier.SendAsync(work, cancellationToken);
            return exit;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            session.Terminal.Note(jobs.Count == 1 ? "No longer waiting. The job continues." : "No longer waiting. The jobs continue.");
            throw;
        }
        catch (AwsException failure) when (notifier.IsWanted)
        {
            // What is not waited for any more may have failed: silence would say that it still runs.
            EndedWork unknown =
                EndedWorkReader.Unknown(Followed(isOver: true), ExitCodes.Unavailable, counts: null, failure.Problem.What);
            await notifier.SendAsync(unknown, cancellationToken);
            throw;
        }
    }

    // Whether the time limit came first.
    private async Task<bool> WatchAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        // Its line on a terminal is that of the wait.
        session.Progress.IsSilent = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using IDisposable? timer = timeout is { } longest ? Context.Time.RunAfter(longest, limit.Cancel) : null;
        long began = Context.Time.GetTimestamp();
        await using ITimer? line = session.Terminal.ShowsStatus
            ? Context.Time.RunEvery(TimeSpan.Zero, s_tick, () => session.Terminal.Status(Line(Context.Time.GetElapsedTime(began))))
            : null;
        List<Task> chains = [];
        try
        {
            WatchedJobs watched = new(session.PatientBatch, Context.Time, jobs.Select(job => job.Id));
            PollPace pace = session.IsLocal ? PollPace.ThisMachine : PollPace.Remote;
            TimeSpan visible = session.IsAws ? JobHandle.Visible : TimeSpan.Zero;
            await foreach (IReadOnlyList<JobDetail> answer in watched.WatchAsync(pace, visible, limit.Token))
            {
                lock (_lock)
                {
                    foreach (JobDetail job in answer) _last[job.JobId] = job;
                }
                foreach (JobDetail job in answer.Where(job => JobStates.IsFinished(job.Status)))
                {
                    JobHandle handle = new(session.PatientBatch, Context.Time, job.JobId, job.JobName);
                    await ReportAsync(job.JobId, handle, job, retryOf: null, limit.Token);
                    if (!session.IsLocal && ChainFollower.MayContinue(job)) chains.Add(FollowAsync(job, limit));
                }
            }
            await Task.WhenAll(chains);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
            return true;
        }
        finally
        {
            await limit.CancelAsync();
            await Task.WhenAll(chains).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What succeeds a job, to the end of the last.
    private async Task FollowAsync(JobDetail first, CancellationTokenSource limit)
    {
        ChainFollower chain = new(
            session.PatientBatch, region => session.Terminal.Patient(session.BatchIn(region), Context.Time), Context.Time, first.JobId);
        try
        {
            await FollowAsync(first, chain, limit.Token);
        }
        catch (AwsException failure)
        {
            // As if the question about all the others had failed.
            _failure = failure;
            await limit.CancelAsync();
        }
    }

    private async Task FollowAsync(JobDetail first, ChainFollower chain, CancellationToken cancellationToken)
    {
        (string at, string? reported, string? before) = (first.JobId, first.JobId, null);
        bool isAnnounced = false;
        while (true)
        {
            JobDetail? now = await chain.ReadAsync(cancellationToken);
            if (chain.Id != at)
            {
                (before, at, isAnnounced) = (at, chain.Id, false);
                Enter(first, chain);
            }
            if (now is null) return;
            lock (_lock) _last[first.JobId] = now;
            bool isEnded = JobStates.IsFinished(now.Status);
            if (isEnded && reported != at) await ReportAsync(first.JobId, chain.Handle(now.JobName), now, before, cancellationToken);
            if (isEnded) reported = at;
            if (!chain.IsOpen(now)) return;
            if (isEnded && !isAnnounced)
            {
                string patience = Duration.Format(ChainFollower.Patience);
                session.Terminal.Note($"{now.JobName} {now.JobId}: is to be moved; waiting up to {patience} for the host that does it.");
            }
            isAnnounced = isEnded;
            await Task.Delay(ChainFollower.Pause, Context.Time, cancellationToken);
        }
    }

    // How it ends is not known until it is seen.
    private void Enter(JobDetail first, ChainFollower chain)
    {
        lock (_lock)
        {
            _codes.Remove(first.JobId);
            _regions[first.JobId] = chain.Region;
        }
        JobRegions.Remember(Context, chain.Id, chain.Region);
        session.Terminal.Note($"{first.JobName}: was moved{(chain.Region is { } region ? $" to {region}" : "")}: waiting for {chain.Id}.");
    }

    // Costs are looked up where the jobs are, if all have gone to one other region.
    private EndedWorkReader Reader()
    {
        string?[] there = [.. jobs.Select(job => _regions.GetValueOrDefault(job.Id)).Distinct(StringComparer.Ordinal)];
        return there is [{ } region]
            ? new EndedWorkReader(Context, session.BatchIn(region), session.ConnectionIn(region)?.Place, region)
            : new EndedWorkReader(Context, session.Batch, session.Connection?.Place, session.Region);
    }

    private async Task ReportAsync(string named, JobHandle handle, JobDetail job, string? retryOf, CancellationToken cancellationToken)
    {
        int code = await CodeAsync(handle, job, cancellationToken);
        lock (_lock) _codes[named] = code;
        if (session.Json) session.Terminal.Output(AwaitedJob.Of(job, retryOf, code).ToJson());
        if (code != ExitCodes.Success)
            session.Terminal.Note(
                $"{job.JobName} {job.JobId}: {job.Status}{(job.StatusReason is { Length: > 0 } reason ? $" ({reason})" : "")}");
    }

    private async Task<int> CodeAsync(JobHandle handle, JobDetail job, CancellationToken cancellationToken)
    {
        if (jobs.FirstOrDefault(one => one.Id == job.JobId)?.Children is not { } children)
            return await JobExit.CodeAsync(handle, job, cancellationToken);
        IReadOnlyList<JobDetail> parts = await handle.PartsAsync(job, int.MaxValue, cancellationToken);
        JobDetail[] wanted = [.. parts.Where(part => children.Contains(EndedWorkReader.NumberOf(part.JobId)))];
        return wanted.Length < children.Count
            ? ExitCodes.Unknown
            : wanted.Select(JobExit.Code).FirstOrDefault(code => code != ExitCodes.Success);
    }

    // A job that Batch does not know, or not any more, may have ended in any way.
    private int ExitOf() => jobs.Any(job => !_codes.ContainsKey(job.Id))
        ? ExitCodes.Unknown
        : jobs.Select(job => _codes[job.Id]).FirstOrDefault(code => code != ExitCodes.Success);

    // Whether Batch ever knew one of the jobs. Those that it never knew are reported.
    private bool IsAnySeen()
    {
        foreach (FollowedJob job in jobs.Where(job => !_last.ContainsKey(job.Id)))
            session.Terminal.Problems([NamedJobs.NotFound(session, job.Id)]);
        return _last.Count > 0;
    }

    // Of a job that was lost, the state in which it was last seen says nothing.
    private IReadOnlyList<FollowedJob> Followed(bool isOver) => [.. jobs.Select(job =>
        _last.TryGetValue(job.Id, out JobDetail? last)
            ? job with { Id = last.JobId, Name = last.JobName, Last = isOver && !_codes.ContainsKey(job.Id) ? null : last }
            : job)];

    private string Line(TimeSpan waited)
    {
        string[] states;
        lock (_lock)
        {
            states = [.. _last.Values.GroupBy(job => job.Status).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}"))];
        }
        string what = jobs.Count == 1 ? "1 job" : string.Create(CultureInfo.InvariantCulture, $"{jobs.Count} jobs");
        return $"waiting for {what}: {(states.Length > 0 ? string.Join(", ", states) : "asking")}, {RelativeTime.Length(waited)}";
    }
}
