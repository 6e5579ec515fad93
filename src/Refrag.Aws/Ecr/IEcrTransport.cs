namespace Refrag.Aws.Ecr;

/// <summary>Carries operations of ECR. Safe to use from several threads at once.</summary>
public interface IEcrTransport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="EcrException"/> where the service answered an error, and otherwise like
    /// <see cref="Batch.IBatchTransport"/>.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of <see cref="EcrOperations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(EcrOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}

/// <summary>Carries operations of ECR over HTTP.</summary>
/// <param name="client">Sends; stays the caller's to dispose.</param>
public sealed class HttpEcrTransport(AwsClient client) : IEcrTransport
{
    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(EcrOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => client.SendAsync(operation, request, cancellationToken);
}
