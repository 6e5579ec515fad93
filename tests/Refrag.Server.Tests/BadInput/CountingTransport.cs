using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Server.Tests.BadInput;

/// <summary>Hands requests on, and counts those that got past the limits.</summary>
internal sealed class CountingTransport(IBatchTransport inner) : IBatchTransport
{
    private int _passed;

    public int Passed => _passed;

    /// <summary>The limits that a body breaks, without a server.</summary>
    public static IReadOnlyList<Problem> Check(AwsOperation operation, string body)
    {
        var check = new CheckingTransport();
        object request = operation.Complete(JsonSerializer.Deserialize(body, operation.RequestJson)!, new NoOutside());
        try
        {
            _ = ((IAnsweredBy<IBatchTransport>)operation).AnswerAsync(check, request, CancellationToken.None);
        }
        catch (NotSupportedException)
        {
            // It has looked by then.
        }
        return check.Found;
    }

    public async Task<TResponse> SendAsync<TRequest, TResponse>(BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (BatchLimits.CheckForEngine(operation, request).Count == 0) Interlocked.Increment(ref _passed);
        return await inner.SendAsync(operation, request, cancellationToken);
    }

    private sealed class CheckingTransport : IBatchTransport
    {
        public IReadOnlyList<Problem> Found { get; private set; } = [];

        public Task<TResponse> SendAsync<TRequest, TResponse>(BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            Found = BatchLimits.CheckForEngine(operation, request);
            return Task.FromException<TResponse>(new NotSupportedException());
        }
    }

    private sealed class NoOutside : IOutsideBody
    {
        public string Path(string member) => "arn:aws:batch:us-east-1:000000000000:job-queue/q";

        public IReadOnlyList<string> Query(string member) => ["a"];
    }
}
