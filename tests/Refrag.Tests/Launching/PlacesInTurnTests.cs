using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Tests.Launching;

public sealed class PlacesInTurnTests
{
    private readonly PassingTime _time = new();
    private readonly List<int> _asked = [];
    private readonly List<int> _out = [];
    private int _outages;

    [Fact]
    public async Task TryEachAsync_APlaceThatIsOut_KeepsNoOtherFromBeingAskedAndEndsNothing()
    {
        PlacesInTurn turns = Turns();
        Assert.False(await turns.TryEachAsync(place => Ask(place, down: 0)));
        Assert.Equal([0, 1, 2], _asked);
        Assert.Equal((1, 0, false), (_outages, _out.Count, turns.IsAnyOut));

        await Task.Delay(OutageTolerance.Longest, _time, TestContext.Current.CancellationToken);
        Assert.True(await turns.TryEachAsync(place => Ask(place, down: 0)));
        Assert.True(await turns.TryEachAsync(place => Ask(place, down: 0)));
        Assert.Equal(9, _asked.Count);
        Assert.Equal([0], _out);
        Assert.True(turns.IsAnyOut);

        Assert.True(await turns.TryEachAsync(place => Ask(place, down: -1)));
        Assert.False(turns.IsAnyOut);
    }

    [Fact]
    public async Task TryEachAsync_APlaceThatRefuses_IsReportedOnceAndTheOthersAreAsked()
    {
        PlacesInTurn turns = Turns();
        for (int round = 0; round < 3; round++) Assert.True(await turns.TryEachAsync(place => Ask(place, down: -1, refuses: 1)));
        Assert.Equal(9, _asked.Count);
        Assert.Equal([1], _out);
    }

    [Fact]
    public async Task TryEachAsync_EveryPlaceRefuses_Throws() => await Assert.ThrowsAnyAsync<AwsException>(() =>
        Turns().TryEachAsync(_ => throw BatchException.Client("ListJobs", "no")));

    private PlacesInTurn Turns() => new(_time, 3) { Unanswered = _ => _outages++, LeftOut = (place, _) => _out.Add(place) };

    private Task Ask(int place, int down, int refuses = -1)
    {
        _asked.Add(place);
        return place == down ? throw FakeBatch.Unreachable("ListJobs")
            : place == refuses ? throw BatchException.Client("ListJobs", "no")
            : Task.CompletedTask;
    }
}
