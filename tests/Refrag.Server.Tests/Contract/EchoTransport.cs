using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;

namespace Refrag.Server.Tests.Contract;

/// <summary>Keeps what it is asked, and answers what it is told to.</summary>
internal sealed class EchoTransport(JsonObject answers) : IBatchTransport, ILogsTransport, IEcsTransport
{
    public ConcurrentDictionary<string, object> Asked { get; } = new();

    public Task<TResponse> SendAsync<TRequest, TResponse>(BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => Task.FromResult(Echo(operation, request));

    public Task<TResponse> SendAsync<TRequest, TResponse>(LogsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => Task.FromResult(Echo(operation, request));

    public Task<TResponse> SendAsync<TRequest, TResponse>(EcsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => Task.FromResult(Echo(operation, request));

    private TResponse Echo<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        Asked[operation.Name] = request;
        return answers[operation.Name].Deserialize(operation.ResponseJson)!;
    }
}
