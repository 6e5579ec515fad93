namespace Refrag.Aws.Ecs;

/// <summary>Carries operations of ECS. Safe to use from several threads at once.</summary>
public interface IEcsTransport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="EcsException"/> where the service answered an error, and otherwise like
    /// <see cref="Batch.IBatchTransport"/>.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of <see cref="EcsOperations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(EcsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}
