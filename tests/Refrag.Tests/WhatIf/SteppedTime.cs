using Microsoft.Extensions.Time.Testing;

namespace Refrag.Tests.WhatIf;

/// <summary>A clock that goes from one timer to the next, so that nothing happens later than it is due.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SteppedTimer, DateTimeOffset> _due = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this, callback, state);
        timer.Set(base.CreateTimer(timer.Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock to the timer that is due first, and not beyond a limit.</summary>
    public void AdvanceToNext(DateTimeOffset limit)
    {
        DateTimeOffset next = limit;
        lock (_lock)
        {
            foreach (DateTimeOffset due in _due.Values) next = due < next ? due : next;
        }
        SetUtcNow(next > GetUtcNow() ? next : GetUtcNow());
    }

    private void Put(SteppedTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) _due.Remove(timer);
            else _due[timer] = GetUtcNow() + dueTime;
        }
    }

    private sealed class SteppedTimer(SteppedTime time, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _inner;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public void Set(ITimer inner) => _inner = inner;

        public void Fire(object? ignored)
        {
            time.Put(this, _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            time.Put(this, dueTime);
            return _inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            time.Put(this, Timeout.InfiniteTimeSpan);
            _inner?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
