using Refrag.Aws.Batch;
using Refrag.Costs;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.Costs;

public sealed class CostTests
{
    private static readonly InstanceCatalogue s_catalogue = InstanceCatalogue.Load();

    private static readonly PriceTable s_prices = new(
    [
        new Price
        {
            Type = "m6i.xlarge",
            Region = "us-east-1",
            OnDemand = 0.2m,
            Spot = 0.1m,
            AsOf = new DateOnly(2026, 8, 1),
            Interruption = InterruptionClass.Below5,
        },
        new Price
        {
            Type = "m6i.2xlarge",
            Region = "us-east-1",
            OnDemand = 0.4m,
            Spot = 0.15m,
            AsOf = new DateOnly(2026, 8, 10),
            Interruption = InterruptionClass.Above20,
        },
        new Price { Type = "g5.xlarge", Region = "us-east-1", OnDemand = 1m, Spot = 0.5m, AsOf = new DateOnly(2026, 8, 10) },
    ]);

    [Fact]
    public void Of_PartsSideBySide_PaysWholeInstances()
    {
        CostEstimate estimate = Estimate(parts: 5, spot: false);

        HostCost xlarge = estimate.Hosts.Single(h => h.Type.Name == "m6i.xlarge");
        Assert.Equal(2, xlarge.PerInstance);
        // Five parts, two an instance: three instances for eight hours.
        Assert.Equal(3 * 8 * 0.2m, xlarge.OnDemand);
        Assert.Equal(3 * 8 * 0.2m, estimate.Likely);
    }

    // "Multi-node parallel jobs aren't supported on Spot Instances." (API ComputeResource)
    [Fact]
    public void Of_SeveralNodesOnSpot_IsPricedOnDemand()
    {
        CostQuestion question = Question(2, true);

        CostEstimate estimate = CostEstimate.Of(
            question with { Requirement = question.Requirement with { Nodes = 2 } }, s_catalogue, s_prices).Value;

        Assert.Equal(estimate.Hosts.Min(h => h.OnDemand), estimate.Likely);
        Assert.NotNull(estimate.Above(estimate.Hosts.Min(h => h.Spot)!.Value));
    }

    [Fact]
    public void IsStale_OnePriceWithoutDate_IsStale()
    {
        CostQuestion question = Question(1, null);
        PriceTable prices = new([new Price { Type = "m6i.xlarge", Region = "us-east-1", OnDemand = 0.2m, AsOf = question.Today },
            new Price { Type = "m6i.2xlarge", Region = "us-east-1", OnDemand = 0.4m }]);

        Assert.True(CostEstimate.Of(question, s_catalogue, prices).Value.IsStale);
    }

    [Fact]
    public void Of_Spot_AddsTheWorkThatIsDoneTwice()
    {
        CostEstimate estimate = Estimate(parts: 1, spot: true);

        HostCost host = estimate.Hosts[0];
        Assert.Equal(0.8m, host.Spot);
        Assert.InRange(host.Rework!.Value, 0.00001m, 0.01m);
        Assert.Equal(host.Spot + host.Rework, estimate.Likely);
        Assert.True(estimate.Hosts[1].Rework / estimate.Hosts[1].Spot > host.Rework / host.Spot);
    }

    [Fact]
    public void Above_EstimateOverTheLimit_RefusesWithFigures()
    {
        Problem? problem = Estimate(parts: 1, spot: false).Above(1m);

        Assert.Equal("RF2080", problem?.Code);
        Assert.Contains("$1.60", problem!.What, StringComparison.Ordinal);
        Assert.Null(Estimate(parts: 1, spot: false).Above(1.6m));
    }

    [Fact]
    public void Above_NoPrice_RefusesRatherThanGuesses()
    {
        CostQuestion question = Question(1, null) with { Region = "eu-central-9" };

        Assert.NotNull(CostEstimate.Of(question, s_catalogue, s_prices).Value.Above(1_000_000m));
    }

    [Theory]
    [InlineData("2026-09-01", false)]
    [InlineData("2026-12-01", true)]
    public void IsStale_ByTheOldestPrice(string today, bool stale) =>
        Assert.Equal(stale,
            CostEstimate.Of(Question(1, null) with { Today = DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture) },
                s_catalogue, s_prices).Value.IsStale);

    [Fact]
    public void Of_FinishedJob_CountsAllAttemptsAtItsShareOfTheInstance()
    {
        JobCosting costing = new([FakeAccount.EnvOf("e", ["m6i.xlarge"])], "us-east-1", s_catalogue, s_prices);
        long hour = 3_600_000;
        JobDetail job = FakeAccount.Job("SUCCEEDED", vcpus: 2, memory: 3000) with
        {
            StartedAt = 2 * hour,
            StoppedAt = 3 * hour,
            Attempts = [new AttemptDetail { StartedAt = hour, StoppedAt = 2 * hour },
                new AttemptDetail { StartedAt = 2 * hour, StoppedAt = 3 * hour }],
        };

        RecordedCost cost = CostOf(job, costing);

        // Half of an m6i.xlarge on Spot for two hours.
        Assert.Equal((0.1m, "assumed"), (cost.Usd, cost.Basis));
        Assert.Contains("50", Assert.Single(cost.Sources), StringComparison.Ordinal);
        CostReport report = new("app", FakeAccount.Now);
        var recorded = RecordedJob.Of(job, FakeAccount.Now);
        report.Add(recorded with { Tags = new Dictionary<string, string> { ["app"] = "train" } }, new RecordedCosting(costing));
        report.Add(recorded, new RecordedCosting(costing));
        Assert.Equal(["(none)", "train"], report.Groups.Select(g => g.Key).Order(StringComparer.Ordinal));
        Assert.All(report.Groups, g => Assert.Equal(0.05m, g.FailedUsd));
    }

    [Fact]
    public void Compare_SharedQueue_MayGiveCpuWorkAGpuInstance()
    {
        ComparedWork row = CostComparison.Of(["m6i.xlarge"], ["g5.xlarge"], 8, "us-east-1", s_catalogue, s_prices).Value[1];

        Assert.Equal("m6i.xlarge", row.Separate?.Type.Name);
        Assert.Equal("g5.xlarge", row.Shared?.Type.Name);
        Assert.Equal(0.8, row.Saving!.Value, 6);
    }

    [Fact]
    public void Compare_TypeWithoutAPrice_IsNamedAndLeftOut()
    {
        IReadOnlyList<ComparedWork> rows =
            CostComparison.Of(["m6i.xlarge", "c6i.xlarge"], ["g5.xlarge"], 8, "us-east-1", s_catalogue, s_prices).Value;

        Assert.Equal(["c6i.xlarge"], rows[0].Unpriced);
        Assert.Equal("m6i.xlarge", rows[0].Separate?.Type.Name);
    }

    [Fact]
    public void AtShare_Estimate_IsWhatTheReportCountsAfterwards()
    {
        CostEstimate estimate = Estimate(parts: 1, spot: true);
        JobCosting costing = new([FakeAccount.EnvOf("e", ["m6i.xlarge", "m6i.2xlarge"])], "us-east-1", s_catalogue, s_prices);
        JobDetail job = FakeAccount.Job("SUCCEEDED", vcpus: 2, memory: 4096) with { StartedAt = 1, StoppedAt = 1 + (8 * 3_600_000) };

        Assert.Equal(CostOf(job, costing).Usd, estimate.AtShare!.Value, 6);
        Assert.True(estimate.AtShare < estimate.Likely);
    }

    [Fact]
    public void Bill_OfAFleet_PricesWholeInstancesAndNamesTypesWithoutAPrice()
    {
        FleetBill bill = FleetBill.Of(
            [new("e", "m6i.xlarge", true, 2, 10), new("e", "m6i.xlarge", false, 1, 1), new("e", "c6i.xlarge", true, 1, 4)], "us-east-1",
            s_prices);

        Assert.Equal((10 * 0.1m) + 0.2m, bill.Usd);
        Assert.Equal(15, bill.Hours);
        Assert.Equal(["c6i.xlarge"], bill.Unpriced);
    }

    private static RecordedCost CostOf(JobDetail job, JobCosting costing) =>
        new RecordedCosting(costing).Of(RecordedJob.Of(job, FakeAccount.Now), FakeAccount.Now);

    private static CostEstimate Estimate(int parts, bool? spot) => CostEstimate.Of(Question(parts, spot), s_catalogue, s_prices).Value;

    private static CostQuestion Question(int parts, bool? spot) => new()
    {
        Requirement = new Requirement { Amount = Amount.Of(2, 4096) },
        Parts = parts,
        Hours = 8,
        Types = ["m6i.xlarge", "m6i.2xlarge"],
        Spot = spot,
        Today = new DateOnly(2026, 8, 15),
    };
}
