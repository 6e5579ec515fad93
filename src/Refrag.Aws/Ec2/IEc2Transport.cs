namespace Refrag.Aws.Ec2;

/// <summary>Carries operations of EC2. Safe to use from several threads at once.</summary>
public interface IEc2Transport
{
    /// <summary>
    /// Sends a request and returns its answer. Fails with <see cref="Ec2Exception"/> where the service answered an error, and otherwise like
    /// <see cref="Batch.IBatchTransport"/>.
    /// </summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">One of <see cref="Ec2Operations"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<TResponse> SendAsync<TRequest, TResponse>(Ec2Operation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}

/// <summary>Carries operations of EC2 over HTTP.</summary>
/// <param name="client">Sends; stays the caller's to dispose.</param>
public sealed class HttpEc2Transport(AwsClient client) : IEc2Transport
{
    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(Ec2Operation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => client.SendAsync(operation, request, cancellationToken);
}
