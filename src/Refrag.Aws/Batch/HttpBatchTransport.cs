namespace Refrag.Aws.Batch;

/// <summary>Carries Batch operations over HTTP, to AWS or to any endpoint that speaks the same. Checks documented limits before sending.</summary>
/// <param name="client">Sends; stays the caller's to dispose.</param>
public sealed class HttpBatchTransport(AwsClient client) : IBatchTransport
{
    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        IReadOnlyList<Problem> problems = BatchLimits.Check(operation, request);
        return problems.Count > 0 ? throw new InvalidRequestException(operation.Name, problems) : await client.SendAsync(operation, request, cancellationToken);
    }
}
