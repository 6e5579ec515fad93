using System.Threading.Channels;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>A sweep on AWS Batch.</summary>
internal sealed class BatchSweep : ISweepBackend
{
    private readonly CliContext _context;
    private readonly RunOptions _options;
    private readonly AwsConnection _connection;
    private readonly Launcher _launcher;
    private readonly Channel<SweepEnds> _ends = Channel.CreateUnbounded<SweepEnds>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Task> _following = [];
    private readonly Lazy<Measuring> _measuring;

    public BatchSweep(CliContext context, RunOptions options, ConnectionSpec to)
    {
        (_context, _options, _connection) = (context, options, AwsConnection.Open(context, to));
        _measuring = new Lazy<Measuring>(() => Measuring.Begin(context, _connection));
        // One for the whole sweep: what it has asked about a queue it does not ask again.
        _launcher = new Launcher(_connection.Transport, context.Time, new SubmissionNotes(context.Terminal))
        {
            Hosts = HostChecks.For(context, options, to, _connection),
        };
    }

    public IAwsTransport Transport => _connection.Transport;

    public string? Place => _connection.Place;

    public ChannelReader<SweepEnds> Ends => _ends.Reader;

    public Task<IReadOnlyList<Problem>> CheckAsync(IReadOnlyList<SweepLaunch> launches, CancellationToken cancellationToken) =>
        _launcher.CheckAsync(launches.Select(launch => (launch.Spec, launch.Plan)), cancellationToken);

    public async Task<SweepSent> SubmitAsync(SweepLaunch launch, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        Result<Launched> result = await _launcher.LaunchAsync(launch.Spec, launch.Plan, sentAt, cancellationToken);
        if (!result.IsSuccess) return new SweepSent(null, result.Problems, IsUnknown: false);
        if (result.Value.Outcome is SubmissionOutcome.Unknown unknown) return new SweepSent(null, [unknown.Problem], IsUnknown: true);
        SubmissionOutcome.Submitted submitted = (SubmissionOutcome.Submitted)result.Value.Outcome;
        string id = submitted.JobId;
        JobRegions.RememberArn(_context, id, submitted.JobArn);
        string what = launch.IsArray ? $"array of {launch.Jobs.Count} jobs" : $"job {launch.Jobs}";
        _context.Terminal.Note(
            $"{launch.Spec.Name} {id}: {what}, {launch.Plan.Target.Queue}, {result.Value.Definition} ({launch.Plan.Target.Reason})");
        if (!_options.Json) _context.Terminal.Output($"Submitted {launch.Spec.Name}: {id}");
        RunReport report = RunReport.Of(launch.Plan, id) with { JobDefinition = result.Value.Definition };
        return new SweepSent(new SentJob(id, launch.Jobs, report), [], IsUnknown: false);
    }

    public void Follow(SentJob job, IReadOnlySet<int> known, CancellationToken cancellationToken) =>
        _following.Add(FollowAsync(job, [.. known], cancellationToken));

    public async Task<SweepEnds?> GetEndsAsync(SentJob job, CancellationToken cancellationToken)
    {
        JobHandle handle = HandleOf(job);
        return await handle.DescribeAsync(cancellationToken) is { } now ? await EndsAsync(job, handle, now, [], cancellationToken) : null;
    }

    public Task CancelWaitingAsync(string jobId, CancellationToken cancellationToken) =>
        _connection.Transport.SendAsync(
            BatchOperations.CancelJob, new CancelJobRequest { JobId = jobId, Reason = SweepRun.FailFastReason }, cancellationToken);

    public async Task FinishAsync()
    {
        await Task.WhenAll(_following);
        if (_measuring.IsValueCreated) await _measuring.Value.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_measuring.IsValueCreated) await _measuring.Value.DisposeAsync();
        _connection.Dispose();
    }

    private async Task FollowAsync(SentJob job, HashSet<int> known, CancellationToken cancellationToken)
    {
        try
        {
            JobHandle handle = HandleOf(job);
            var log =
                new RemoteLog(_connection.Transport, handle, _context, toError: _options.Json,
                    await _connection.LogDelay.GetAsync(cancellationToken), part => SweepMessages.Prefix(job, part));
            JobDetail? end = await new JobFollower(_context.Terminal, PollPace.Remote).FollowAsync(
                handle,
                async now =>
                {
                    _measuring.Value.See(now);
                    await log.ReadAsync(now, cancellationToken);
                    if (IsWorthAsking(now, known.Count)) _ends.Writer.TryWrite(await EndsAsync(job, handle, now, known, cancellationToken));
                },
                cancellationToken);
            if (end is null || !JobStates.IsFinished(end.Status)) _ends.Writer.TryWrite(new SweepEnds([], Lost: job));
            else if (_options.Json && job.Report is { } report)
                _context.Terminal.Output(report.Ended(end, await JobExit.CodeAsync(handle, end, cancellationToken)).ToJson());
        }
#pragma warning disable CA1031 // Whatever it is, the one who waits for ends must hear of it, or waits forever.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _ends.Writer.TryWrite(new SweepEnds([], fault));
        }
    }

    private JobHandle HandleOf(SentJob job) =>
        new(_context.Terminal.Patient(_connection.Transport, _context.Time), _context.Time, job.JobId, job.JobId);

    // Each child is asked for in a call for a hundred: only while single ends are awaited, or at the end of all.
    private bool IsWorthAsking(JobDetail now, int known)
    {
        if (JobStates.IsFinished(now.Status)) return true;
        IReadOnlyDictionary<string, int>? children = now.ArrayProperties?.StatusSummary;
        int failed = children?.GetValueOrDefault(JobStatus.Failed) ?? 0;
        int ended = failed + (children?.GetValueOrDefault(JobStatus.Succeeded) ?? 0);
        return (_options.MaxJobs is not null && ended > known) || (_options.FailFast && failed > 0 && ended > known);
    }

    private static async Task<SweepEnds> EndsAsync(
        SentJob job, JobHandle handle, JobDetail now, HashSet<int> known, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobDetail> parts = job.Jobs.Count > 1 ? await handle.PartsAsync(now, job.Jobs.Count, cancellationToken) : [now];
        SweepEnd[] ends = [.. parts.Select(part => PartEnd.Of(job, part)).OfType<SweepEnd>().Where(end => known.Add(end.Job))];
        return new SweepEnds(ends, IsOver: JobStates.IsFinished(now.Status));
    }
}
