using System.Threading.Channels;
using Refrag.Aws.Batch;
using Refrag.Engine.Attempts;
using Refrag.Engine.Details;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Names;
using Refrag.Engine.Operations;
using Refrag.Engine.Options;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Engine.Store;
using Refrag.Engine.Transitions;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Loop;

/// <summary>
/// The one writer: takes messages one by one, changes the state, lets follow what follows, and hands what that produced to the committer.
/// Answers are given after the commit that they rest on.
/// </summary>
#pragma warning disable CA1001 // The starter is disposed of by the loop itself, when it ends.
internal sealed class EngineLoop
#pragma warning restore CA1001
{
    private const int MostAtOnce = 64;
    private static readonly TimeSpan s_retentionStep = TimeSpan.FromHours(1);
    private readonly Channel<EngineMessage> _messages =
        Channel.CreateUnbounded<EngineMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Call> _waitForGpus = [];
    private readonly List<TaskCompletionSource> _stopped = [];
    private readonly Lock _stoppedLock = new();
    private readonly Watchers _watchers = new();
    private readonly EngineState _state;
    private readonly IStateStore _store;
    private readonly IRunner _runner;
    private readonly LogStore _logs;
    private readonly TimeProvider _time;
    private readonly ProgramStarter _starter;
    private readonly Placements _placements;
    private readonly AttemptSupervisor _supervisor;
    private readonly JobGuard _guard;
    private readonly Dispatch _dispatch;
    private readonly AttemptEvents _attempts;
    private readonly JobTermination _termination;
    private readonly Restart _restart;
    private readonly RetentionClock _retention;
    private readonly LogPruning _pruning;
    private volatile Exception? _noRoom;
    private volatile Exception? _fault;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EngineLoop(
        LocalBatchOptions options, IRunner runner, IRunner simulatedRunner, LogStore logs, IStateStore store, TimeProvider time,
        SharedMachine? machine)
    {
        (_runner, _logs, _time) = (runner, logs, time);
        _state = new EngineState(options, store, time, step => PostOrDrop(new Continue(step)));
        _placements = new Placements(_state, machine);
        _store = store;
        if (options.GpuIds is { } ids) Learn(ids);
        _pruning = new LogPruning(logs, _state.Report);
        logs.StreamsForgotten = () => PostOrDrop(new LogsForgotten());
        _starter = new ProgramStarter(runner, simulatedRunner, PostOrDrop, _state.Report, time);
        _supervisor = new AttemptSupervisor(_state, _placements, _starter, logs, PostOrDrop, time);
        var transitions = new JobTransitions(_state, _watchers);
        _guard = new JobGuard(_state, _supervisor, transitions);
        _dispatch = new Dispatch(_state, _placements, _supervisor, transitions, _guard, logs);
        _attempts = new AttemptEvents(_state, _supervisor, transitions, time);
        _termination = new JobTermination(_state, transitions, _guard, _attempts, _supervisor);
        _restart = new Restart(_state, _placements, _supervisor, transitions, _guard, logs);
        Operations =
            new OperationTable(
                _state, _placements, transitions, _termination, logs, runner.Report.Kind is RunnerKind.Process, FinishChanges);
        StoredState stored = store.Load(_state.Definitions);
        StoredScope.Check(options.StateDirectory, stored.Resources, _state.Definitions);
        _retention = new RetentionClock(time, stored.Newest, options.Retention);
        Ended = RunAsync(stored);
    }

    /// <summary>What answers each operation; from any thread.</summary>
    public OperationTable Operations { get; }

    /// <summary>Ends after <see cref="Complete"/>, with null, or with the fault that ended the loop. It never throws.</summary>
    public Task<Exception?> Ended { get; }

    /// <summary>Ends when the state is restored and requests are answered, or with the loop.</summary>
    public Task Ready => _ready.Task;

    /// <summary>How the engine is; from any thread.</summary>
    public EngineHealth Health => _fault switch
    {
        StateFault e => new EngineHealth(EngineStatus.CommitFailed, e.Message),
        { } e => new EngineHealth(EngineStatus.Failed, e.Message),
        null when _state.IsStopping => new EngineHealth(EngineStatus.Stopping),
        null when _noRoom is { } full => new EngineHealth(EngineStatus.DiskFull, new StateFault(full).Message),
        null => new EngineHealth(Ready.IsCompleted ? EngineStatus.Ready : EngineStatus.Starting),
    };

    /// <summary>Hands a message in; false where the loop has ended.</summary>
    public bool Post(EngineMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Lets the loop end after the messages that are there.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    // What comes after the end is of no use.
    private void PostOrDrop(EngineMessage message) => _ = Post(message);

    // A change of a resource, such as CREATING, is finished a moment later.
    private void FinishChanges()
    {
        var finish = new Continue(() => Lifecycle.Finish(_state));
        if (_state.Options.ChangeLatency == TimeSpan.Zero) PostOrDrop(finish);
        else _ = Task.Delay(_state.Options.ChangeLatency, _time).ContinueWith(_ => PostOrDrop(finish), TaskScheduler.Default);
    }

    private async Task<Exception?> RunAsync(StoredState stored)
    {
        await Task.Yield();
        try
        {
            await ServeAsync(stored);
        }
#pragma warning disable CA1031 // Whatever ends the loop is its result: every caller hears of it, and the process ends in order.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _fault = e is StateFault ? e : new EngineFault(e);
            _state.Report("The engine has ended", e);
            // Who was answered since the last commit waits for one that does not come.
            _state.TakeOutgoing().Finish(_fault);
        }
        _ready.TrySetResult();
        Complete();
        while (_messages.Reader.TryRead(out EngineMessage? left)) Abandon(left, new EngineStopped());
        foreach (Call left in _waitForGpus) left.Fail(new EngineStopped());
        _watchers.End(_fault is { } fault ? BatchException.Server(BatchOperations.DescribeJobs.Name, fault.Message) : null);
        ReportStopped();
        await _starter.DisposeAsync();
        await _pruning.StopAsync();
        return _fault;
    }

    private async Task ServeAsync(StoredState stored)
    {
        using var committer =
            new Committer(
                _store, Committed, fault => PostOrDrop(new CommitFailed(fault)), fault => PostOrDrop(new DiskSpaceChanged(fault)));
        await using ITimer retention = _time.RunEvery(TimeSpan.Zero, s_retentionStep, () => PostOrDrop(new RetentionDue()));
        _restart.Begin(stored);
        if (!_state.KnowsGpus && stored.Jobs.Any(job => job.Plan.HostDemand.Gpus.Value > 0)) _ = FindGpusAsync();
        HandOver(committer);
        _ready.TrySetResult();
        while (await _messages.Reader.WaitToReadAsync())
        {
            // What waits together is followed up and written together. Not without end, so that the first need not wait for all.
            for (int i = 0; i < MostAtOnce && _messages.Reader.TryRead(out EngineMessage? message); i++) Handle(message);
            HandOver(committer);
        }
    }

    private void HandOver(Committer committer)
    {
        Settle();
        if (_state.IsStopping && _supervisor.IsIdle && _stopped.Count > 0) _state.Outgoing.Then(ReportStopped);
        if (!_state.Outgoing.IsEmpty) committer.Post(_state.TakeOutgoing());
    }

    // Only a state that cannot be written ends the loop.
    private void Handle(EngineMessage message)
    {
        try
        {
            Dispatch(message);
        }
#pragma warning disable CA1031 // A bug fails one request or one job; those of all others continue.
        catch (Exception e) when (e is not StateFault)
#pragma warning restore CA1031
        {
            Fail(message, e);
        }
    }

    private void Settle()
    {
        try
        {
            _dispatch.Settle();
        }
#pragma warning disable CA1031 // As above; it is tried again with the next message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _state.Report("What follows from the last messages has failed", e);
        }
    }

    private void Fail(EngineMessage message, Exception fault)
    {
        if (message is JobMessage { JobId: var id })
        {
            _guard.Break(id, fault);
            return;
        }
        _state.Report($"{message.GetType().Name} has failed", fault);
        Abandon(message, new EngineFault(fault));
    }

    private void Dispatch(EngineMessage message)
    {
        switch (message)
        {
            case Call call: Answer(call); break;
            case NodeStarting starting: _attempts.On(starting); break;
            case NodeStarted started: _attempts.On(started); break;
            case NodeEnded ended: _attempts.On(ended); break;
            case TaskDue task: _attempts.On(task); break;
            case TimedOut timedOut: _attempts.On(timedOut); break;
            case KillDue due: _attempts.On(due); break;
            case GpusFound found: SetGpus(found); break;
            case Watch watch: Add(watch); break;
            case Unwatch unwatch: _watchers.Remove(unwatch.JobId, unwatch.Changes); break;
            case Evict evict: Forget(evict); break;
            case Continue next: next.Step(); break;
            case RetentionDue: ForgetOld(); break;
            case LogsForgotten: _state.Outgoing.Then(_pruning.Remove); break;
            case Inject inject: Handle(inject); break;
            case DiskSpaceChanged space: _noRoom = space.Fault; break;
            case DescribeFleetUsage usage: _state.Outgoing.Answer(usage.Reply, _placements.Fleets?.Usage() ?? []); break;
            case DescribeFleets fleets: _state.Outgoing.Answer(fleets.Reply, _placements.Fleets?.Hosts.Describe() ?? []); break;
            case AskForStart start: _state.Outgoing.Answer(start.Reply, _placements.Fleets?.AskForStart(start.JobId)); break;
            case DescribeTask task: _state.Outgoing.Answer(task.Reply, _supervisor.DescribeTask(task.Key, task.IsWhole)); break;
            case CommitFailed failed: throw new StateFault(failed.Fault);
            case StopAll stop:
                lock (_stoppedLock) _stopped.Add(stop.Stopped);
                _termination.StopAll(stop.Grace);
                break;
            case Detach detach:
                lock (_stoppedLock) _stopped.Add(detach.Left);
                _termination.Leave(detach.Grace, detach.RunsOn);
                break;
        }
    }

    private void Handle(Inject inject)
    {
        if (_placements.Fleets is { } fleets)
        {
            fleets.Inject(inject.Injection);
            _state.Outgoing.Answer(inject.Reply, true);
        }
        else _state.Outgoing.Refuse(inject.Reply, new InvalidOperationException("There are no fleets here."));
    }

    private void Answer(Call call)
    {
        // No request is taken that could not be written, and none is answered that is not.
        if (_noRoom is { } fault)
        {
            call.Fail(new StateFault(fault));
            return;
        }
        try
        {
            if (!call.Execute(_state.Outgoing)) FindGpus(call);
        }
        catch (Refusal refusal)
        {
            call.Refuse(_state.Outgoing, refusal);
        }
#pragma warning disable CA1031 // A bug in one operation fails that request; the jobs of all others continue.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _state.Report($"{call.OperationName} has failed", e);
            call.Refuse(_state.Outgoing, new EngineFault(e));
        }
    }

    private void FindGpus(Call call)
    {
        _waitForGpus.Add(call);
        if (_waitForGpus.Count == 1) _ = FindGpusAsync();
    }

    private async Task FindGpusAsync()
    {
        await Task.Yield();
        IReadOnlyList<string> ids = [];
        try
        {
            IReadOnlyDictionary<string, string> variables = _state.Options.Variables;
            ids = GpuInventory.FromVariables(
                variables.GetValueOrDefault("CUDA_VISIBLE_DEVICES"), variables.GetValueOrDefault("NVIDIA_VISIBLE_DEVICES"))
                ?? await QueryDriverAsync(variables);
        }
#pragma warning disable CA1031 // Those who wait for the answer must get one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _state.Report("The GPUs of this machine could not be listed", e);
        }
        PostOrDrop(new GpusFound(ids));
    }

    private async Task<IReadOnlyList<string>> QueryDriverAsync(IReadOnlyDictionary<string, string> variables)
    {
        if (_runner.Report.Kind is RunnerKind.Process)
            return await GpuInventory.FromDriverAsync(_runner, variables, _time, CancellationToken.None);
        // The driver's program is on this machine, not in an image.
        await using var processes = new ProcessRunner(_time);
        return await GpuInventory.FromDriverAsync(processes, variables, _time, CancellationToken.None);
    }

    private void SetGpus(GpusFound found)
    {
        Learn(found.Ids);
        List<Call> waiting = [.. _waitForGpus];
        _waitForGpus.Clear();
        foreach (Call call in waiting) Answer(call);
    }

    private void Learn(IReadOnlyList<string> ids)
    {
        _placements.SetGpus(ids);
        _state.KnowsGpus = true;
        _state.MayPlace = true;
    }

    private void Add(Watch watch)
    {
        if (JobLookup.Find(_state, watch.JobId) is { } now)
        {
            _watchers.Add(watch.JobId, watch.Changes);
            _state.Outgoing.Then(() => watch.Changes.TryWrite(now));
            _state.Outgoing.Answer(watch.Reply, true);
        }
        else _state.Outgoing.Answer(watch.Reply, false);
    }

    // Called after a commit, by whoever commits.
    private void Committed(Changes changes)
    {
        List<string> ended = [.. changes.Jobs
            .Where(change => change.Job is { ArrayId: null } job && job.State.IsFinal()).Select(change => change.Job.Id)];
        if (ended.Count > 0) PostOrDrop(new Evict(ended));
    }

    private void Forget(Evict evict)
    {
        foreach (string id in evict.JobIds) _state.Jobs.Evict(id);
    }

    private void ForgetOld()
    {
        DateTimeOffset time = _retention.Bound;
        _state.Outgoing.Changes.ForgetBefore = time.ToUnixTimeMilliseconds();
        ClientTokens.Forget(_state, _retention.Now);
        _state.Outgoing.Then(() => _pruning.Prune(time));
    }

    private void ReportStopped()
    {
        List<TaskCompletionSource> waiting;
        lock (_stoppedLock)
        {
            waiting = [.. _stopped];
            _stopped.Clear();
        }
        foreach (TaskCompletionSource stopped in waiting) stopped.TrySetResult();
    }

    private static void Abandon(EngineMessage message, Exception why)
    {
        if (message is Call call) call.Fail(why);
        if (message is Inject inject) inject.Reply.Deliver(null);
        if (message is DescribeFleets fleets) fleets.Reply.Fail(why);
        if (message is DescribeFleetUsage usage) usage.Reply.Fail(why);
        if (message is AskForStart start) start.Reply.Fail(why);
        if (message is DescribeTask task) task.Reply.Fail(why);
        if (message is Watch watch) watch.Reply.Fail(why);
        if (message is StopAll stop) stop.Stopped.TrySetResult();
        if (message is Detach detach) detach.Left.TrySetResult();
    }
}
