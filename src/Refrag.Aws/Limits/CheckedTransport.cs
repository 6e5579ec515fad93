using Refrag.Aws.Batch;

namespace Refrag.Aws;

/// <summary>Checks the documented limits of Batch's requests before they are sent; other services' requests pass.</summary>
/// <param name="inner">Sends; stays the caller's to dispose.</param>
public sealed class CheckedTransport(IAwsTransport inner) : IAwsTransport
{
    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (operation.Service == AwsService.Batch && BatchLimits.Check(operation, request) is { Count: > 0 } problems)
            throw new InvalidRequestException(operation.Service, operation.Name, problems);
        return await inner.SendAsync(operation, request, cancellationToken);
    }
}
