namespace Refrag.Aws;

/// <summary>The way to one service: where it is, how fast one may ask, and how far its clock is from ours.</summary>
/// <param name="destination">Where it is.</param>
/// <param name="rate">How fast one may ask.</param>
internal sealed class AwsRoute(AwsEndpoint destination, RequestRate rate)
{
    // AWS accepts five minutes; a smaller difference is not why a signature was refused.
    private static readonly TimeSpan s_tolerated = TimeSpan.FromMinutes(4);

    private long _skewTicks;

    public AwsEndpoint Destination { get; } = destination;

    public RequestRate Rate { get; } = rate;

    /// <summary>What to add to our clock to have the service's.</summary>
    public TimeSpan Skew => new(Interlocked.Read(ref _skewTicks));

    /// <summary>
    /// Takes over the service's clock where the request was refused because of ours. Returns whether another attempt makes sense.
    /// </summary>
    public bool Adjust(Refused refused, DateTimeOffset now)
    {
        if (refused.ServerTime is not { } server) return false;
        TimeSpan skew = server - now;
        bool isOff = (skew - Skew).Duration() > s_tolerated;
        if (!isOff || !(refused.Error.IsClockSkew || refused.Error.IsCredentialFault)) return false;
        Interlocked.Exchange(ref _skewTicks, skew.Ticks);
        return true;
    }
}
