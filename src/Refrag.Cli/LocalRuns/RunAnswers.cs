using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;

namespace Refrag.Cli.LocalRuns;

/// <summary>Answers requests by their operation's name.</summary>
/// <param name="transport">What answers them.</param>
/// <param name="isEnding">Whether the run ends: what it cannot answer any more, a reader finds on disk a moment later.</param>
internal sealed class RunAnswers(IAwsTransport transport, Func<bool> isEnding)
{
    private readonly Dictionary<string, RunEndpoint> _endpoints = BatchOperations.All.Concat(LogsOperations.All)
        .ToDictionary(RunEndpoint.NameOf, operation => RunEndpoint.Create(operation, transport), StringComparer.Ordinal);

    /// <summary>How it went, and the answer. Throws <see cref="IOException"/> if the run ends before it has answered.</summary>
    public async Task<(byte How, byte[] Answer)> OfAsync(string name, byte[] body, CancellationToken cancellationToken)
    {
        if (!_endpoints.TryGetValue(name, out RunEndpoint? endpoint))
            return Refused(new RunFailure("UnknownOperationException", $"There is no operation {name}.", 404));
        try
        {
            return (RunFrames.Answered, await endpoint.AnswerAsync(body, cancellationToken));
        }
        catch (BatchException failure) when (failure.ErrorCode == BatchException.ServerException && isEnding())
        {
            throw new IOException("The run has ended.", failure);
        }
        catch (AwsException failure)
        {
            return Refused(RunFailure.Of(failure));
        }
    }

    private static (byte How, byte[] Answer) Refused(RunFailure failure) =>
        (RunFrames.Refused, JsonSerializer.SerializeToUtf8Bytes(failure, RunJson.Default.RunFailure));
}

/// <summary>One operation that a run answers.</summary>
internal abstract class RunEndpoint
{
    /// <summary>An operation's name among those of all services.</summary>
    public static string NameOf(AwsOperation operation) => $"{operation.Service.Name}.{operation.Name}";

    /// <summary>The endpoint of an operation.</summary>
    public static RunEndpoint Create(AwsOperation operation, IAwsTransport transport) => operation.Accept(new Factory(transport));

    /// <summary>The response's body. Throws <see cref="JsonException"/> if the request's cannot be read.</summary>
    public abstract Task<byte[]> AnswerAsync(byte[] body, CancellationToken cancellationToken);

    private sealed class Factory(IAwsTransport transport) : IAwsOperationVisitor<RunEndpoint>
    {
        public RunEndpoint Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class => new RunEndpoint<TRequest, TResponse>(operation, transport);
    }
}

/// <summary>The same with the operation's types.</summary>
internal sealed class RunEndpoint<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, IAwsTransport transport) : RunEndpoint
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override async Task<byte[]> AnswerAsync(byte[] body, CancellationToken cancellationToken)
    {
        TRequest request = JsonSerializer.Deserialize(body, operation.RequestJson) ?? throw new JsonException();
        return JsonSerializer.SerializeToUtf8Bytes(
            await transport.SendAsync(operation, request, cancellationToken), operation.ResponseJson);
    }
}
