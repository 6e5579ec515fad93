using System.Globalization;
using System.Runtime.ExceptionServices;
using Refrag.Aws;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Composition.Sweeps;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Submission;
using Refrag.Sweeps;
using JobDetail = Refrag.Aws.Batch.JobDetail;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>
/// Works a manifest off: submits what <see cref="SweepSchedule"/> says, writes down what happens before and after, and hears of ends where
/// they are awaited. Code that is given is looked for in its store before a job is submitted.
/// </summary>
internal sealed class SweepWork(
    CliContext context, RunOptions options, SweepManifestLog log, string path, SweepPlanner planner, ISweepBackend backend,
    IReadOnlyList<SweepLaunch> planned, JobCode? code)
{
    // A command line with more ids than these is none that a user would copy.
    private const int MostNamed = 10;

    private readonly ScheduleOptions _schedule = new()
    {
        FailFast = options.FailFast,
        MaxJobs = ArrayThrottle.Holds(planned, options) ? null : options.MaxJobs,
    };
    private readonly bool _isLocal = planned[0].Spec.Kind == EnvironmentKind.Local;

    // What failed before is tried again.
    private readonly ManifestJob[] _jobs = [.. log.Manifest.Jobs.Select(
        job => job.Status == JobStatus.Failed ? job with { Status = JobStatus.Pending } : job)];
    private readonly bool _isResumed = log.Submissions.Count > 0;
    private readonly HashSet<int> _open = [];

    // What has lost its Spot hosts stays in the on-demand queue, whatever becomes of it there.
    private readonly HashSet<int> _onDemand =
        [.. log.Record.LastSubmissions().Where(last => last.Value.IsOnDemand).Select(last => last.Key)];

    private readonly List<SentJob> _sent = [];
    private readonly SortedDictionary<int, int> _failures = [];
    private bool _isLost;
    private bool _isCancelled;

    private bool Follows => _isLocal || options.Watch;

    private bool IsNotified => options.Notifier is { IsWanted: true } && Follows && _sent.Count > 0;

    private string Name => planned[0].Spec.Name;

    /// <summary>
    /// Returns when there is nothing left to submit or to wait for. The exit code is that of the first job that failed, in the sweep's
    /// order.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            int exit = await WorkAsync(cancellationToken);
            if (!cancellationToken.IsCancellationRequested) await NotifyAsync(exit, cancellationToken);
            return exit;
        }
        catch (AwsException failure) when (IsNotified && !cancellationToken.IsCancellationRequested)
        {
            // What is not watched any more may have failed: silence would say that it still runs.
            IReadOnlyList<FollowedJob> followed = [.. _sent.Select(job => new FollowedJob(job.JobId, Name, Last: null))];
            await options.Notifier!.SendAsync(
                EndedWorkReader.Unknown(followed, ExitCodes.Unavailable, Counts(), failure.Problem.What), cancellationToken);
            throw;
        }
        catch (OperationCanceledException) when (!_isLocal && _open.Count > 0 && cancellationToken.IsCancellationRequested)
        {
            string[] ids = [.. _sent.Where(job => job.Jobs.Indices().Any(_open.Contains)).Select(job => job.JobId)];
            context.Terminal.Note("No longer watching. What was submitted continues; " + (ids.Length > MostNamed
                ? $"to see it: {NextCommand.Of(options, "jobs --status active")}"
                : $"to end it: {NextCommand.Of(options, "terminate", ids)}"));
            context.Terminal.Note($"Watch it again with: refrag run --resume {ShellWord.Quote(path)} --watch");
            throw;
        }
    }

    private async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        int? refused = _isLocal ? null : await ResumeAsync(cancellationToken);
        if (_isLocal) SetAll(_jobs.Where(job => job.Status == JobStatus.Running).Select(job => (int)job.Job.Index), JobStatus.Pending);
        // A signal ends what runs here, and its end is waited for; what runs on AWS continues without us.
        CancellationToken wait = _isLocal ? CancellationToken.None : cancellationToken;
        while (refused is null)
        {
            ScheduleStep step = SweepSchedule.Next(new SweepManifest(_jobs), _schedule);
            bool starts = step.Start.Count > 0 && !cancellationToken.IsCancellationRequested;
            if (starts) refused = await SubmitAsync([.. step.Start.Select(job => (int)job.Index)], wait);
            if (options.FailFast && _failures.Count > 0) await CancelWaitingAsync(wait);
            if (!Follows || _open.Count == 0) break;
            await HearAsync(wait, cancellationToken);
        }
        while (_isLocal && _open.Count > 0) await HearAsync(wait, cancellationToken);
        if (refused is null) await backend.FinishAsync();
        Report();
        if (refused is not null) return refused.Value;
        if (_isLocal && cancellationToken.IsCancellationRequested) return context.Signals.ExitCode;
        return _isLost ? ExitCodes.Unknown : _failures.Values.FirstOrDefault();
    }

    // What an earlier process submitted, or perhaps did.
    private async Task<int?> ResumeAsync(CancellationToken cancellationToken)
    {
        // Of jobs whose ends are written down there is nothing to ask.
        List<SweepSubmission> open = [.. log.Record.LastSubmissions()
            .Where(entry => entry.Value.JobId is null || _jobs[entry.Key].Status == JobStatus.Running)
            .Select(entry => entry.Value).DistinctBy(submission => submission.Id)];
        foreach (SweepSubmission submission in open)
        {
            if (submission.JobId is { } id) await CheckAsync(new SentJob(id, submission.Jobs), cancellationToken);
            else if (await RepeatAsync(submission, cancellationToken) is { } refused) return refused;
        }
        return null;
    }

    private async Task CheckAsync(SentJob job, CancellationToken cancellationToken)
    {
        if (await backend.GetEndsAsync(job, cancellationToken) is not { } ends)
        {
            Lost(job);
            return;
        }
        List<SweepEnd> news = [.. ends.Jobs.Where(end => _jobs[end.Job].Status == JobStatus.Running).Select(Moved)];
        await log.StatusAsync([.. news.Select(end => (end.Job, end.Status))], cancellationToken);
        foreach (SweepEnd end in news) Set(end.Job, end.Status == JobStatus.Succeeded ? JobStatus.Succeeded : JobStatus.Pending);
        if (!ends.IsOver) Attend(job, ends.Jobs.Select(end => end.Job).ToHashSet(), cancellationToken);
    }

    private async Task<int?> RepeatAsync(SweepSubmission submission, CancellationToken cancellationToken)
    {
        int[] jobs = [.. submission.Jobs.Indices()];
        if (!planner.Plan(jobs, submission.IsOnDemand ? jobs.ToHashSet() : null)
            .TryGet(out IReadOnlyList<SweepLaunch>? launches, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        if (launches is not [{ } launch]) return context.Refuse([SweepRefusals.Changed(submission.Jobs.ToString(), submission.Id)]);
        if (options.MaxJobs is { } most) launch = ArrayThrottle.On(launch, most);
        context.Terminal.Note($"Looking whether jobs {submission.Jobs} were submitted before refrag ended.");
        return await SendAsync(
            launch with { Plan = launch.Plan with { Id = new SubmissionId(submission.Id) } }, submission.At, cancellationToken);
    }

    private async Task<int?> SubmitAsync(IReadOnlyList<int> jobs, CancellationToken cancellationToken)
    {
        if (code is not null && await code.UploadAsync(cancellationToken) is { Count: > 0 } gone) return context.Refuse(gone);
        IReadOnlyList<SweepLaunch> launches =
            planned.Sum(launch => launch.Jobs.Count) == jobs.Count && planned.All(launch => jobs.Contains(launch.Jobs.First))
            && !jobs.Any(_onDemand.Contains)
            ? planned
            : planner.Plan(jobs, _onDemand).Value;
        // A mistake in the last submission of a sweep is reported before the first is sent; a single one is checked as it is sent.
        if (launches.Count > 1 && await backend.CheckAsync(launches, cancellationToken) is { Count: > 0 } problems)
            return context.Refuse(problems);
        foreach (SweepLaunch launch in launches)
        {
            if (await SendAsync(launch, sentAt: null, cancellationToken) is { } refused) return refused;
        }
        return null;
    }

    private async Task<int?> SendAsync(SweepLaunch launch, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        // On the disk before it is sent: a process that resumes looks for this id before sending it again.
        if (sentAt is null) await log.SubmittingAsync(
            launch.Plan.Id, launch.Jobs, launch.IsOnDemand, context.Time.GetUtcNow(), cancellationToken);
        SweepSent sent;
        try
        {
            sent = await backend.SubmitAsync(launch, sentAt, cancellationToken);
        }
        catch (Exception fault) when (fault is AwsException or OperationCanceledException)
        {
            if (sentAt is null) await log.WithdrawnAsync(launch.Plan.Id, CancellationToken.None);
            Report();
            throw;
        }
        if (sent.Job is not { } job)
        {
            if (!sent.IsUnknown && sentAt is null) await log.WithdrawnAsync(launch.Plan.Id, CancellationToken.None);
            context.Refuse(sent.Problems);
            return sent.IsUnknown ? ExitCodes.Unknown : ExitCodes.Usage;
        }
        await log.SubmittedAsync(launch.Plan.Id, job.JobId, CancellationToken.None);
        SetAll(launch.Jobs.Indices(), JobStatus.Running);
        job = job with { Report = job.Report! with { Jobs = launch.Jobs.ToString(), Manifest = path } };
        if (options.Json && !Follows) context.Terminal.Output(job.Report.ToJson());
        Attend(job, [], cancellationToken);
        return null;
    }

    private void Attend(SentJob job, HashSet<int> ended, CancellationToken cancellationToken)
    {
        _sent.Add(job);
        if (!Follows) return;
        _open.UnionWith(job.Jobs.Indices().Where(index => !ended.Contains(index)));
        backend.Follow(job, ended, cancellationToken);
    }

    private async Task HearAsync(CancellationToken wait, CancellationToken signal)
    {
        List<SweepEnd> ends = [];
        SweepEnds heard = await backend.Ends.ReadAsync(wait);
        do
        {
            if (heard.Fault is not null)
            {
                Report();
                ExceptionDispatchInfo.Throw(heard.Fault);
            }
            if (heard.Lost is { } lost) Lost(lost);
            ends.AddRange(heard.Jobs);
        }
        while (backend.Ends.TryRead(out heard!));
        // What a signal ended did not fail: it was stopped.
        ends = [.. ends.Select(
            end => end.Status == JobStatus.Failed && signal.IsCancellationRequested ? end with { Status = JobStatus.Pending } : end)
            .Select(Moved)];
        await log.StatusAsync([.. ends.Select(end => (end.Job, end.Status))], CancellationToken.None);
        foreach (SweepEnd end in ends)
        {
            Set(end.Job, end.Status);
            _open.Remove(end.Job);
            if (end.Status == JobStatus.Failed) _failures[end.Job] = end.ExitCode;
        }
    }

    // One that lost its last Spot host did not fail: it is submitted again, on demand.
    private SweepEnd Moved(SweepEnd end)
    {
        bool isMoved = end is { Status: JobStatus.Failed, HasLostHost: true }
            && planner.SpecOf(end.Job).Capacity.Spot == SpotUse.First && _onDemand.Add(end.Job);
        if (!isMoved) return end;
        context.Terminal.Note(string.Create(
            CultureInfo.InvariantCulture, $"Job {end.Job} has lost its hosts on Spot, and is submitted to the on-demand queue."));
        return end with { Status = JobStatus.Pending };
    }

    private async Task CancelWaitingAsync(CancellationToken cancellationToken)
    {
        if (_isCancelled) return;
        _isCancelled = true;
        context.Terminal.Note("A job has failed: nothing more starts, what runs continues to its end.");
        foreach (SentJob job in _sent.Where(job => job.Jobs.Indices().Any(_open.Contains)))
            await backend.CancelWaitingAsync(job.JobId, cancellationToken);
    }

    private void Lost(SentJob job)
    {
        _isLost = true;
        _open.ExceptWith(job.Jobs.Indices());
        string who = planned[0].Spec.Kind == EnvironmentKind.Slurm ? "The cluster" : "Batch";
        context.Terminal.Note(
            $"{who} does not know job {job.JobId} any more, so the outcome of jobs {job.Jobs} is unknown. They are not submitted again.");
    }

    private void Report()
    {
        SweepManifest manifest = log.Manifest;
        if (!Follows && _sent.Count > 0)
        {
            if (_isResumed) context.Terminal.Note(SweepMessages.Summary(manifest));
            context.Terminal.Note($"Look how far it is, and continue where jobs failed, with: refrag run --resume {path}");
            return;
        }
        context.Terminal.Note(SweepMessages.Summary(manifest));
        if (manifest.Jobs.Any(job => job.Status != JobStatus.Succeeded))
            context.Terminal.Note($"Continue with: refrag run --resume {path}");
    }

    // The manifest knows the whole sweep; times and costs are of the jobs that this process submitted or found.
    private async Task NotifyAsync(int exit, CancellationToken cancellationToken)
    {
        if (!IsNotified) return;
        Dictionary<string, JobDetail> last = new(StringComparer.Ordinal);
        try
        {
            var lister = new JobLister(backend.Transport);
            await foreach (JobDetail job in lister.DescribeAsync(_sent.Select(job => job.JobId), cancellationToken)) last[job.JobId] = job;
        }
        catch (AwsException)
        {
            // The sweep has ended, and its counts are known without.
        }
        FollowedJob[] followed = [.. _sent.Select(job => new FollowedJob(job.JobId, Name, last.GetValueOrDefault(job.JobId)))];
        EndedWorkReader reader =
            new(context, backend.Transport, backend.Place, QueueInstanceTypes.Region(context, planned[0].Spec));
        await options.Notifier!.SendAsync(await reader.ReadAsync(followed, exit, Counts(), cancellationToken), cancellationToken);
    }

    private WorkCounts Counts()
    {
        IReadOnlyList<ManifestJob> jobs = log.Manifest.Jobs;
        int Count(JobStatus status) => jobs.Count(job => job.Status == status);
        return new WorkCounts(
            Count(JobStatus.Succeeded), Count(JobStatus.Failed), Count(JobStatus.Pending), Unknown: Count(JobStatus.Running));
    }

    private void SetAll(IEnumerable<int> jobs, JobStatus status)
    {
        foreach (int job in jobs.ToList()) Set(job, status);
    }

    private void Set(int job, JobStatus status) => _jobs[job] = _jobs[job] with { Status = status };
}
