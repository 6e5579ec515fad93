namespace Refrag.Engine.Store;

/// <summary>A caller that waits for a result. The result is kept until the commit that it rests on.</summary>
internal interface IReply
{
    /// <summary>Gives the caller its result, or the fault instead.</summary>
    void Deliver(Exception? fault);
}

/// <summary>The same with the result's type.</summary>
internal sealed class Reply<T> : IReply
{
    private readonly TaskCompletionSource<T> _caller = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    /// <summary>What the caller awaits.</summary>
    public Task<T> Task => _caller.Task;

    /// <summary>Keeps the result.</summary>
    public void Keep(T result) => _result = result;

    /// <summary>Keeps a refusal.</summary>
    public void Keep(Exception refusal) => _refusal = refusal;

    /// <summary>Fails at once, without a commit.</summary>
    public void Fail(Exception fault) => _caller.TrySetException(fault);

    /// <inheritdoc/>
    public void Deliver(Exception? fault)
    {
        if ((fault ?? _refusal) is { } failure) _caller.TrySetException(failure);
        else _caller.TrySetResult(_result!);
    }
}
