using System.Threading.Channels;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Cli.LocalRuns;
using Refrag.Engine;
using Refrag.Launching;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>A sweep on this machine: the same arrays, to the engine inside this process.</summary>
internal sealed class LocalSweep : ISweepBackend
{
    private readonly CliContext _context;
    private readonly RunOptions _options;
    private readonly LocalRunHost _run;
    private readonly CancellationTokenRegistration _stop;
    private readonly Channel<SweepEnds> _ends = Channel.CreateUnbounded<SweepEnds>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Task> _following = [];

    /// <summary>The variable by which processes of a sweep are found again, whoever has started them.</summary>
    public const string Variable = "REFRAG_SWEEP_ID";

    public LocalSweep(CliContext context, RunOptions options, string id, IReadOnlyList<LaunchPlan> plans, CancellationToken stop)
    {
        (_context, _options) = (context, options);
        _run = LocalEngine.Start(context, plans, (Variable, id));
        _stop = LocalEngine.StopOn(context, Batch, stop);
    }

    private LocalBatch Batch => _run.Batch;

    public IAwsTransport Transport => Batch;

    public string? Place => null;

    public ChannelReader<SweepEnds> Ends => _ends.Reader;

    public Task<IReadOnlyList<Problem>> CheckAsync(IReadOnlyList<SweepLaunch> launches, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Problem>>([]);

    public async Task<SweepSent> SubmitAsync(SweepLaunch launch, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        LaunchPlan plan = LocalEngine.WithMeetingPlace(launch.Plan);
        Result<Launched> launched = await new Launcher(Batch, _context.Time).LaunchAsync(launch.Spec, plan, cancellationToken);
        if (!launched.IsSuccess) return new SweepSent(null, launched.Problems, IsUnknown: false);
        string id = LocalRunHost.Submitted(launched.Value.Outcome).JobId;
        return new SweepSent(new SentJob(id, launch.Jobs, RunReport.Of(plan, id)), [], IsUnknown: false);
    }

    // A signal stops the jobs, and their ends are worth telling: nothing here is cancelled.
    public void Follow(SentJob job, IReadOnlySet<int> known, CancellationToken cancellationToken)
    {
        _following.Add(FollowAsync(job));
        for (int child = 0; child < job.Jobs.Count; child++) _following.Add(
            EndAsync(job, job.Jobs.Count > 1 ? $"{job.JobId}:{child}" : job.JobId));
    }

    public Task<SweepEnds?> GetEndsAsync(SentJob job, CancellationToken cancellationToken) => Task.FromResult<SweepEnds?>(null);

    public Task CancelWaitingAsync(string jobId, CancellationToken cancellationToken) =>
        Batch.SendAsync(
            BatchOperations.CancelJob, new CancelJobRequest { JobId = jobId, Reason = SweepRun.FailFastReason }, cancellationToken);

    public Task<int> RunAsync(Func<Task<int>> work) => _run.RunAsync(_context, work);

    public Task FinishAsync() => Task.WhenAll(_following);

    public async ValueTask DisposeAsync()
    {
        await _stop.DisposeAsync();
        await _run.DisposeAsync();
    }

    private async Task FollowAsync(SentJob job)
    {
        Task printing = new LocalLog(_context, _options.Json).PrintAsync(Batch, job.JobId, id => SweepMessages.Prefix(job, id));
        JobDetail? end = null;
        await foreach (JobDetail now in Batch.WatchAsync(job.JobId, CancellationToken.None)) end = now;
        await printing;
        if (!_options.Json) return;
        int code = await JobExit.CodeAsync(new JobHandle(Batch, _context.Time, job.JobId, end!.JobName), end, CancellationToken.None);
        _context.Terminal.Output(job.Report!.Ended(end, code).ToJson());
    }

    private async Task EndAsync(SentJob job, string partId)
    {
        JobDetail? end = null;
        try
        {
            await foreach (JobDetail now in Batch.WatchAsync(partId, CancellationToken.None)) end = now;
        }
        catch (AwsException fault)
        {
            // The engine has ended: whoever waits for the part's end must learn of it.
            _ends.Writer.TryWrite(new SweepEnds([], fault));
            return;
        }
        SweepEnd ended = PartEnd.Of(job, end!)!;
        if (ended.Status == Composition.Sweeps.JobStatus.Failed)
            _context.Terminal.Note($"[{ended.Job}] {end!.Status}{(end.StatusReason is { } why ? $" ({why})" : "")}");
        _ends.Writer.TryWrite(new SweepEnds([ended]));
    }
}
