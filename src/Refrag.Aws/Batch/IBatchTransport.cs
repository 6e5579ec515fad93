namespace Refrag.Aws.Batch;

/// <summary>
/// Carries Batch operations: over HTTP to AWS or any endpoint (<see cref="HttpBatchTransport"/>), or in process to the embedded engine.
/// Safe to use from several threads at once.
/// </summary>
public interface IBatchTransport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="BatchException"/> where Batch answered an error,
    /// <see cref="AwsConnectionException"/> where there was no answer, <see cref="AwsCredentialsException"/> where nothing could be signed,
    /// and <see cref="InvalidRequestException"/> where the request breaks a documented limit and was not sent.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of <see cref="BatchOperations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting; a request already sent may still take effect.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}
