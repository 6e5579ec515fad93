using Refrag.Engine.Attempts;

namespace Refrag.Engine.Tests.Attempts;

public sealed class FairTurnsTests
{
    private const int Many = 1_000;

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
        await Task.WhenAll(others).Soon();
        Assert.Equal(Enumerable.Range(0, Many), order);
    }

    // One thread that does what is posted to it in its order, as the pool does.
    [Fact]
    public void NextAsync_OtherWorkIsPosted_ItNeedNotWaitForAllTurns()
    {
        var pump = new Pump();
        var turns = new FairTurns(1);
        int done = 0, doneBefore = -1;
        pump.Run(() =>
        {
            for (int i = 0; i < Many; i++) _ = UseAsync();
        });
        Assert.Equal((Many, 1), (done, doneBefore));

        async Task UseAsync()
        {
            using FairTurns.Turn turn = await turns.NextAsync();
            if (++done == 1) pump.Post(_ => doneBefore = done, null);
        }
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
        })).Soon();
        Assert.Equal(Many, done);
        return most;
    }

    private sealed class Pump : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Work, object? State)> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void Run(Action first)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                first();
                while (_posted.TryDequeue(out (SendOrPostCallback Work, object? State) next)) next.Work(next.State);
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
