using System.Collections.Concurrent;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Loop;
using Refrag.Engine.Options;
using Refrag.Engine.Placement;
using Refrag.Runners.Attempts;
using Refrag.Server;

namespace Refrag.Cli.Commands.Serve;

/// <summary>
/// The engines of a server, one for each region that was asked: what one holds, no other sees. They share this machine and the clock. Those
/// whose state is stored are there from the start, the others from their first request on.
/// </summary>
internal sealed class ServedRegions : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LocalBatch> _engines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<LocalBatch>> _openings = new(StringComparer.Ordinal);
    private readonly Lock _openingsLock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<Problem> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<string, LocalBatchOptions> _options;
    private readonly TimeProvider _time;
    private readonly SharedMachine _machine;
    private readonly Action<string> _opened;
    private readonly string _usual;
    private string _runner;
    private Task _ready = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>No region is open yet.</summary>
    /// <param name="usual">The region that is there from the start.</param>
    /// <param name="options">How the engine of a region is set up.</param>
    /// <param name="runner">What runs the jobs; chosen by the first engine, and the same for all.</param>
    /// <param name="time">The clock.</param>
    /// <param name="opened">Hears of each region that is opened.</param>
    private ServedRegions(
        string usual, Func<string, LocalBatchOptions> options, string runner, TimeProvider time, Action<string> opened)
    {
        (_usual, _options, _runner, _time, _opened) = (usual, options, runner, time, opened);
        LocalBatchOptions machine = options(usual);
        _machine = new SharedMachine(machine.VCpus, machine.Memory);
    }

    /// <summary>What runs the jobs.</summary>
    public RunnerReport Runner => _engines[_usual].Runner;

    /// <summary>Ends when the regions that are there from the start are restored and answer.</summary>
    public Task Ready => _ready;

    /// <summary>Ends when an engine has ended by a fault, with the reason.</summary>
    public Task<Problem> Failed => _failed.Task;

    /// <summary>The folder of a region's state. The usual region has the state folder itself, as before there were others.</summary>
    public static string Folder(string state, string region) =>
        region == AwsRegions.Usual ? state : Path.Combine(state, "regions", region);

    /// <summary>Opens the usual region, and those whose state is in the folder; or says what is in the way.</summary>
    public static async Task<Result<ServedRegions>> OpenAsync(
        string state, string usual, Func<string, LocalBatchOptions> options, string runner, TimeProvider time, Action<string> opened,
        CancellationToken cancellationToken)
    {
        var regions = new ServedRegions(usual, options, runner, time, opened);
        string[] others = [.. AwsRegions.OfBatch.Where(region => region != usual && LocalBatch.HasState(Folder(state, region)))
            .Order(StringComparer.Ordinal)];
        // What still runs in one region has its part of the machine before another starts more.
        IDisposable? hold = others.Length > 0 ? regions._machine.Hold() : null;
        bool isOpen = false;
        try
        {
            foreach (string region in (string[])[usual, .. others])
            {
                Result<LocalBatch> engine = await regions.OpenAsync(region, cancellationToken);
                if (!engine.IsSuccess) return Result<ServedRegions>.Failure(engine.Problems);
            }
            regions._ready = ReadyAsync([.. regions._engines.Values.Select(engine => engine.Ready)], hold);
            isOpen = true;
            return regions;
        }
        finally
        {
            if (!isOpen) await AbandonAsync(regions, hold);
        }
    }

    /// <summary>The engine of a region, opened if it is not. <see cref="BatchException"/> if its state cannot be used.</summary>
    public ValueTask<LocalBatch> FindAsync(string region) =>
        _engines.TryGetValue(region, out LocalBatch? known) ? ValueTask.FromResult(known) : OpenLaterAsync(region);

    /// <summary>The same, as what answers requests.</summary>
    public ValueTask<IAwsTransport> TransportAsync(string region)
    {
        return _engines.TryGetValue(region, out LocalBatch? known) ? ValueTask.FromResult<IAwsTransport>(known) : OpenedAsync();

        async ValueTask<IAwsTransport> OpenedAsync() => await FindAsync(region);
    }

    /// <summary>
    /// How the server is: as the worst of its regions, which the reason names. One that is being opened for its first request changes
    /// nothing.
    /// </summary>
    public ServerHealth Health()
    {
        (string worst, EngineHealth health) = _engines.Select(one => (one.Key, one.Value.Health)).MaxBy(one => Badness(one.Health.Status));
        ServerHealth answer = ServedEngine.Health(health);
        return answer.Reason is { } reason && _engines.Count > 1 ? answer with { Reason = $"{worst}: {reason}" } : answer;
    }

    /// <summary>What the task metadata endpoint answers for a key, in whichever region its program runs; null if none knows it.</summary>
    public async Task<string?> TaskMetadataAsync(string path, CancellationToken cancellationToken)
    {
        foreach (LocalBatch engine in _engines.Values)
        {
            if (await engine.TaskMetadataAsync(path, cancellationToken) is { } document) return document;
        }
        return null;
    }

    /// <summary>Ends all engines, each as <see cref="LocalBatch.DisposeAsync"/> does.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] openings;
        lock (_openingsLock)
        {
            _isClosed = true;
            openings = [.. _openings.Values];
        }
        await _closing.CancelAsync();
        // Who asked for one hears what became of it.
        await Task.WhenAll(openings).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_engines.Values.Select(engine => engine.DisposeAsync().AsTask()));
        _closing.Dispose();
    }

    // The engines end first: one that ran for a moment without the hold would start jobs.
    private static async Task AbandonAsync(ServedRegions regions, IDisposable? hold)
    {
        try
        {
            await regions.DisposeAsync();
        }
        finally
        {
            hold?.Dispose();
        }
    }

    private static async Task ReadyAsync(Task[] engines, IDisposable? hold)
    {
        await Task.WhenAll(engines);
        hold?.Dispose();
    }

    private int Badness(EngineStatus status) => status switch
    {
        EngineStatus.Failed => 5,
        EngineStatus.CommitFailed => 4,
        EngineStatus.DiskFull => 3,
        EngineStatus.Stopping => 2,
        EngineStatus.Starting => _ready.IsCompleted ? -1 : 1,
        _ => 0,
    };

    private async ValueTask<LocalBatch> OpenLaterAsync(string region)
    {
        Task<LocalBatch>? opening;
        lock (_openingsLock)
        {
            if (_engines.TryGetValue(region, out LocalBatch? known)) return known;
            if (_isClosed) throw Stopping(region);
            // One opening for all that ask meanwhile, also if it fails.
            if (!_openings.TryGetValue(region, out opening)) _openings[region] = opening = OpenOnceAsync(region);
        }
        return await opening;
    }

    private async Task<LocalBatch> OpenOnceAsync(string region)
    {
        // Not under the caller's lock.
        await Task.Yield();
        try
        {
            return (await OpenAsync(region, _closing.Token)).TryGet(out LocalBatch? opened, out IReadOnlyList<Problem> problems)
                ? opened
                : throw BatchException.Server(region, string.Join(' ', problems.Select(one => $"{one.Code} {one.What}. {one.Cure}")));
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw Stopping(region);
        }
        finally
        {
            lock (_openingsLock) _openings.Remove(region);
        }
    }

    private static BatchException Stopping(string region) => BatchException.Server(region, "The server is stopping.");

    private async Task<Result<LocalBatch>> OpenAsync(string region, CancellationToken cancellationToken)
    {
        Result<LocalBatch> opened = await LocalBatch.OpenAsync(_options(region), _runner, _time, _machine, cancellationToken);
        if (!opened.TryGet(out LocalBatch? engine, out _)) return opened;
        _runner = engine.Runner.Kind.ToString().ToLowerInvariant();
        _engines[region] = engine;
        _opened(region);
        _ = WatchAsync(region, engine);
        return opened;
    }

    private async Task WatchAsync(string region, LocalBatch engine)
    {
        if (await engine.Ended is { } problem)
            _failed.TrySetResult(_engines.Count > 1 ? problem with { What = $"{region}: {problem.What}" } : problem);
    }
}
