using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Server.Tests;

/// <summary>Forwards requests, and counts those that got past the limits.</summary>
internal sealed class CountingTransport(IAwsTransport inner) : IAwsTransport
{
    private int _passed;

    public int Passed => _passed;

    /// <summary>The limits that a body breaks, without a server.</summary>
    public static IReadOnlyList<Problem> Check(AwsOperation operation, string body) => operation.Accept(new LimitCheck(body));

    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (BatchLimits.CheckForEngine(operation, request).Count == 0) Interlocked.Increment(ref _passed);
        return await inner.SendAsync(operation, request, cancellationToken);
    }

    private sealed class LimitCheck(string body) : IAwsOperationVisitor<IReadOnlyList<Problem>>
    {
        public IReadOnlyList<Problem> Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class
        {
            TRequest request = JsonSerializer.Deserialize(body, operation.RequestJson)!;
            return BatchLimits.CheckForEngine(operation, operation.Bind?.Invoke(request, new FixedBindings()) ?? request);
        }
    }

    private sealed class FixedBindings : IHttpBindings
    {
        public string Path(string member) => "arn:aws:batch:us-east-1:000000000000:job-queue/q";

        public IReadOnlyList<string> Query(string member) => ["a"];
    }
}
