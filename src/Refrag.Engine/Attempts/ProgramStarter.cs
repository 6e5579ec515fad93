using System.Collections.Concurrent;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>Starts and adopts programs and reports what becomes of them; it decides nothing.</summary>
/// <param name="runner">Runs what is run.</param>
/// <param name="simulatedRunner">Runs what is simulated.</param>
/// <param name="post">Takes what becomes of the programs.</param>
/// <param name="report">Takes a fault that no job has, with what it hit; from any thread.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgramStarter(
    IRunner runner, IRunner simulatedRunner, Action<EngineMessage> post, Action<string, Exception> report, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>What is reported if programs of an earlier engine may still run.</summary>
    public const string NotSwept = "What earlier attempts left could not be ended";

    private readonly RunnerKind _kind = runner.Report.Kind;
    private readonly List<Task> _lookups = [];
    private readonly ConcurrentDictionary<Task, bool> _unfinished = new();
    private readonly FairTurns _turns = new(Environment.ProcessorCount);
    private readonly CancellationTokenSource _closing = new();
    private Task _ready = Task.CompletedTask;

    /// <summary>Whether jobs run as processes of this machine, with its variables.</summary>
    public bool RunsProcesses => _kind is RunnerKind.Process;

    /// <summary>Whether the containers of a task are run one by one; otherwise the task is simulated as a whole.</summary>
    public bool RunsTasks => _kind is not RunnerKind.Simulated;

    /// <summary>What of a container's description is not applied here, in words.</summary>
    public IEnumerable<string> NotApplied(ContainerProperties container) => runner.NotApplied(container);

    /// <summary>Starts one node. Everything that happens comes back as messages.</summary>
    public void Start(LaunchedNode node, AttemptStart start, bool simulated) =>
        Track(RunAsync(node, start, log => BeginAsync(Choose(simulated), start, log)));

    /// <summary>Looks for a node that an earlier engine started, or meant to; starts it where it certainly never began.</summary>
    public void Adopt(LaunchedNode node, AttemptStart start, bool simulated, bool hadBegun) =>
        _ = AdoptAsync(node, Choose(simulated), start, hadBegun);

    /// <summary>Lets a runner forget a node that has ended.</summary>
    public void Forget(NodeRun run, bool simulated) => Track(ForgetAsync(Choose(simulated), run));

    /// <summary>
    /// Nothing is started any more. Ends when everything that is to be forgotten is, and no start is half done: an engine that is gone
    /// opens no file. What was not started is found by the next engine, which starts it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_unfinished.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private IRunner Choose(bool simulated) => simulated ? simulatedRunner : runner;

    /// <summary>
    /// Ends what an earlier engine left and no record knows. Nothing starts before that, nor before every adoption has been
    /// answered.
    /// </summary>
    public void Sweep(IReadOnlySet<AttemptIdentity> known) => _ready = SweepAsync(known);

    private async Task SweepAsync(IReadOnlySet<AttemptIdentity> known)
    {
        await Task.WhenAll(_lookups);
        _lookups.Clear();
        try
        {
            await runner.SweepAsync(known, CancellationToken.None);
        }
#pragma warning disable CA1031 // What is not swept now is swept at the next start; the jobs of today must not wait for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report(NotSwept, e);
        }
    }

    private async Task<IRunningAttempt> BeginAsync(IRunner from, AttemptStart start, LogStream log)
    {
        await _ready;
        // The sweep may take longer than the engine lives, and what starts prints into a file.
        if (_closing.IsCancellationRequested) throw new OperationCanceledException();
        if (start.Obstacle is { } why) return new EndedAttempt(new AttemptExit(null, why, Started: false));
        return await from.StartAsync(start, log, CancellationToken.None);
    }

    private async Task AdoptAsync(LaunchedNode node, IRunner from, AttemptStart start, bool hadBegun)
    {
        Task<(LogStream? Log, Adoption Adoption)> lookup = AdoptFromAsync(node, from, start);
        _lookups.Add(lookup);
        var (log, adoption) = await lookup;
        if (log is null)
        {
            // Without a log it cannot continue; it is ended first, so that it does not run beside its next attempt.
            adoption.Attempt?.Signal(StopSignal.Kill);
            if (adoption.Attempt is { } killed) await killed.Exit;
            post(new NodeEnded(node.JobId, node.Attempt, node.Index, new AttemptExit(null), IsLost: true, node.Container));
            return;
        }
        if (adoption is { State: AdoptionState.Found, Attempt: { } found }) _ = RunAsync(node, log, Task.FromResult(found));
        else if (adoption.State is AdoptionState.NeverStarted && !hadBegun) _ = RunAsync(node, log, BeginAsync(from, start, log));
        else
        {
            Complete(log);
            post(new NodeEnded(node.JobId, node.Attempt, node.Index, new AttemptExit(null), IsLost: true, node.Container));
        }
    }

    private async Task<(LogStream? Log, Adoption Adoption)> AdoptFromAsync(LaunchedNode node, IRunner from, AttemptStart start)
    {
        LogStream? log = null;
        try
        {
            log = await DelayedStart.RunAsync(() => Task.FromResult(node.OpenLog()), Shortage.Words, report: null, time, start.Stopping);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // The output is lost.
        }
        return (log, await AdoptFromAsync(from, start.Identity!, log is null ? DiscardedOutput.Instance : log));
    }

    private static async Task<Adoption> AdoptFromAsync(IRunner from, AttemptIdentity identity, IOutputSink log)
    {
        await Task.Yield();
        try
        {
            return await from.AdoptAsync(identity, log, CancellationToken.None);
        }
#pragma warning disable CA1031 // A runner that cannot say what became of an attempt has lost it; the job's own rules decide what follows.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Adoption.Gone;
        }
    }

    private async Task RunAsync(LaunchedNode node, AttemptStart start, Func<LogStream, Task<IRunningAttempt>> begin)
    {
        // Opening files and starting a program take a millisecond that the writer loop and the committer have better uses for.
        await Task.Yield();
        if (_closing.IsCancellationRequested) return;
        LogStream log;
        try
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(start.Stopping, _closing.Token);
            log = await DelayedStart.RunAsync(() => OpenLogAsync(node), Shortage.Words, start.Delayed, time, stopping.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            post(new NodeEnded(node.JobId, node.Attempt, node.Index, NotStarted(e), Container: node.Container));
            return;
        }
        // Not awaited: what is needed to start, its whole environment among it, would stay in memory as long as the program runs.
        _ = RunAsync(node, log, begin(log));
    }

    // Whoever waits for file descriptors has no turn: those that have some need one to give them back.
    private async Task<LogStream> OpenLogAsync(LaunchedNode node)
    {
        using FairTurns.Turn turn = await _turns.NextAsync();
        _closing.Token.ThrowIfCancellationRequested();
        return node.OpenLog();
    }

    private async Task RunAsync(LaunchedNode node, LogStream log, Task<IRunningAttempt> began)
    {
        AttemptExit exit = await ExitAsync(node, began);
        using (await _turns.NextAsync()) Complete(log);
        post(new NodeEnded(node.JobId, node.Attempt, node.Index, exit, Container: node.Container));
    }

    private async Task<AttemptExit> ExitAsync(LaunchedNode node, Task<IRunningAttempt> began)
    {
        try
        {
            IRunningAttempt running = await began;
            if (running is not EndedAttempt) post(new NodeStarted(node.JobId, node.Attempt, node.Index, running, node.Container));
            return await running.Exit;
        }
#pragma warning disable CA1031 // A runner that breaks fails one attempt, with its reason; it must not leave the job running forever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return NotStarted(e);
        }
    }

    // A log that cannot be completed must not keep the attempt's end from being reported.
    private static void Complete(LogStream log)
    {
        try
        {
            log.Complete();
        }
#pragma warning disable CA1031, RCS1075 // Lines may be lost; the job is not.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    private void Track(Task task)
    {
        _unfinished[task] = true;
        _ = task.ContinueWith(
            ended => _unfinished.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static AttemptExit NotStarted(Exception e) => new(null, $"CannotStartContainerError: {e.Message}", Started: false);

    private async Task ForgetAsync(IRunner runner, NodeRun run)
    {
        try
        {
            Task forgotten;
            // Whoever waits for a container engine has no turn.
            using (await _turns.NextAsync()) forgotten = ForgetAllAsync(runner, run);
            await forgotten;
        }
#pragma warning disable CA1031, RCS1075 // What is not forgotten now is swept at the next start; nothing depends on it.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    private static async Task ForgetAllAsync(IRunner runner, NodeRun run)
    {
        foreach (string key in run.Keys) await runner.ForgetAsync(new AttemptIdentity(key), CancellationToken.None);
        if (run.Containers is not null) await runner.ForgetTaskAsync(new AttemptIdentity(run.TaskId), CancellationToken.None);
    }
}

/// <summary>A node of an attempt that is started or adopted.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The attempt's number.</param>
/// <param name="Index">Which node.</param>
/// <param name="OpenLog">Opens its log stream; it may touch the disk.</param>
/// <param name="Container">Which container, of a task of several.</param>
internal sealed record LaunchedNode(string JobId, int Attempt, int Index, Func<LogStream> OpenLog, int Container = 0);
