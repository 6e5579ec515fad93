using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Engine.Attempts;
using Refrag.Engine.Logs;
using Refrag.Engine.Loop;
using Refrag.Engine.Names;
using Refrag.Engine.Operations;
using Refrag.Engine.Options;
using Refrag.Engine.Placement;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.Store;
using Refrag.Runners;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;
using Refrag.Runners.Simulation;
using Refrag.Scheduling.Explaining;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine;

/// <summary>
/// AWS Batch on this machine, inside this process: all operations of Batch, the part of CloudWatch Logs that reading a job's log needs,
/// and of ECS and EC2 what says where jobs run. Without a state folder everything lives as long as this object; with one, an answered
/// request is on disk, and the next engine on that folder continues where this one ended. Safe to use from several threads at once.
/// </summary>
public sealed class LocalBatch : IAwsTransport, IWriterLoop, IAsyncDisposable
{
    // Where nothing is run, this machine's GPUs bound nothing: more than any job can ask for on one host.
    private static readonly string[] s_simulatedGpus = [.. Enumerable.Range(0, 64)
        .Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private readonly IRunner _runner;
    private readonly IRunner _simulated;
    private readonly LogStore _logs;
    private readonly IStateStore _store;
    private readonly EngineLoop _loop;
    private readonly SemaphoreSlim _forecasts = new(1);
    private static readonly TimeSpan s_longestForecast = TimeSpan.FromSeconds(5);
    private readonly bool _keepsState;

    /// <summary>
    /// Starts an engine. Linux and macOS only: <see cref="PlatformNotSupportedException"/> elsewhere. <see cref="EngineStateException"/>
    /// where the state folder cannot be used; <see cref="OpenAsync"/> gives that as a problem.
    /// </summary>
    /// <param name="options">How it is set up; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public LocalBatch(LocalBatchOptions? options = null, TimeProvider? time = null)
        : this(options ?? new LocalBatchOptions(), StateIn(options, time), time ?? TimeProvider.System)
    {
    }

    internal LocalBatch(
        LocalBatchOptions options, IRunner runner, TimeProvider time, IRunner? simulatedRunner = null, IStateStore? store = null,
        SharedMachine? machine = null)
    {
        // A container has its image's programs.
        if (runner.Report.Kind != RunnerKind.Process) options = options with { Programs = new Dictionary<string, IReadOnlyList<string>>() };
        if (options.Fleets is { } fleets)
            options = options with { Fleets = fleets with { TakesMachine = runner.Report.Kind != RunnerKind.Simulated } };
        _runner = runner;
        _simulated = simulatedRunner ?? new SimulatedRunner(time);
        _store = store ?? StateIn(options, time);
        _keepsState = options.StateDirectory is not null;
        _logs = new LogStore(options.LogBytesPerStream, Folder(options, "logs") ?? Mirror(options, "logs"), time,
            isMirror: !_keepsState && options.MirrorDirectory is not null,
            workFolder: _keepsState ? options.WorkFolder : null,
            arns: new LocalArns(options.Account, options.Region));
        _loop = new EngineLoop(options, runner, _simulated, _logs, _store, time, machine);
        Runner = runner.Report;
    }

    private LocalBatch(LocalBatchOptions options, IStateStore store, TimeProvider time)
        : this(options, new ProcessRunner(time, Folder(options, "attempts")), time, store: store)
    {
    }

    /// <summary>What runs the jobs, and what it can enforce.</summary>
    public RunnerReport Runner { get; private init; }

    /// <summary>Ends when the state is restored and requests are answered, or with the engine.</summary>
    public Task Ready => _loop.Ready;

    /// <summary>How the engine is now.</summary>
    public EngineHealth Health => _loop.Health;

    /// <summary>Completes when the engine has ended: with null in order, else with the reason.</summary>
    public Task<Problem?> Ended => EndAsync();

    private async Task<Problem?> EndAsync() => await _loop.Ended is { } fault
        ? new Problem
        {
            Code = "RF4020",
            What = $"the engine has ended: {fault.Message.TrimEnd('.')}",
            Cure = "Start it again; the stored state is whole.",
        }
        : null;

    /// <summary>
    /// Starts an engine with a runner of one's choice, or says what is in the way: another engine has the state (RF4010), it was written by
    /// a newer refrag (RF4013), is damaged (RF4016) or belongs to another account or region (RF4040), there is no such runner, or no
    /// container engine answers.
    /// </summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="runner"><c>auto</c>, <c>process</c>, <c>container</c> or <c>simulated</c>.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="machine">The machine that it shares with other engines of this process; null if it has all of it.</param>
    /// <param name="cancellationToken">Gives up looking for a runner.</param>
    public static async Task<Result<LocalBatch>> OpenAsync(
        LocalBatchOptions options, string runner = "process", TimeProvider? time = null, SharedMachine? machine = null,
        CancellationToken cancellationToken = default)
    {
        TimeProvider clock = time ?? TimeProvider.System;
        IStateStore? store = null;
        try
        {
            store = StateIn(options, clock);
            var settings = new RunnerSettings
            {
                Time = clock,
                Variables = options.Variables,
                AttemptFolder = Folder(options, "attempts"),
                Owner = Owner(options),
            };
            Result<ChosenRunner> chosen = await RunnerChoice.MakeAsync(runner, settings, cancellationToken);
            if (!chosen.TryGet(out ChosenRunner? made, out IReadOnlyList<Problem> problems)) return Result<LocalBatch>.Failure(problems);
            if (made.Runner.Report.Kind is RunnerKind.Simulated) options = options with { GpuIds = options.GpuIds ?? s_simulatedGpus };
            var batch = new LocalBatch(options, made.Runner, clock, store: store, machine: machine) { Runner = made.Report };
            store = null;
            return batch;
        }
        catch (EngineStateException e)
        {
            return e.Problem;
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            return StateProblems.Unreadable(options.StateDirectory, e);
        }
        finally
        {
            store?.Dispose();
        }
    }

    /// <summary>Whether a folder holds the state of an engine.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    public static bool HasState(string folder) => File.Exists(Path.Combine(folder, StateFolder.DatabaseName));

    /// <summary>
    /// Opens what an engine that is gone has left in its <see cref="LocalBatchOptions.MirrorDirectory"/>, to be read: nothing is started
    /// and nothing written. Jobs that had not ended are shown as failed, because they ended with their engine. Fails with RF4010 where that
    /// engine still lives, RF4012 where the folder holds no state, RF4035 where it cannot be used, and RF4013 or RF4016 where its state
    /// cannot be read. Several readers may have one folder open.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static Result<LocalBatch> OpenEnded(string folder, TimeProvider? time = null)
    {
        TimeProvider clock = time ?? TimeProvider.System;
        try
        {
            EndedState.Settle(folder, clock);
            var options = new LocalBatchOptions { MirrorDirectory = folder };
            return new LocalBatch(options, new SimulatedRunner(clock), clock, store: EndedState.Open(folder));
        }
        catch (EngineStateException e)
        {
            return e.Problem;
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or IOException or UnauthorizedAccessException)
        {
            return StateProblems.UnreadableCopy(folder, e);
        }
    }

    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        // What AWS would refuse is refused here too, before a first run on AWS shows it; and what would be too much for this engine.
        if (Check(operation, request) is { Count: > 0 } problems)
            throw new InvalidRequestException(operation.Service, operation.Name, problems);
        return await (_loop.Operations.Find(operation) is { } handler
            ? handler(new OperationCaller(this, this, cancellationToken), request)
            : throw Failure(operation, new Refusal("The operation is unknown to the embedded engine.")));
    }

    async Task<TResponse> IWriterLoop.ExecuteAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, Func<TRequest, OperationResult<TResponse>> handler,
        CancellationToken cancellationToken)
    {
        try
        {
            var reply = new Reply<OperationResult<TResponse>>();
            var call = new Call<TRequest, TResponse>(operation.Name, request, handler, reply);
            return (await CallAsync(operation.Name, call, reply, cancellationToken)).Get();
        }
        catch (Refusal refusal)
        {
            throw Failure(operation, refusal);
        }
    }

    private static AwsServiceException Failure(AwsOperation operation, Refusal refusal) => operation.Failure(
        new AwsError(refusal.AwsCode ?? Refusal.DefaultAwsCode(operation.Service), refusal.Message, HttpStatusCode.BadRequest));

    private static IReadOnlyList<Problem> Check<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class =>
        operation.Service == AwsService.Batch ? BatchLimits.CheckForEngine(operation, request)
        : operation.Service == AwsService.Logs ? LogsLimits.Check(operation, request)
        : [];

    /// <summary>
    /// A job as it is now, and again after every change of its status or status reason, to its end or this engine's. Of an array this is
    /// the parent, of a multi-node job the whole. A reader that is slow may miss changes in between, never the last.
    /// <see cref="BatchException"/> where the state cannot be written any more.
    /// </summary>
    /// <param name="jobId">The id of a job, an array or an array's child. <see cref="ArgumentException"/> if there is none.</param>
    /// <param name="cancellationToken">Ends the watching, not the job.</param>
    public async IAsyncEnumerable<JobDetail> WatchAsync(
        string jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Channel<JobDetail> changes = Channel.CreateBounded<JobDetail>(
            new BoundedChannelOptions(MostUnreadChanges) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var isKnown = new Reply<bool>();
        if (!await CallAsync(BatchOperations.DescribeJobs.Name, new Watch(jobId, changes.Writer, isKnown), isKnown, cancellationToken))
            throw new ArgumentException($"There is no job {jobId}.", nameof(jobId));
        try
        {
            await foreach (JobDetail detail in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return detail;
                if (detail.Status is JobStatus.Succeeded or JobStatus.Failed) yield break;
            }
        }
        finally
        {
            _loop.Post(new Unwatch(jobId, changes.Writer));
        }
    }

    /// <summary>
    /// What a job prints, from its beginning, as it comes, until the job has ended and everything is reported: of all children, nodes and
    /// attempts together, or of one child (<c>id:3</c>) or node (<c>id#1</c>). <see cref="ArgumentException"/> if there is no such job.
    /// </summary>
    /// <param name="jobId">The id of a job, an array, a child or a node.</param>
    /// <param name="cancellationToken">Ends the reading, not the job.</param>
    public IAsyncEnumerable<LogEvent> FollowAsync(string jobId, CancellationToken cancellationToken = default) =>
        _logs.FollowJob(jobId, cancellationToken);

    /// <summary>
    /// The same of one log stream, which is one node in one attempt. <see cref="ArgumentException"/> if there is none of that name.
    /// </summary>
    /// <param name="logStreamName">The name that DescribeJobs shows.</param>
    /// <param name="cancellationToken">Ends the reading, not the job.</param>
    public IAsyncEnumerable<LogEvent> FollowStreamAsync(string logStreamName, CancellationToken cancellationToken = default) =>
        _logs.FollowStream(logStreamName, cancellationToken);

    /// <summary>
    /// Lets something go wrong with the fleets, once: times count from now. <see cref="InvalidOperationException"/> if there are no
    /// fleets (<see cref="LocalBatchOptions.Fleets"/>). It is not stored.
    /// </summary>
    /// <param name="injection">What goes wrong, from when, until when.</param>
    public Task InjectAsync(Injection injection)
    {
        var done = new Reply<bool>();
        return _loop.Post(new Inject(injection, done)) ? done.Task : Task.CompletedTask;
    }

    /// <summary>The instances of the simulated fleets, those that start too, the oldest first; empty if there are none.</summary>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    public Task<IReadOnlyList<SimulatedInstance>> FleetsAsync(CancellationToken cancellationToken = default)
    {
        var reply = new Reply<IReadOnlyList<SimulatedInstance>>();
        return CallAsync("DescribeFleets", new DescribeFleets(reply), reply, cancellationToken);
    }

    /// <summary>
    /// What instances of the simulated fleets have taken since the engine started, those that have ended too; empty if there are none.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    public Task<IReadOnlyList<FleetUsage>> FleetUsageAsync(CancellationToken cancellationToken = default)
    {
        var reply = new Reply<IReadOnlyList<FleetUsage>>();
        return CallAsync("DescribeFleetUsage", new DescribeFleetUsage(reply), reply, cancellationToken);
    }

    /// <summary>
    /// When a job of a fleet will start, and the engine's time of the question; null if it does not wait for an instance, or no start
    /// is known. Worked out beside the engine, for one caller after the other.
    /// </summary>
    /// <param name="jobId">The job's id; for a child of an array <c>id:3</c>.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    public async Task<(StartForecast? Forecast, DateTimeOffset At)> ForecastStartAsync(
        string jobId, CancellationToken cancellationToken = default)
    {
        // Before the question, which copies what it needs: those who wait hold none.
        await _forecasts.WaitAsync(cancellationToken);
        try
        {
            var reply = new Reply<StartQuestion?>();
            if (await CallAsync("ForecastStart", new AskForStart(jobId, reply), reply, cancellationToken) is not { } question)
                return (null, _logs.Now);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_longestForecast);
            try
            {
                return (await Task.Run(() => question.Answer(limit.Token), limit.Token), question.AskedAt);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Too much is before the job to say more than that it waits.
                return (null, question.AskedAt);
            }
        }
        finally
        {
            _forecasts.Release();
        }
    }

    /// <summary>
    /// What ECS's task metadata endpoint, version 4, answers a program that runs: JSON. Null for a program that does not run and for a
    /// document that is not known here.
    /// </summary>
    /// <param name="path">What follows <c>/v4/</c> in the address: <c>KEY</c> for the container, <c>KEY/task</c> for its task.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    public async Task<string?> TaskMetadataAsync(string path, CancellationToken cancellationToken = default)
    {
        string[] parts = path.TrimEnd('/').Split('/');
        if (parts is not ([_] or [_, "task"])) return null;
        var reply = new Reply<string?>();
        return await CallAsync("DescribeTask", new DescribeTask(parts[0], parts.Length > 1, reply), reply, cancellationToken);
    }

    /// <summary>
    /// Ends every job and takes no new ones: SIGTERM to each process group, SIGKILL to those that are left after <paramref name="grace"/>.
    /// Returns when nothing runs any more; the jobs can still be described and read. A second call with a shorter grace shortens the first.
    /// </summary>
    /// <param name="grace">How long programs may take to end; zero kills at once. AWS gives 30 seconds.</param>
    public Task StopAsync(TimeSpan grace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _loop.Post(new StopAll(grace, stopped)) ? stopped.Task : Task.CompletedTask;
    }

    /// <summary>
    /// Ends the engine. Without a state folder it stops as <see cref="StopAsync"/> does with a grace of 30 seconds. With one, jobs that
    /// wait are left to the next engine; what runs continues where the runner's attempts outlive the engine, and is otherwise ended and
    /// retried by the job's own rules.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_keepsState) await LeaveAsync(AttemptSupervisor.Grace);
        else await StopAsync(AttemptSupervisor.Grace);
        _loop.Complete();
        // Every caller has heard of a fault; what is on disk is whole.
        await _loop.Ended;
        await _runner.DisposeAsync();
        await _simulated.DisposeAsync();
        if (_store is MirroredStore mirrored) await mirrored.FinishAsync();
        _store.Dispose();
    }

    private static IStateStore StateIn(LocalBatchOptions? options, TimeProvider? time) => options switch
    {
        { StateDirectory: { } folder } => SqliteStore.Open(folder, time ?? TimeProvider.System),
        { MirrorDirectory: { } mirror } => new MirroredStore(mirror, time ?? TimeProvider.System, options.MirrorFailed),
        _ => new MemoryStore(),
    };

    private static string? Mirror(LocalBatchOptions options, string name) =>
        options.MirrorDirectory is { } mirror ? Path.Combine(mirror, name) : null;

    private static string? Folder(LocalBatchOptions options, string name) =>
        options.StateDirectory is { } state ? Path.Combine(state, name) : null;

    // Containers bear their state's name, so that engines on other states leave them alone. Its number in the file system too: a copy may
    // have the path of the original.
    private static string Owner(LocalBatchOptions options) => options.StateDirectory is { } state
        ? Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Path.GetFullPath(state)}\n{FileIdentity.Of(state)?.Number}")).AsSpan(0, 8))
        : "local";

    private async Task<T> CallAsync<T>(string operation, EngineMessage question, Reply<T> reply, CancellationToken cancellationToken)
    {
        try
        {
            if (!_loop.Post(question)) throw new EngineStopped();
            return await reply.Task.WaitAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is StateFault or EngineFault or EngineStopped)
        {
            throw BatchException.Server(operation, fault.Message);
        }
    }

    private Task LeaveAsync(TimeSpan grace)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _loop.Post(new Detach(grace, _runner.Report.Survives, left)) ? left.Task : Task.CompletedTask;
    }

    // A job has about seven changes an attempt.
    private const int MostUnreadChanges = 128;
}
