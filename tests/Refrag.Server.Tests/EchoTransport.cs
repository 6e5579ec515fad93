using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;

namespace Refrag.Server.Tests;

/// <summary>Keeps the requests, and gives the answers of the test.</summary>
internal sealed class EchoTransport(JsonObject answers) : IAwsTransport
{
    public ConcurrentDictionary<string, object> Asked { get; } = new();

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Asked[operation.Name] = request;
        return Task.FromResult(answers[operation.Name].Deserialize(operation.ResponseJson)!);
    }
}
