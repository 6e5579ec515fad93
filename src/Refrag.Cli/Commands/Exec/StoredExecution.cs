using System.Diagnostics;
using Refrag.Apps;
using Refrag.Aws;
using Refrag.Cli.Context;
using Refrag.Results;
using Refrag.Runners.Attempts;
using Refrag.Stores;

namespace Refrag.Cli.Commands.Exec;

/// <summary>
/// <c>refrag exec</c> of a job with a store for results: the worker runs in a child, and this process stores what it writes. The output
/// directory is the attempt's own.
/// </summary>
internal sealed class StoredExecution : IDisposable
{
    private const int SignalBase = 128;

    // A store that is away for a moment neither ends a job nor loses its results.
    private static readonly TimeSpan s_longestBegin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private readonly CliContext _context;
    private readonly IReadOnlyList<string> _arguments;
    private readonly SemaphoreSlim _asked = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private UsageReport? _usage;
    private string? _said;
    private int _signal;
    private int _signalsAfterEnd;
    private bool _isStopped;
    private bool _isBegun;
    private bool _hasEnded;

    private StoredExecution(CliContext context, IReadOnlyList<string> arguments) => (_context, _arguments) = (context, arguments);

    /// <summary>Whether the job of this process has a store for results.</summary>
    public static bool IsWanted(CliContext context) => !string.IsNullOrEmpty(context.Variable(ResultVariables.Store));

    /// <summary>
    /// The worker's exit code; <see cref="AppExitCodes.Refused"/> if it was not begun, and <see cref="AppExitCodes.NotStored"/> if it
    /// succeeded and its results could not be stored.
    /// </summary>
    public static async Task<int> RunAsync(CliContext context, IReadOnlyList<string> arguments)
    {
        using StoredExecution execution = new(context, arguments);
        return await execution.RunAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _asked.Dispose();
        _stop.Dispose();
    }

    private async Task<int> RunAsync()
    {
        if (!ResultVariables.Read(_context.Variable).TryGet(out AttemptResults? attempt, out IReadOnlyList<Problem> problems)
            || !ResultStores.Named(attempt.Choice.Store, place: null, new AwsClientOptions { Time = _context.Time })
                .TryGet(out IResultStore? store, out problems))
        {
            return Refuse(problems);
        }
        using (store)
        {
            using AttachedProcess child = new(_context.Variable(GroupSignals.Variable) is null, Receive);
            string root = Root();
            HeldFolder folder;
            try
            {
                folder = HeldFolder.Make(root, "results");
            }
            catch (Exception fault) when (ResultStores.IsFault(fault))
            {
                return Refuse([ResultProblems.NoOutputDirectory(root, fault.Message)]);
            }
            ResultSync sync = new(store, attempt.Place, attempt.Attempt, folder.Content, _context.Time, _context.Terminal.Note);
            return await RunAsync(sync, attempt.Choice.Interval, folder, child);
        }
    }

    private async Task<int> RunAsync(ResultSync sync, TimeSpan interval, HeldFolder folder, AttachedProcess child)
    {
        try
        {
            if (await RepeatAsync(sync, sync.BeginAsync, s_longestBegin) is { } notBegun)
            {
                folder.Remove();
                return Refuse([notBegun]);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            folder.Remove();
            return SignalBase + Volatile.Read(ref _signal);
        }
        if (!MayStart())
        {
            folder.Remove();
            return SignalBase + Volatile.Read(ref _signal);
        }
        ProcessStartInfo start = CurrentExecutable.Start(["exec", .. _arguments]);
        foreach (string mine in (string[])[ResultVariables.Store, ResultVariables.Interval, GroupSignals.Variable])
            start.Environment.Remove(mine);
        start.Environment[BatchVariables.OutputDirectory] = folder.Content;
        // Where signals go to the group, the runner measures.
        _usage = _context.Variable(GroupSignals.Variable) is null ? UsageReport.Begin(_context) : null;
        Task<int> worker = child.RunAsync(start);
        while (!await HasEndedAsync(worker, interval)) Report(await StoreAsync(sync, TimeSpan.Zero), isLast: false);
        int exit = await worker;
        lock (_lock) _hasEnded = true;
        _usage?.End();
        Problem? problem = await StoreAsync(sync, s_longestEnd);
        if (_usage is not null) await _usage.DisposeAsync();
        return End(exit, problem, folder);
    }

    // A signal that came while the last attempt's results were brought ends all, even if it came with the last of them.
    private bool MayStart()
    {
        lock (_lock)
        {
            _isBegun = !_isStopped;
            return _isBegun;
        }
    }

    private int End(int exit, Problem? problem, HeldFolder folder)
    {
        if (problem is null)
        {
            folder.Remove();
            return exit;
        }
        Report(problem, isLast: true);
        _context.Terminal.Note($"What the job has written is in {folder.Keep()}, as long as this machine or container is there.");
        // A job whose results are lost has not succeeded; what depends on it would run without them.
        return exit == AppExitCodes.Success ? AppExitCodes.NotStored : exit;
    }

    /// <summary>Waits for the interval, or for less where a signal asks for what there is now; true if the worker has ended.</summary>
    private async Task<bool> HasEndedAsync(Task<int> worker, TimeSpan interval)
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(worker, _asked.WaitAsync(over.Token), Task.Delay(interval, _context.Time, over.Token));
        await over.CancelAsync();
        return worker.IsCompleted;
    }

    private async Task<Problem?> StoreAsync(ResultSync sync, TimeSpan longest)
    {
        try
        {
            return await RepeatAsync(sync, sync.StoreAsync, longest);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return ResultProblems.Interrupted(sync.Url);
        }
    }

    /// <summary>Repeats what may succeed after a while, with growing pauses; the problem that is left after the longest time.</summary>
    private async Task<Problem?> RepeatAsync(ResultSync sync, Func<CancellationToken, Task<Problem?>> act, TimeSpan longest)
    {
        long begin = _context.Time.GetTimestamp();
        for (TimeSpan pause = s_firstPause; ; pause = Shorter(pause * 2, s_longestPause))
        {
            if (await act(_stop.Token) is not { } problem) return null;
            TimeSpan left = longest - _context.Time.GetElapsedTime(begin);
            if (!sync.MayPass || left <= TimeSpan.Zero) return problem;
            Report(problem, isLast: false);
            await Task.Delay(Shorter(pause, left), _context.Time, _stop.Token);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // The same fault is said once, and again when it comes back or is the last word.
    private void Report(Problem? problem, bool isLast)
    {
        if (problem is not null && (isLast || problem.What != _said)) _context.Terminal.Problems([problem]);
        _said = problem?.What;
    }

    private void Receive(int number)
    {
        bool isStopped;
        lock (_lock)
        {
            Volatile.Write(ref _signal, number);
            // Before the worker begins, a signal gives up. After its end the second one does: the one that ended it may be heard of then.
            _isStopped |= !_isBegun || (_hasEnded && ++_signalsAfterEnd > 1);
            isStopped = _isStopped;
        }
        if (isStopped) _stop.Cancel();
        else _asked.Release();
        _usage?.Write();
    }

    private string Root() => _context.Variable(BatchVariables.OutputDirectory) is { Length: > 0 } given
        ? Path.Combine(_context.WorkingDirectory, given)
        : Path.GetTempPath();

    private int Refuse(IReadOnlyList<Problem> problems)
    {
        _context.Terminal.Problems(problems);
        return AppExitCodes.Refused;
    }
}
