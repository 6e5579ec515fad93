using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>An attempt that has started and not ended: its running nodes, and the timers that may end it. Owned by the writer loop.</summary>
internal sealed class LiveAttempt(string jobId, int number, Action<EngineMessage> post, TimeProvider time) : IDisposable
{
    private readonly Dictionary<int, IRunningAttempt> _running = [];
    private StopSignal? _signalled;
    private ITimer? _timeout;
    private ITimer? _kill;
    private DateTimeOffset _killAt = DateTimeOffset.MaxValue;

    /// <summary>The attempt's number, from 1.</summary>
    public int Number => number;

    /// <summary>Takes a node in; one that comes after the attempt was asked to stop is asked at once.</summary>
    public void Add(int node, IRunningAttempt running)
    {
        _running[node] = running;
        if (_signalled is { } signal) running.Signal(signal);
    }

    /// <summary>Forgets a node that has ended.</summary>
    public void Remove(int node) => _running.Remove(node);

    /// <summary>Starts to count the time that the attempt may take.</summary>
    public void LimitTime(TimeSpan limit) => _timeout ??= After(limit, new TimedOut(jobId, number));

    /// <summary>Asks all nodes to stop, and kills them after <paramref name="grace"/>; a second request can only shorten that.</summary>
    public void Stop(TimeSpan grace)
    {
        if (_signalled is null) Send(StopSignal.Terminate);
        DateTimeOffset due = time.GetUtcNow() + grace;
        if (due >= _killAt) return;
        _killAt = due;
        _kill?.Dispose();
        _kill = After(grace, new KillDue(jobId, number));
    }

    /// <summary>Kills all nodes.</summary>
    public void Kill() => Send(StopSignal.Kill);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timeout?.Dispose();
        _kill?.Dispose();
    }

    private void Send(StopSignal signal)
    {
        _signalled = signal;
        foreach (IRunningAttempt running in _running.Values) running.Signal(signal);
    }

    private ITimer After(TimeSpan due, EngineMessage message) => time.CreateTimer(_ => post(message), null, due, Timeout.InfiniteTimeSpan);
}
