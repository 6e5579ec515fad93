using System.Globalization;
using System.Net;
using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Tests.JobLogs;

/// <summary>
/// Log streams that grow while they are read, in pages of an odd size, with an empty page now and then and faults where a test wants them.
/// </summary>
internal sealed class FakeLogGroup : IAwsTransport
{
    private const int Page = 997;

    private readonly Dictionary<string, List<OutputLogEvent>> _streams = new(StringComparer.Ordinal);
    private int _requests;

    /// <summary>Every how many requests throttling answers; 0 for never.</summary>
    public int ThrottleEvery { get; init; }

    public int Requests => _requests;

    public void Write(string stream, long at, string line)
    {
        if (!_streams.TryGetValue(stream, out List<OutputLogEvent>? lines)) _streams[stream] = lines = [];
        lines.Add(new OutputLogEvent { Timestamp = at, Message = line });
    }

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        _requests++;
        if (ThrottleEvery > 0 && _requests % ThrottleEvery == 0) return Fault<TResponse>("ThrottlingException");
        var ask = (GetLogEventsRequest)(object)request;
        if (!_streams.TryGetValue(ask.LogStreamName, out List<OutputLogEvent>? lines))
            return Fault<TResponse>(LogsException.ResourceNotFound);
        // A token is a position and whether an empty page was given there already.
        (int start, bool rested) = ask.NextToken is { } token
            ? (int.Parse(token.Split('/')[1], CultureInfo.InvariantCulture), token.EndsWith('r'))
            : (0, false);
        bool empty = !rested && start > 0 && start < lines.Count && start % (3 * Page) == 0;
        OutputLogEvent[] some = empty ? [] : [.. lines.Skip(start).Take(Page)];
        string next = empty ? $"f/{start}/r" : some.Length == 0 && ask.NextToken is { } same ? same : $"f/{start + some.Length}/";
        return Task.FromResult((TResponse)(object)new GetLogEventsResponse { Events = some, NextForwardToken = next });
    }

    private static Task<TResponse> Fault<TResponse>(string code) =>
        Task.FromException<TResponse>(new LogsException("GetLogEvents", new AwsError(code, "no", HttpStatusCode.BadRequest)));
}
