namespace Refrag.Aws;

/// <summary>
/// Carries operations of any AWS service: over HTTP (<see cref="AwsClient"/>), in process to the embedded engine, or over the socket of a
/// local run. Safe to use from several threads at once.
/// </summary>
public interface IAwsTransport
{
    /// <summary>
    /// Sends a request and returns its response. Fails with <see cref="AwsServiceException"/> if the service answered an error,
    /// <see cref="AwsConnectionException"/> if there was no answer, <see cref="AwsCredentialsException"/> if the request could not be
    /// signed, and
    /// <see cref="InvalidRequestException"/> if the request breaks a documented limit and was not sent.
    /// </summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="operation">An operation from the table of its service, such as <see cref="Batch.BatchOperations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting; a request already sent may still take effect.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}
