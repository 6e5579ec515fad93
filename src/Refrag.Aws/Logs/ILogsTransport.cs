namespace Refrag.Aws.Logs;

/// <summary>Carries operations of CloudWatch Logs. Safe to use from several threads at once.</summary>
public interface ILogsTransport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="LogsException"/> where the service answered an error, and otherwise like
    /// <see cref="Batch.IBatchTransport"/>.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of <see cref="LogsOperations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(LogsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}

/// <summary>Carries operations of CloudWatch Logs over HTTP.</summary>
/// <param name="client">Sends; stays the caller's to dispose.</param>
public sealed class HttpLogsTransport(AwsClient client) : ILogsTransport
{
    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(LogsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => client.SendAsync(operation, request, cancellationToken);
}
