namespace Refrag.Engine.Operations;

/// <summary>
/// The result of an operation in the writer loop: a response, a response that is partly on disk, or neither while the operation waits
/// for the machine's GPUs. The part on disk is read on the caller's time, so that reading never delays writing.
/// </summary>
/// <typeparam name="TResponse">The response.</typeparam>
internal readonly struct OperationResult<TResponse>
    where TResponse : class
{
    private readonly TResponse? _response;
    private readonly Func<TResponse>? _read;

    private OperationResult(TResponse? response, Func<TResponse>? read) => (_response, _read) = (response, read);

    /// <summary>The operation must be executed again once the machine's GPUs are known.</summary>
    public static OperationResult<TResponse> WaitsForGpus => default;

    /// <summary>Whether there is a response.</summary>
    public bool IsComplete => _response is not null || _read is not null;

    /// <summary>A response that the caller reads, from any thread.</summary>
    /// <param name="read">Reads it.</param>
    public static OperationResult<TResponse> ReadLater(Func<TResponse> read) => new(null, read);

    /// <summary>The response. <see cref="InvalidOperationException"/> if the operation waits.</summary>
    public TResponse Get() => _response ?? _read?.Invoke() ?? throw new InvalidOperationException("The operation has no response yet.");

    /// <summary>A response that is complete.</summary>
    public static implicit operator OperationResult<TResponse>(TResponse response) => new(response, null);
}
