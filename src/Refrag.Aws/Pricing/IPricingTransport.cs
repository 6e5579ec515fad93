namespace Refrag.Aws.Pricing;

/// <summary>Carries operations of the price list. Safe to use from several threads at once.</summary>
public interface IPricingTransport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="PricingException"/> where the service answered an error, and otherwise like
    /// <see cref="Batch.IBatchTransport"/>.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of <see cref="PricingOperations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(PricingOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}

/// <summary>Carries operations of the price list over HTTP.</summary>
/// <param name="client">Sends; stays the caller's to dispose. Its region must be one of the price list's, such as us-east-1.</param>
public sealed class HttpPricingTransport(AwsClient client) : IPricingTransport
{
    /// <summary>The region whose price list refrag asks; it has the prices of all regions.</summary>
    public const string Region = "us-east-1";

    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(PricingOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => client.SendAsync(operation, request, cancellationToken);
}
