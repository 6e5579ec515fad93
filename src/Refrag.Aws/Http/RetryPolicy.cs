namespace Refrag.Aws;

/// <summary>Decides whether and when a request is sent again. Pure: takes what happened, returns how long to wait.</summary>
internal static class RetryPolicy
{
    // Full jitter spreads clients evenly; throttling starts higher, because the service asked for quiet. (AWS SDKs, retry behaviour)
    private static readonly TimeSpan s_firstFault = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_firstThrottle = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    /// <summary>How long to wait before the next attempt.</summary>
    /// <param name="attempt">How the last attempt ended.</param>
    /// <param name="number">How many attempts there were, from 1.</param>
    /// <param name="elapsed">The time since the first attempt began.</param>
    /// <param name="isRepeatable">Whether the operation may be repeated after it may have taken effect.</param>
    /// <param name="jitter">A random number from 0 up to 1.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>How long to wait; null to give up.</returns>
    public static TimeSpan? Wait(Attempt attempt, int number, TimeSpan elapsed, bool isRepeatable, double jitter, RetryLimits limits)
    {
        if (!MayRepeat(attempt, isRepeatable)) return null;
        if (number >= (attempt is NotSent ? Math.Min(limits.UnreachableAttempts, limits.Attempts) : limits.Attempts)) return null;
        TimeSpan first = attempt is Refused { Error.IsThrottling: true } ? s_firstThrottle : s_firstFault;
        double most = Math.Min(s_longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, number - 1));
        TimeSpan wait = TimeSpan.FromSeconds(most * jitter);
        if (attempt is Refused { RetryAfter: { } asked } && asked > wait) wait = asked;
        return elapsed + wait <= limits.Time ? wait : null;
    }

    // A throttled request was refused before it was handled, and one not sent never arrived: both are safe to repeat, whatever the
    // operation.
    private static bool MayRepeat(Attempt attempt, bool isRepeatable) => attempt switch
    {
        NotSent => true,
        Refused { Error.IsThrottling: true } => true,
        Refused { Error.IsServerFault: true } => isRepeatable,
        Lost => isRepeatable,
        _ => false,
    };
}
