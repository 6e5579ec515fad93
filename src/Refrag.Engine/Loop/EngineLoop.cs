using System.Threading.Channels;
using Refrag.Aws.Batch;
using Refrag.Engine.Logs;
using Refrag.Engine.Operations;
using Refrag.Engine.Placement;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>The one writer: takes messages one by one, changes the state, and lets follow what follows.</summary>
internal sealed class EngineLoop
{
    private readonly Channel<EngineMessage> _messages = Channel.CreateUnbounded<EngineMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<EngineMessage> _waitForGpus = [];
    private readonly List<TaskCompletionSource> _stopped = [];
    private readonly Watchers _watchers = new();
    private readonly EngineState _state;
    private readonly IRunner _runner;
    private readonly TimeProvider _time;
    private readonly AttemptDesk _desk;
    private readonly Conductor _conductor;
    private readonly AttemptEvents _attempts;
    private readonly Submission _submission;
    private readonly Ending _ending;

    public EngineLoop(LocalBatchOptions options, IRunner runner, LogStore logs, TimeProvider time)
    {
        (_runner, _time) = (runner, time);
        _state = new EngineState(options);
        if (options.GpuIds is { } ids) Learn(ids);
        _desk = new AttemptDesk(_state, new Launcher(runner, Tell), logs, Tell, time);
        _conductor = new Conductor(_state, _desk, logs, _watchers, time);
        _attempts = new AttemptEvents(_state, _desk, _conductor, time);
        _submission = new Submission(_state, _conductor, logs, time);
        _ending = new Ending(_state, _conductor, _attempts);
        Ended = RunAsync();
    }

    /// <summary>Ends after <see cref="Complete"/>, or with the fault that broke the loop.</summary>
    public Task Ended { get; }

    /// <summary>Hands a message in; false where the loop has ended.</summary>
    public bool Post(EngineMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Lets the loop end after the messages that are there.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    // What comes after the end interests nobody.
    private void Tell(EngineMessage message) => _ = Post(message);

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            await foreach (EngineMessage message in _messages.Reader.ReadAllAsync()) Handle(message);
        }
        finally
        {
            Complete();
            while (_messages.Reader.TryRead(out EngineMessage? left)) Abandon(left);
            foreach (EngineMessage left in _waitForGpus) Abandon(left);
        }
    }

    private void Handle(EngineMessage message)
    {
        switch (message)
        {
            case Call call: Answer(call); break;
            case NodeStarted started: _attempts.On(started); break;
            case NodeEnded ended: _attempts.On(ended); break;
            case TimedOut timedOut: _attempts.On(timedOut); break;
            case KillDue due: _attempts.On(due); break;
            case GpusFound found: TakeGpus(found); break;
            case Watch watch: Add(watch); break;
            case Unwatch unwatch: _watchers.Remove(unwatch.JobId, unwatch.Changed); break;
            case StopAll stop:
                _stopped.Add(stop.Stopped);
                _ending.StopAll(stop.Grace);
                break;
        }
        _conductor.Settle();
        if (_state.IsStopping && _desk.IsIdle) TellStopped();
    }

    private void Answer(Call call)
    {
        try
        {
            if (Execute(call.Request) is { } answer) call.Answer.SetResult(answer);
            else AskForGpus(call);
        }
        catch (Refusal refusal)
        {
            call.Answer.SetException(refusal);
        }
    }

    private object? Execute(object request) => request switch
    {
        SubmitJobRequest submit => _submission.Submit(submit),
        CancelJobRequest cancel => _ending.Cancel(cancel),
        TerminateJobRequest terminate => _ending.Terminate(terminate),
        DescribeJobsRequest describe => JobQueries.Describe(_state, describe),
        ListJobsRequest list => JobQueries.List(_state, list),
        RegisterJobDefinitionRequest register => DefinitionOperations.Register(_state, register),
        DescribeJobDefinitionsRequest describe => DefinitionOperations.Describe(_state, describe),
        DeregisterJobDefinitionRequest deregister => DefinitionOperations.Deregister(_state, deregister),
        DescribeJobQueuesRequest describe => QueueOperations.Describe(_state, describe),
        DescribeComputeEnvironmentsRequest describe => QueueOperations.Describe(_state, describe),
        _ => throw new Refusal("It is not supported by the embedded engine yet. Run it against AWS Batch with env=awsbatch."),
    };

    private void AskForGpus(Call call)
    {
        _waitForGpus.Add(call);
        if (_waitForGpus.Count == 1) _ = FindGpusAsync();
    }

    private async Task FindGpusAsync()
    {
        await Task.Yield();
        IReadOnlyDictionary<string, string> variables = _state.Options.Variables;
        IReadOnlyList<string> ids = GpuInventory.FromVariables(variables.GetValueOrDefault("CUDA_VISIBLE_DEVICES"), variables.GetValueOrDefault("NVIDIA_VISIBLE_DEVICES"))
            ?? await GpuInventory.FromDriverAsync(_runner, variables, _time, CancellationToken.None);
        Tell(new GpusFound(ids));
    }

    private void TakeGpus(GpusFound found)
    {
        Learn(found.Ids);
        List<EngineMessage> waiting = [.. _waitForGpus];
        _waitForGpus.Clear();
        foreach (Call call in waiting.OfType<Call>()) Answer(call);
    }

    private void Learn(IReadOnlyList<string> ids)
    {
        _state.Host.SetGpus(ids);
        _state.KnowsGpus = true;
    }

    private void Add(Watch watch)
    {
        if (JobQueries.Describe(_state, watch.JobId) is { } now)
        {
            _watchers.Add(watch.JobId, watch.Changed);
            watch.Changed(now);
            watch.Answer.SetResult(true);
        }
        else watch.Answer.SetResult(false);
    }

    private void TellStopped()
    {
        foreach (TaskCompletionSource stopped in _stopped) stopped.TrySetResult();
        _stopped.Clear();
    }

    private static void Abandon(EngineMessage message)
    {
        var stopped = new Refusal("RF4009 the engine has stopped. Start it again.");
        if (message is Call call) call.Answer.TrySetException(stopped);
        if (message is Watch watch) watch.Answer.TrySetResult(false);
        if (message is StopAll stop) stop.Stopped.TrySetResult();
    }
}
