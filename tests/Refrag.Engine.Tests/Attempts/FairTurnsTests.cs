using Refrag.Engine.Attempts;

namespace Refrag.Engine.Tests.Attempts;

public sealed class FairTurnsTests
{
    private const int Many = 1_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task NextAsync_ManyAtOnce_LetsThroughSoMany(int most) =>
        Assert.InRange(await MostAtOnceAsync(new FairTurns(most)), 1, most);

    [Fact]
    public async Task NextAsync_ManyWait_AreServedInTheirOrder()
    {
        var turns = new FairTurns(1);
        List<int> order = [];
        FairTurns.Turn first = await turns.NextAsync();
        Task[] others = [.. Enumerable.Range(0, Many).Select(async number =>
        {
            using FairTurns.Turn turn = await turns.NextAsync();
            order.Add(number);
        })];
        Assert.Empty(order);
        first.Dispose();
        await Task.WhenAll(others).WaitAsync(Token);
        Assert.Equal(Enumerable.Range(0, Many), order);
    }

    [Fact]
    public async Task NextAsync_OtherWorkComesToThePool_ItNeedNotWaitForAllTurns()
    {
        var turns = new FairTurns(Environment.ProcessorCount);
        int done = 0;
        var other = new TaskCompletionSource<int>();
        await Task.WhenAll(Enumerable.Range(0, Many * 10).Select(async _ =>
        {
            using FairTurns.Turn turn = await turns.NextAsync();
            if (Interlocked.Increment(ref done) == 1)
                ThreadPool.UnsafeQueueUserWorkItem(_ => other.SetResult(Volatile.Read(ref done)), null);
        })).WaitAsync(Token);
        Assert.InRange(await other.Task.WaitAsync(Token), 1, Many);
    }

    [Fact]
    public async Task Dispose_Twice_GivesOneTurnBack()
    {
        var turns = new FairTurns(1);
        FairTurns.Turn first = await turns.NextAsync();
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, await MostAtOnceAsync(turns));
    }

    private static async Task<int> MostAtOnceAsync(FairTurns turns)
    {
        var counting = new Lock();
        int inside = 0, most = 0, done = 0;
        await Task.WhenAll(Enumerable.Range(0, Many).Select(async _ =>
        {
            using FairTurns.Turn turn = await turns.NextAsync();
            lock (counting) most = Math.Max(most, ++inside);
            await Task.Yield();
            lock (counting) (inside, done) = (inside - 1, done + 1);
        })).WaitAsync(Token);
        Assert.Equal(Many, done);
        return most;
    }
}
