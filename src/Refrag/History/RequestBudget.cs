using Refrag.Aws;

namespace Refrag.History;

/// <summary>
/// Counts the requests of one who looks again and again, and says how long to pause so that they stay within a number a minute. A round
/// is never cut: what it asked too much is paid by the pause behind it.
/// </summary>
/// <param name="perMinute">How many requests a minute on average; at least 1.</param>
public sealed class RequestBudget(int perMinute)
{
    private long _sent;
    private long _paid;

    /// <summary>How many requests were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>A transport whose requests count.</summary>
    public IAwsTransport Over(IAwsTransport inner) => new Counted(this, inner);

    /// <summary>How long to pause now: the pace, or longer if the requests since the last pause need it.</summary>
    /// <param name="pace">How long is meant to be between two looks.</param>
    public TimeSpan Pause(TimeSpan pace)
    {
        long sent = Sent;
        var needed = TimeSpan.FromMinutes((double)(sent - _paid) / perMinute);
        _paid = sent;
        return needed > pace ? needed : pace;
    }

    private sealed class Counted(RequestBudget budget, IAwsTransport inner) : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            Interlocked.Increment(ref budget._sent);
            return inner.SendAsync(operation, request, cancellationToken);
        }
    }
}
