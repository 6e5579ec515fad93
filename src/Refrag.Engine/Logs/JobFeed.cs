namespace Refrag.Engine.Logs;

/// <summary>The log streams of one submission (all children, nodes and attempts), and a signal when anything is new.</summary>
internal sealed class JobFeed
{
    private readonly Lock _lock = new();

    // Made with the first stream: most feeds are those of jobs that wait.
    private List<LogStream>? _streams;
    private TaskCompletionSource? _change;
    private bool _isComplete;

    /// <summary>The streams from a position on, and whether no other can come.</summary>
    public (IReadOnlyList<LogStream> Streams, bool IsComplete) Since(int position)
    {
        lock (_lock) return (_streams?[position..] ?? [], _isComplete);
    }

    /// <summary>Adds a stream.</summary>
    public void Add(LogStream stream)
    {
        lock (_lock) (_streams ??= []).Add(stream);
        RaiseChange();
    }

    /// <summary>Says that no other stream will come.</summary>
    public void Complete()
    {
        lock (_lock) _isComplete = true;
        RaiseChange();
    }

    /// <summary>Ends at the next <see cref="RaiseChange"/>. Take it before looking, so that nothing falls in between.</summary>
    public Task NextChange()
    {
        lock (_lock)
        {
            _change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _change.Task;
        }
    }

    /// <summary>Completes the wait of those who wait for a change.</summary>
    public void RaiseChange()
    {
        TaskCompletionSource? change;
        lock (_lock) (change, _change) = (_change, null);
        change?.SetResult();
    }
}
