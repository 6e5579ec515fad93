using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>
/// An attempt that has started and not ended: its running programs (one a node, or one a container of a node's task), and the timers that
/// may end them. Owned by the writer loop.
/// </summary>
internal sealed class LiveAttempt(string jobId, int number, Action<EngineMessage> post, TimeProvider time) : IDisposable
{
    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<(int Node, int Container), LiveProgram> _programs = [];
    private readonly Dictionary<int, (TimeSpan Due, IDisposable Timer)> _checks = [];
    private readonly CancellationTokenSource _stopping = new();
    private IDisposable? _timeout;
    private IDisposable? _kill;
    private TimeSpan _killAt = TimeSpan.MaxValue;
    private (TimeSpan At, TimeSpan Grace)? _stop;

    /// <summary>The attempt's number, from 1.</summary>
    public int Number => number;

    /// <summary>Is cancelled when all of it is being stopped: a start that still waits gives up.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// What the status reason says of the attempt besides how it starts; it is back when the attempt runs. Null for nothing.
    /// </summary>
    public string? Note { get; set; }

    /// <summary>Whether all of it is being stopped.</summary>
    public bool IsStopping => _stop is not null;

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Takes a program in; one that comes after it was asked to stop is asked at once.</summary>
    /// <param name="node">Its node.</param>
    /// <param name="container">Its container, of a task of several.</param>
    /// <param name="running">The program.</param>
    /// <param name="own">How long it wants between SIGTERM and SIGKILL; null for the usual time.</param>
    public void Add(int node, int container, IRunningAttempt running, TimeSpan? own)
    {
        var program = new LiveProgram(running, own);
        _programs[(node, container)] = program;
        if (_stop is not { } stop) return;
        program.Stop(stop.At, stop.Grace);
        Watch();
    }

    /// <summary>Forgets a program that has ended.</summary>
    public void Remove(int node, int container) => _programs.Remove((node, container));

    /// <summary>Starts to count the time that the attempt may take.</summary>
    public void LimitTime(TimeSpan limit) => _timeout ??= After(limit, new TimedOut(jobId, number));

    /// <summary>Has a task of several containers checked after a time; a second request can only shorten that.</summary>
    public void CheckAfter(int node, TimeSpan after)
    {
        TimeSpan due = Now.Plus(after);
        if (_checks.TryGetValue(node, out var before) && before.Due <= due) return;
        before.Timer?.Dispose();
        _checks[node] = (due, After(after, new TaskDue(jobId, number, node)));
    }

    /// <summary>A task is being checked: the reason for the check is over, or it asks again.</summary>
    public void Checked(int node)
    {
        if (_checks.Remove(node, out var check)) check.Timer.Dispose();
    }

    /// <summary>
    /// Asks everything to stop, and kills it after <paramref name="grace"/>, or the time of its own; a second request can only shorten
    /// that.
    /// </summary>
    public void Stop(TimeSpan grace)
    {
        if (_stop is null || Now.Plus(grace) < _stop.Value.At.Plus(_stop.Value.Grace)) _stop = (Now, grace);
        // Not on the writer loop: what waits for it continues there.
        _ = _stopping.CancelAsync();
        foreach (LiveProgram program in _programs.Values) program.Stop(Now, grace);
        Watch();
    }

    /// <summary>Asks one container of a task to stop, and kills it after its time.</summary>
    public void Stop(int node, int container)
    {
        if (!_programs.TryGetValue((node, container), out LiveProgram? program)) return;
        program.Stop(Now, AttemptSupervisor.Grace);
        Watch();
    }

    /// <summary>Kills what has used its time up.</summary>
    public void Kill()
    {
        foreach (LiveProgram program in _programs.Values) program.KillWhereDue(Now);
        _killAt = TimeSpan.MaxValue;
        Watch();
    }

    /// <summary>Kills everything at once.</summary>
    public void KillAll()
    {
        foreach (LiveProgram program in _programs.Values) program.Kill();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _timeout?.Dispose();
        _kill?.Dispose();
        foreach (var (_, timer) in _checks.Values) timer.Dispose();
    }

    // One timer, for whoever is next.
    private void Watch()
    {
        TimeSpan next = _programs.Values
            .Where(program => !program.IsKilled).Select(program => program.KillAt).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        if (next >= _killAt) return;
        _killAt = next;
        _kill?.Dispose();
        _kill = After(next.Minus(Now), new KillDue(jobId, number));
    }

    private IDisposable After(TimeSpan due, EngineMessage message) => time.RunAfter(due, () => post(message));
}
