using Refrag.Aws.Batch;
using Refrag.Dashboard.Sources;

namespace Refrag.Dashboard.Tests.Sources;

public sealed class PacedTransportTests
{
    [Fact]
    public async Task SendAsync_ManyAtOnce_WaitForTheirTurn()
    {
        var time = new PassingTime();
        PacedTransport paced = new(new FakeBatch(), perSecond: 4, time);

        for (int i = 0; i < 5; i++)
            await paced.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), TestContext.Current.CancellationToken);

        // Four a second: the fifth is sent a second after the first.
        Assert.Equal(TimeSpan.FromSeconds(1), time.Waits.Aggregate(TimeSpan.Zero, static (sum, wait) => sum + wait));
        Assert.Equal(5, paced.Sent);
    }

    [Fact]
    public async Task SendAsync_ClockSetBack_WaitsNoLonger()
    {
        var time = new SetBackTime();
        PacedTransport paced = new(new FakeBatch(), perSecond: 4, time);

        for (int i = 0; i < 3; i++)
            await paced.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(0.5), time.Passing.Waits.Aggregate(TimeSpan.Zero, static (sum, wait) => sum + wait));
    }

    /// <summary>A clock whose time of day is an hour earlier at each look, while time passes as ever.</summary>
    private sealed class SetBackTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);

        public PassingTime Passing { get; } = new();

        public override long TimestampFrequency => Passing.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _now -= TimeSpan.FromHours(1);

        public override long GetTimestamp() => Passing.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Passing.CreateTimer(callback, state, dueTime, period);
    }
}
