namespace Refrag.Aws.Tests.Operations;

/// <summary>Keeps the requests, and answers with what it is given, one after the other.</summary>
internal sealed class FakeTransport(params object[] answers) : IAwsTransport
{
    public List<object> Requests { get; } = [];

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Requests.Add(request);
        return Task.FromResult((TResponse)answers[Requests.Count - 1]);
    }
}
