using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>One operation of the table.</summary>
/// <param name="operation">The operation.</param>
internal abstract class OperationEndpoint(AwsOperation operation)
{
    private static readonly Factory s_factory = new();

    /// <summary>The operation.</summary>
    public AwsOperation Operation => operation;

    /// <summary>The endpoint of an operation.</summary>
    public static OperationEndpoint Create(AwsOperation operation) => operation.Accept(s_factory);

    /// <summary>
    /// Reads a request, sends it, and gives the whole body: a response that cannot be written becomes an error, not half an answer.
    /// </summary>
    public abstract Task<byte[]> AnswerAsync(
        IAwsTransport transport, RequestTarget target, ReadOnlySpan<byte> body, CancellationToken cancellationToken);

    private sealed class Factory : IAwsOperationVisitor<OperationEndpoint>
    {
        public OperationEndpoint Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class => new OperationEndpoint<TRequest, TResponse>(operation);
    }
}

/// <summary>The same with the operation's types.</summary>
internal sealed class OperationEndpoint<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
    : OperationEndpoint(operation)
    where TRequest : class
    where TResponse : class
{
    // Described at the first request: a start must not pay for all operations.
    private JsonTypeInfo<TRequest>? _request;

    /// <inheritdoc/>
    public override Task<byte[]> AnswerAsync(
        IAwsTransport transport, RequestTarget target, ReadOnlySpan<byte> body, CancellationToken cancellationToken)
    {
        TRequest request = RequestJson.Read(body, _request ??= RequestJson.Of(operation));
        return SendAsync(
            transport, operation.Bind?.Invoke(request, new HttpBindings(target, operation.Path)) ?? request, cancellationToken);
    }

    private async Task<byte[]> SendAsync(IAwsTransport transport, TRequest request, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToUtf8Bytes(await transport.SendAsync(operation, request, cancellationToken), operation.ResponseJson);
}
