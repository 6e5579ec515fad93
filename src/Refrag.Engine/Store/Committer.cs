namespace Refrag.Engine.Store;

/// <summary>
/// Group commit. What the writer loop hands over is written in the order in which it came, everything that waits in one transaction; only
/// then do its effects happen: answers, starts of programs, news to watchers. So what the world has seen is on disk. Where the disk has no
/// room, callers get that as their answer, and what could not be written is tried again until it is, with its effects after it.
/// </summary>
internal sealed class Committer : IDisposable
{
    private static readonly TimeSpan s_nextTry = TimeSpan.FromMilliseconds(250);
    private readonly IStateStore _store;
    private readonly Action<Changes> _committed;
    private readonly Action<Exception> _broken;
    private readonly Action<Exception?> _room;
    private readonly Thread? _thread;
    private readonly Lock _lock = new();
    // Sleeps at once; those that look for work a while first take the time from the requests.
    private readonly AutoResetEvent _waiting = new(false);
    private readonly List<Outgoing> _held = [];
    private List<Outgoing> _next = [];
    private Changes? _unwritten;
    private Exception? _fault;
    private bool _isComplete;

    /// <summary>Starts.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="committed">Called after each commit.</param>
    /// <param name="broken">Called once, when the store refuses a commit; nothing is written any more.</param>
    /// <param name="room">Called with a fault when there is no room for a commit, and with null when everything is written again.</param>
    public Committer(IStateStore store, Action<Changes> committed, Action<Exception> broken, Action<Exception?> room)
    {
        (_store, _committed, _broken, _room) = (store, committed, broken, room);
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
        _waiting.Set();
    }

    /// <summary>Writes what waits, and ends.</summary>
    public void Dispose()
    {
        lock (_lock) _isComplete = true;
        _waiting.Set();
        _thread?.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _waiting.WaitOne(_unwritten is null ? Timeout.InfiniteTimeSpan : s_nextTry);
            List<Outgoing> group;
            bool isComplete;
            lock (_lock) (group, _next, isComplete) = (_next, [], _isComplete);
            if (group.Count > 0 || _unwritten is not null) Write(group);
            if (isComplete) return;
        }
    }

    private void Write(List<Outgoing> group)
    {
        Changes changes = _unwritten ?? group[0].Changes;
        foreach (Outgoing one in _unwritten is null ? group.Skip(1) : group) changes.Append(one.Changes);
        try
        {
            if (_fault is null && !changes.IsEmpty) _store.Commit(changes);
        }
        catch (NoRoomException e)
        {
            Hold(group, changes, e);
            return;
        }
#pragma warning disable CA1031 // Whatever keeps the state from being written ends the engine, and every caller gets that as its answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _fault = new StateFault(e);
            _broken(e);
        }
        foreach (Outgoing one in _held) one.Finish(_fault);
        foreach (Outgoing one in group) one.Finish(_fault);
        if (_fault is null && !changes.IsEmpty) _committed(changes);
        if (_unwritten is null) return;
        _held.Clear();
        _unwritten = null;
        _room(null);
    }

    private void Hold(List<Outgoing> group, Changes changes, NoRoomException fault)
    {
        if (_unwritten is null) _room(fault);
        _unwritten = changes;
        _held.AddRange(group);
        foreach (Outgoing one in group) one.Answer(new StateFault(fault));
    }
}

/// <summary>What one step of the writer loop has produced: changes to write, and what is to happen once they are written.</summary>
/// <param name="report">Gets the exception of an effect that throws.</param>
internal sealed class Outgoing(Action<Exception>? report = null)
{
    private readonly List<Action> _effects = [];
    private readonly List<IReply> _replies = [];

    /// <summary>The changes.</summary>
    public Changes Changes { get; } = new();

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Changes.IsEmpty && _effects.Count == 0 && _replies.Count == 0;

    /// <summary>Something that is to happen after the commit, and not at all where it fails.</summary>
    public void Then(Action effect) => _effects.Add(effect);

    /// <summary>Gives a caller its result after the commit.</summary>
    public void Answer<T>(Reply<T> reply, T result)
    {
        reply.Keep(result);
        _replies.Add(reply);
    }

    /// <summary>Refuses a caller after the commit.</summary>
    public void Refuse<T>(Reply<T> reply, Exception refusal)
    {
        reply.Keep(refusal);
        _replies.Add(reply);
    }

    /// <summary>Lets everything happen; with a fault, only the callers get their answer, which is the fault.</summary>
    public void Finish(Exception? fault)
    {
        Answer(fault);
        if (fault is not null) return;
        foreach (Action effect in _effects)
        {
            try
            {
                effect();
            }
#pragma warning disable CA1031 // One effect's fault must not keep the others from happening, nor end the thread that commits.
            catch (Exception e)
#pragma warning restore CA1031
            {
                report?.Invoke(e);
            }
        }
    }

    /// <summary>Answers the callers alone, and once.</summary>
    public void Answer(Exception? fault)
    {
        foreach (IReply reply in _replies) reply.Deliver(fault);
        _replies.Clear();
    }
}

/// <summary>The state could not be written.</summary>
internal sealed class StateFault(Exception inner) : Exception(
    inner is NoRoomException
        ? "RF4011 the state cannot be written: its disk is full. Make room, and ask again. What was under way is written then, and "
            + "perhaps this request with it."
        : $"RF4011 the state could not be written: {inner.Message} Look at the disk, and start the engine again.",
    inner);

/// <summary>There is no room for a commit; nothing of it was written, and it may be tried again.</summary>
internal sealed class NoRoomException(Exception inner) : Exception(inner.Message, inner);
