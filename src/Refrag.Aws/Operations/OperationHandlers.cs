namespace Refrag.Aws;

/// <summary>The handlers of operations, registered and found with the operation's types, so that no request is cast on its way.</summary>
/// <typeparam name="TContext">What every handler gets beside the request.</typeparam>
public sealed class OperationHandlers<TContext>
{
    private readonly Dictionary<AwsOperation, Delegate> _handlers = [];

    /// <summary>Registers the handler of an operation. <see cref="ArgumentException"/> if it has one.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="handler">Answers a request.</param>
    /// <returns>This, for the next registration.</returns>
    public OperationHandlers<TContext> On<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, Func<TContext, TRequest, Task<TResponse>> handler)
        where TRequest : class
        where TResponse : class
    {
        _handlers.Add(operation, handler);
        return this;
    }

    /// <summary>The handler of an operation; null if none is registered.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="operation">The operation.</param>
    public Func<TContext, TRequest, Task<TResponse>>? Find<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
        where TRequest : class
        where TResponse : class => (Func<TContext, TRequest, Task<TResponse>>?)_handlers.GetValueOrDefault(operation);
}
