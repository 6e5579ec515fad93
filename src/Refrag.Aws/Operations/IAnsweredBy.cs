namespace Refrag.Aws;

/// <summary>An operation whose types only its own value knows: for servers, which find operations in a table by their path.</summary>
/// <typeparam name="TTransport">What answers the operations of this service.</typeparam>
public interface IAnsweredBy<in TTransport>
{
    /// <summary>Hands a request to the transport. Fails as the transport does.</summary>
    /// <param name="transport">What answers.</param>
    /// <param name="request">A request of <see cref="AwsOperation.RequestType"/>; <see cref="InvalidCastException"/> otherwise.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>An answer of <see cref="AwsOperation.ResponseType"/>.</returns>
    Task<object> AnswerAsync(TTransport transport, object request, CancellationToken cancellationToken);
}
