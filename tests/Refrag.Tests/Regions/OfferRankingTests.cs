using Refrag.Regions;

namespace Refrag.Tests.Regions;

public sealed class OfferRankingTests
{
    [Fact]
    public void Rank_AllElseEqual_IsAsNamed() => Assert.Equal(
        [("b", 1, "named first"), ("a", 2, "named after b")], Ranked(Offer("b"), Offer("a")));

    [Fact]
    public void Rank_Prices_TheCheapestComesFirstAndOneWithoutLast() => Assert.Equal(
        [
            ("c", 1, "best; a: $0.2000 an hour against $0.1000"), ("a", 2, "$0.2000 an hour against $0.1000"),
            ("b", 3, "no price is known there"),
        ],
        Ranked(Offer("a") with { HourlyUsd = 0.2m }, Offer("b"), Offer("c") with { HourlyUsd = 0.1m }));

    [Fact]
    public void Rank_RegionInDoubt_ComesAfterADearerOneThatStartsSoon() => Assert.Equal(
        [
            ("dear", 1, "best; blocked: the job at the head of its queue is blocked (CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY)"),
            ("blocked", 2, "the job at the head of its queue is blocked (CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY)"),
            ("held", 3, "the first job in its queue has waited 40m"),
            ("scarce", 4, "EC2 gives Spot instances there a score of 2 of 10"),
        ],
        Ranked(
            Offer("blocked") with { HourlyUsd = 0.1m, BlockedHead = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY" },
            Offer("held") with { HourlyUsd = 0.2m, OldestWait = TimeSpan.FromMinutes(40) },
            Offer("scarce") with { HourlyUsd = 0.3m, SpotScore = 2 }, Offer("dear") with { HourlyUsd = 0.9m }));

    // Batch queues what a full quota keeps waiting; a region is not left out for that.
    [Fact]
    public void Rank_QuotaUsedUpNow_ComesAfterTheOthersAndIsNotLeftOut()
    {
        RegionOffer full = RegionOfferReader.WithQuota(Offer("full"), value: 64, left: 2, vCpus: 8);
        Assert.Equal(
            [
                ("free", 1, "best; full: the EC2 quota leaves 2 vCPUs there now, and it needs 8"),
                ("full", 2, "the EC2 quota leaves 2 vCPUs there now, and it needs 8"),
            ],
            Ranked(full, RegionOfferReader.WithQuota(Offer("free"), value: 64, left: 8, vCpus: 8)));
        Assert.Equal([("full", 1, "the only region that takes it")], Ranked(full));
    }

    [Fact]
    public void Rank_QuotaTooSmallForTheJobAlone_IsLeftOut() => Assert.Equal(
        [("small", null, "the EC2 quota is 4 vCPUs there, and it needs 8")],
        Ranked(RegionOfferReader.WithQuota(Offer("small"), value: 4, left: 4, vCpus: 8)));

    [Fact]
    public void Rank_SamePrice_FewerWaitingThenTheBetterScore() => Assert.Equal(
        [("c", 1, "best; b: Spot score 5 against 9"), ("b", 2, "Spot score 5 against 9"), ("a", 3, "3 jobs wait against 0")],
        Ranked(Offer("a") with { Waiting = 3, SpotScore = 9 }, Offer("b") with { SpotScore = 5 }, Offer("c") with { SpotScore = 9 }));

    [Fact]
    public void Rank_RegionThatCannotTakeIt_HasNoPlaceAndSaysWhy() => Assert.Equal(
        [("b", 1, "the only region that takes it"), ("a", null, "there is no such queue")],
        Ranked(Offer("a") with { Obstacle = "there is no such queue" }, Offer("b")));

    private static IEnumerable<(string, int?, string)> Ranked(params RegionOffer[] offers) =>
        OfferRanking.Rank(offers).Select(one => (one.Offer.Region, one.Rank, one.Why));

    private static RegionOffer Offer(string region) => new() { Region = region, Queue = "queue" };
}
