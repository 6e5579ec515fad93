namespace Refrag.Aws;

/// <summary>
/// A token bucket for requests: a full bucket lets a burst through, then requests pass at the rate. Throttling halves the rate, and success
/// lets it recover slowly. Safe to use from several threads at once.
/// </summary>
/// <param name="perSecond">The most requests a second; also the size of a burst.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRate(double perSecond, TimeProvider time)
{
    private const double Decrease = 0.5;

    // A twentieth of the full rate each second: back from half in ten seconds.
    private const double Recovery = 0.05;

    // Slower than one request in two seconds would look like a hang.
    private const double LeastPerSecond = 0.5;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly double _most = perSecond;
    private double _tokens = perSecond;
    private double _rate = perSecond;
    private long _refilled = time.GetTimestamp();
    private long _changed = time.GetTimestamp();

    /// <summary>The rate now, in requests a second.</summary>
    public double PerSecond
    {
        get
        {
            lock (_lock) return _rate;
        }
    }

    /// <summary>Waits for this request's turn; turns are given in the order of asking.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = Reserve();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
    }

    /// <summary>The service asked for fewer requests. Several such answers within a second count once: they belong to one burst.</summary>
    public void Throttled()
    {
        lock (_lock)
        {
            Refill();
            if (_rate < _most && time.GetElapsedTime(_changed) < s_step) return;
            _rate = Math.Max(Math.Min(LeastPerSecond, _most), _rate * Decrease);
            _tokens = Math.Min(_tokens, 0);
            _changed = time.GetTimestamp();
        }
    }

    /// <summary>A request went through.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (_rate >= _most || time.GetElapsedTime(_changed) < s_step) return;
            Refill();
            _rate = Math.Min(_most, _rate + (_most * Recovery));
            _changed = time.GetTimestamp();
        }
    }

    // Tokens may become negative: a debt that later requests wait for.
    private TimeSpan Reserve()
    {
        lock (_lock)
        {
            Refill();
            _tokens--;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _rate);
        }
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(Math.Max(1, _rate), _tokens + (time.GetElapsedTime(_refilled, now).TotalSeconds * _rate));
        _refilled = now;
    }
}
