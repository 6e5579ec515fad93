using Refrag.Aws;

namespace Refrag.Dashboard.Sources;

/// <summary>
/// Lets no more requests through than the page's budget allows: each waits until the time of those before it has passed. Of the account's
/// own limits other clients have most.
/// </summary>
/// <param name="inner">Carries them.</param>
/// <param name="perSecond">The most requests a second, more than 0.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedTransport(IAwsTransport inner, double perSecond, TimeProvider time) : IAwsTransport
{
    private readonly TimeSpan _gap = TimeSpan.FromSeconds(1 / perSecond);
    private readonly Lock _lock = new();

    // Not the time of day, which may be set back: reading would stand still for as long.
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _next;
    private long _sent;

    /// <summary>How many requests were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        TimeSpan wait = Reserve();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
        Interlocked.Increment(ref _sent);
        return await inner.SendAsync(operation, request, cancellationToken);
    }

    private TimeSpan Reserve()
    {
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_began);
            TimeSpan turn = _next > now ? _next : now;
            _next = turn + _gap;
            return turn - now;
        }
    }
}
