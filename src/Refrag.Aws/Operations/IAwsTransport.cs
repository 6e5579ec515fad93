namespace Refrag.Aws;

/// <summary>Carries operations of any AWS service; <see cref="AwsClient"/> does so over HTTP. Safe to use from several threads at once.</summary>
public interface IAwsTransport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="AwsServiceException"/> where the service answered an error, and otherwise like
    /// <see cref="Batch.IBatchTransport"/>.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of the services' tables of operations.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting; a request already sent may still take effect.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}
