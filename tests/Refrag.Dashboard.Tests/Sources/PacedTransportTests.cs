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
}
