namespace Refrag.Engine.Logs;

/// <summary>The log streams of one submission (all children, nodes and attempts), and a bell that rings when anything is new.</summary>
internal sealed class JobFeed
{
    private readonly Lock _lock = new();

    // Made with the first stream: most feeds are those of jobs that wait.
    private List<LogStream>? _streams;
    private TaskCompletionSource? _bell;
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
            _bell ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _bell.Task;
        }
    }

    /// <summary>Rings the bell, where somebody listens.</summary>
    public void RaiseChange()
    {
        TaskCompletionSource? bell;
        lock (_lock) (bell, _bell) = (_bell, null);
        bell?.SetResult();
    }
}
