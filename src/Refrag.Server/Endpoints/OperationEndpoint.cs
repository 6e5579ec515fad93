using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>One operation of the table, and the transport that answers it.</summary>
/// <param name="operation">The operation.</param>
internal abstract class OperationEndpoint(AwsOperation operation)
{
    /// <summary>The operation.</summary>
    public AwsOperation Operation => operation;

    /// <summary>The endpoint of an operation.</summary>
    public static OperationEndpoint Create(AwsOperation operation, IAwsTransport transport) => operation.Accept(new Factory(transport));

    /// <summary>
    /// Reads a request, sends it, and gives the whole body: a response that cannot be written becomes an error, not half an answer.
    /// </summary>
    public abstract Task<byte[]> AnswerAsync(RequestTarget target, ReadOnlySpan<byte> body, CancellationToken cancellationToken);

    private sealed class Factory(IAwsTransport transport) : IAwsOperationVisitor<OperationEndpoint>
    {
        public OperationEndpoint Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class => new OperationEndpoint<TRequest, TResponse>(operation, transport);
    }
}

/// <summary>The same with the operation's types.</summary>
internal sealed class OperationEndpoint<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, IAwsTransport transport)
    : OperationEndpoint(operation)
    where TRequest : class
    where TResponse : class
{
    // Described at the first request: a start must not pay for all operations.
    private JsonTypeInfo<TRequest>? _request;

    /// <inheritdoc/>
    public override Task<byte[]> AnswerAsync(RequestTarget target, ReadOnlySpan<byte> body, CancellationToken cancellationToken)
    {
        TRequest request = RequestJson.Read(body, _request ??= RequestJson.Of(operation));
        return SendAsync(operation.Bind?.Invoke(request, new HttpBindings(target, operation.Path)) ?? request, cancellationToken);
    }

    private async Task<byte[]> SendAsync(TRequest request, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToUtf8Bytes(await transport.SendAsync(operation, request, cancellationToken), operation.ResponseJson);
}
