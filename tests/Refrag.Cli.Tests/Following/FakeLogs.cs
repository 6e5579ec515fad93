using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Cli.Tests.Following;

/// <summary>One log stream that gains lines with time: each question is answered with what a test has put next.</summary>
internal sealed class FakeLogs : IAwsTransport
{
    private readonly Queue<Func<GetLogEventsResponse>> _answers = [];
    private int _end;

    /// <summary>The position that each question was asked from; null for the head of the stream.</summary>
    public List<string?> Asked { get; } = [];

    public FakeLogs Lines(params string[] lines)
    {
        _answers.Enqueue(() => Page(lines));
        return this;
    }

    public FakeLogs Fails(Exception failure)
    {
        _answers.Enqueue(() => throw failure);
        return this;
    }

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Asked.Add(((GetLogEventsRequest)(object)request).NextToken);
        try
        {
            return Task.FromResult((TResponse)(object)(_answers.TryDequeue(out Func<GetLogEventsResponse>? answer) ? answer() : Page([])));
        }
        catch (Refrag.Aws.AwsException failure)
        {
            return Task.FromException<TResponse>(failure);
        }
    }

    // At the end of a stream the token stays the same. (CloudWatch Logs API, GetLogEvents)
    private GetLogEventsResponse Page(string[] lines)
    {
        _end += lines.Length;
        return new GetLogEventsResponse
        {
            Events = [.. lines.Select(line => new OutputLogEvent { Message = line })],
            NextForwardToken = $"f/{_end}",
        };
    }
}
