namespace Refrag;

/// <summary>
/// The only place that creates timers. A timer of <see cref="TimeProvider"/> rejects negative times and times above 49 days; times that
/// come from a request, a record or a clock can be either, and must not throw where they are used.
/// </summary>
public static class TimerExtensions
{
    /// <summary>Runs an action once, after a time of any length. A time that has passed is due at once.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="due">When, from now.</param>
    /// <param name="action">The action, on any thread. It must not throw.</param>
    /// <returns>The timer; disposing it cancels it.</returns>
    public static IDisposable RunAfter(this TimeProvider time, TimeSpan due, Action action) => new LongTimer(time, due, action);

    /// <summary>Runs an action again and again.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="first">When it runs first, from now.</param>
    /// <param name="period">How long after each run the next follows: from a millisecond to a day.</param>
    /// <param name="action">The action, on any thread. It must not throw.</param>
    /// <returns>The timer; disposing it cancels it.</returns>
    public static ITimer RunEvery(this TimeProvider time, TimeSpan first, TimeSpan period, Action action)
    {
#pragma warning disable RS0030 // This is the one place.
        return time.CreateTimer(_ => action(), null, LongTimer.Bound(first), period);
#pragma warning restore RS0030
    }
}

/// <summary>A timer that is armed in steps of at most a day.</summary>
internal sealed class LongTimer : IDisposable
{
    private static readonly TimeSpan s_longestStep = TimeSpan.FromDays(1);
    private readonly TimeProvider _time;
    private readonly TimeSpan _due;
    private readonly Action _action;
    private readonly long _origin;
    private readonly ITimer _timer;
    private bool _isLastStep;

    public LongTimer(TimeProvider time, TimeSpan due, Action action)
    {
        (_time, _due, _action, _origin) = (time, due, action, time.GetTimestamp());
        // Armed only when the field is set: the first step may be over at once, on another thread.
#pragma warning disable RS0030 // This is the one place.
        _timer = time.CreateTimer(_ => EndStep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
#pragma warning restore RS0030
        Arm();
    }

    /// <summary>The time as one step: never negative, never longer than a day.</summary>
    public static TimeSpan Bound(TimeSpan time) => time <= TimeSpan.Zero ? TimeSpan.Zero : time < s_longestStep ? time : s_longestStep;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        TimeSpan left = _due <= TimeSpan.Zero ? TimeSpan.Zero : _due - _time.GetElapsedTime(_origin);
        _isLastStep = left <= s_longestStep;
        _timer.Change(Bound(left), Timeout.InfiniteTimeSpan);
    }

    private void EndStep()
    {
        if (_isLastStep) _action();
        else Arm();
    }
}
