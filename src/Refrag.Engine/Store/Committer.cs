namespace Refrag.Engine.Store;

/// <summary>
/// Group commit. What the writer loop hands over is written in the order in which it came, everything that waits in one transaction; only then do its
/// effects happen: answers, starts of programs, news to watchers. So what the world has seen is on disk.
/// </summary>
internal sealed class Committer : IDisposable
{
    private readonly IStateStore _store;
    private readonly Action<Changes> _committed;
    private readonly Action<Exception> _broken;
    private readonly Thread? _thread;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private List<Outgoing> _next = [];
    private Exception? _fault;
    private bool _isComplete;

    /// <summary>Starts.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="committed">Called after each commit.</param>
    /// <param name="broken">Called once, when the store refuses a commit; nothing is written any more.</param>
    public Committer(IStateStore store, Action<Changes> committed, Action<Exception> broken)
    {
        (_store, _committed, _broken) = (store, committed, broken);
        if (!store.WaitsForDisk) return;
        // A thread of its own: it waits for the disk most of its time, and the pool's threads have better uses.
        _thread = new Thread(Run) { IsBackground = true, Name = "refrag commits" };
        _thread.Start();
    }

    /// <summary>Takes what one step of the loop has produced.</summary>
    public void Post(Outgoing outgoing)
    {
        if (_thread is null)
        {
            Write([outgoing]);
            return;
        }
        lock (_lock) _next.Add(outgoing);
        _waiting.Release();
    }

    /// <summary>Writes what waits, and ends.</summary>
    public void Dispose()
    {
        lock (_lock) _isComplete = true;
        _waiting.Release();
        _thread?.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _waiting.Wait();
            List<Outgoing> group;
            bool isComplete;
            lock (_lock) (group, _next, isComplete) = (_next, [], _isComplete);
            if (group.Count > 0) Write(group);
            else if (isComplete) return;
        }
    }

    private void Write(List<Outgoing> group)
    {
        Changes changes = group[0].Changes;
        foreach (Outgoing one in group.Skip(1)) changes.Take(one.Changes);
        try
        {
            if (_fault is null && !changes.IsEmpty) _store.Commit(changes);
        }
#pragma warning disable CA1031 // Whatever keeps the state from being written ends the engine, and every caller is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _fault = e;
            _broken(e);
        }
        foreach (Outgoing one in group) one.Finish(_fault);
        if (_fault is null && !changes.IsEmpty) _committed(changes);
    }
}

/// <summary>What one step of the writer loop has produced: changes to write, and what is to happen once they are written.</summary>
internal sealed class Outgoing
{
    private readonly List<Action> _effects = [];
    private readonly List<(TaskCompletionSource<object> Caller, object? Answer, Exception? Refusal)> _answers = [];

    /// <summary>The changes.</summary>
    public Changes Changes { get; } = new();

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Changes.IsEmpty && _effects.Count == 0 && _answers.Count == 0;

    /// <summary>Something that is to happen after the commit, and not at all where it fails.</summary>
    public void Then(Action effect) => _effects.Add(effect);

    /// <summary>An answer.</summary>
    public void Answer(TaskCompletionSource<object> caller, object answer) => _answers.Add((caller, answer, null));

    /// <summary>A refusal.</summary>
    public void Refuse(TaskCompletionSource<object> caller, Exception refusal) => _answers.Add((caller, null, refusal));

    /// <summary>Lets everything happen; with a fault only the callers are told.</summary>
    public void Finish(Exception? fault)
    {
        foreach (var (caller, answer, refusal) in _answers)
        {
            if (fault is not null) caller.TrySetException(new StateFault(fault));
            else if (refusal is not null) caller.TrySetException(refusal);
            else caller.TrySetResult(answer!);
        }
        if (fault is not null) return;
        foreach (Action effect in _effects) effect();
    }
}

/// <summary>The state could not be written.</summary>
internal sealed class StateFault(Exception inner) : Exception($"RF4011 the state could not be written: {inner.Message} Look at the disk, and start the engine again.", inner);
