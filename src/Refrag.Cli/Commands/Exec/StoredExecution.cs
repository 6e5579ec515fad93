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

    private readonly CliContext _context;
    private readonly IReadOnlyList<string> _arguments;
    private readonly SemaphoreSlim _asked = new(0);
    private readonly CancellationTokenSource _stop = new();
    private string? _said;
    private int _signal;
    private int _signals;
    private volatile bool _isBegun;
    private volatile bool _hasEnded;

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
            using OwnChild child = new(_context.Variable(GroupSignals.Variable) is null, Receive);
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

    private async Task<int> RunAsync(ResultSync sync, TimeSpan interval, HeldFolder folder, OwnChild child)
    {
        try
        {
            if (await sync.BeginAsync(_stop.Token) is { } problem)
            {
                folder.Remove();
                return Refuse([problem]);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            folder.Remove();
            return SignalBase + _signal;
        }
        _isBegun = true;
        Task<int> worker = child.RunAsync(["exec", .. _arguments], new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [ResultVariables.Store] = null,
            [ResultVariables.Interval] = null,
            [GroupSignals.Variable] = null,
            [BatchVariables.OutputDirectory] = folder.Content,
        });
        while (!await HasEndedAsync(worker, interval)) Report(await StoreAsync(sync), isLast: false);
        int exit = await worker;
        _hasEnded = true;
        return End(exit, await StoreAsync(sync), folder);
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

    private async Task<Problem?> StoreAsync(ResultSync sync)
    {
        try
        {
            return await sync.StoreAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return ResultProblems.Interrupted(sync.Url);
        }
    }

    // The same fault is said once, and again when it comes back or is the last word.
    private void Report(Problem? problem, bool isLast)
    {
        if (problem is not null && (isLast || problem.What != _said)) _context.Terminal.Problems([problem]);
        _said = problem?.What;
    }

    private void Receive(int number)
    {
        Volatile.Write(ref _signal, number);
        // Before the worker begins, and after its end, a signal gives up; but the one that ended it may be heard of after its end.
        if (!_isBegun || (Interlocked.Increment(ref _signals) > 1 && _hasEnded)) _stop.Cancel();
        else _asked.Release();
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
