using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Claims;

namespace Refrag.Tests.Claims;

public sealed class ClaimBookTests : IDisposable
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-claims");
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeAsync_ManyHostsAtOnce_OneHasIt()
    {
        ClaimState[] states = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Take(Book($"host {i}")), Stop)));

        ClaimState.Taken taken = Assert.Single(states.OfType<ClaimState.Taken>());
        Assert.Null(taken.Before);
        Assert.Equal(15, states.OfType<ClaimState.Held>().Count());
    }

    [Fact]
    public async Task TakeAsync_OwnerGone_IsTakenOverOnceItsLeaseWasSeenToPass()
    {
        await Take(Book("gone"));
        ClaimBook next = Book("next");
        ClaimState.Held held = Assert.IsType<ClaimState.Held>(await Take(next));
        Assert.Equal("gone", held.Claim.Owner);

        _time.Advance(s_lease - TimeSpan.FromSeconds(1));
        Assert.IsType<ClaimState.Held>(await Take(next));
        _time.Advance(TimeSpan.FromSeconds(1));
        // One that has just come has not seen it, however old it is by its clock.
        Assert.IsType<ClaimState.Held>(await Take(Book("late")));
        ClaimState.Taken taken = Assert.IsType<ClaimState.Taken>(await Take(next));
        Assert.Equal("gone", taken.Before?.Owner);
        Assert.Equal("next", Assert.IsType<ClaimState.Held>(await Take(Book("late"))).Claim.Owner);
    }

    [Fact]
    public async Task TakeAsync_Recorded_IsDoneForEveryHost()
    {
        ClaimBook first = Book("first");
        await Take(first);
        await first.RecordAsync("move-1", "job", "successor", Stop);
        await Book("second").RecordAsync("move-1", "job", "another", Stop);

        Assert.Equal("successor", Assert.IsType<ClaimState.Done>(await Take(Book("third"))).Outcome.JobId);
        ClaimedAction listed = Assert.Single(await Book("third").ListAsync(Stop).ToListAsync(Stop));
        Assert.Equal(("job", "first", 1, "successor"),
            (listed.Claim?.Subject, listed.Claim?.Owner, listed.Claims, listed.Outcome?.JobId));
    }

    [Fact]
    public async Task NewestAsync_NumberedClaims_IsTheHighestWhoeverHasMadeIt()
    {
        ClaimBook book = Book("first");
        Assert.Equal((0, null), await book.NewestAsync("cpu-minimum", 0, Stop));
        for (int number = 1; number <= 11; number++)
            await book.TakeAsync($"action-{number}", ClaimBook.Numbered("cpu-minimum", number), number, "what", Stop);
        // A name that begins alike has numbers of its own.
        await book.TakeAsync("other", ClaimBook.Numbered("cpu-minimum-2", 20), 1, "what", Stop);

        (int listed, Claim? claim) = await Book("second").NewestAsync("cpu-minimum", 0, Stop);
        (int probed, Claim? same) = await Book("third").NewestAsync("cpu-minimum", 9, Stop);

        Assert.Equal((11, 11, "action-11"), (listed, probed, claim!.ActionId));
        Assert.Equal(claim, same);
    }

    [Fact]
    public async Task TakeAsync_ClaimThatWasNotWrittenToItsEnd_IsLeftAloneAsLongAsAnyOther()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "job.1.json"), "");
        ClaimBook book = Book("next");
        Assert.Equal("unknown", Assert.IsType<ClaimState.Held>(await Take(book)).Claim.Owner);
        _time.Advance(ClaimBook.UsualLease);
        Assert.IsType<ClaimState.Taken>(await Take(book));
    }

    [Fact]
    public async Task OfThisMachineAsync_SeveralAtOnce_HaveOnePlace()
    {
        string folder = Path.Combine(_folder.FullName, "own");
        Result<IClaimStore>[] stores =
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ClaimStores.OfThisMachineAsync(folder, Stop), Stop)));

        string place = Assert.Single(stores.Select(store => store.Value.Place).Distinct());
        Assert.True(ClaimStores.IsOfAMachine(place));
        Assert.Empty(await stores[0].Value.ListAsync(Stop).Where(name => name != "id").ToListAsync(Stop));
    }

    [Theory]
    [InlineData("/claims")]
    [InlineData("https://example.com/claims")]
    [InlineData("s3://b")]
    public void Named_WhatIsNoStore_IsAProblem(string url) =>
        Assert.Equal("RF8134", Assert.Single(ClaimStores.Named(url, place: null, new AwsClientOptions()).Problems).Code);

    public void Dispose() => _folder.Delete(recursive: true);

    private ClaimBook Book(string owner) =>
        new(ClaimStores.Named(new Uri(_folder.FullName).AbsoluteUri, place: null, new AwsClientOptions()).Value, _time, owner, s_lease);

    private static Task<ClaimState> Take(ClaimBook book) => book.TakeAsync("move-1", "job", 2, "moved", Stop);
}
