using Refrag.Costs;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.Costs;

public sealed class RecordedCostingTests
{
    private static readonly InstanceCatalogue s_catalogue = InstanceCatalogue.Load();

    private static readonly PriceTable s_prices = new(
    [
        new Price { Type = "m6i.xlarge", Region = "us-east-1", OnDemand = 0.2m, Spot = 0.1m, AsOf = new DateOnly(2026, 8, 1) },
        new Price { Type = "m6i.2xlarge", Region = "us-east-1", OnDemand = 0.4m, Spot = 0.15m, AsOf = new DateOnly(2026, 8, 1) },
    ]);

    private static readonly JobCosting s_queue =
        new([FakeAccount.EnvOf("e", ["m6i.xlarge"])], "us-east-1", s_catalogue, s_prices);

    // 2 of the 8 vCPUs of an m6i.2xlarge for two hours, where an m6i.xlarge would have been assumed.
    [Theory]
    [InlineData("spot", 0.12, 2 * 0.25 * 0.12, "the Spot price of its zone then")]
    [InlineData("spot", null, 2 * 0.25 * 0.15, "Spot price of the list of 2026-08-01")]
    [InlineData("on-demand", null, 2 * 0.25 * 0.4, "on demand, list price of 2026-08-01")]
    public void Of_MeasuredAttempt_CostsItsShareOfThatInstance(string market, double? spot, double usd, string source)
    {
        RecordedCost cost = Of(Job(Attempt(1, 2) with { Instance = Host("m6i.2xlarge", market), SpotUsd = (decimal?)spot }));

        Assert.Equal(((decimal)usd, 0m), (cost.MeasuredUsd, cost.AssumedUsd));
        Assert.Contains(source, Assert.Single(cost.Sources), StringComparison.Ordinal);
    }

    // A capacity block is paid beforehand: what an hour of it costs is not known, so it is assumed as before.
    [Theory]
    [InlineData("m6i.2xlarge", "capacity-block")]
    [InlineData("c6i.xlarge", "on-demand")]
    [InlineData("x99.large", "on-demand")]
    public void Of_InstanceWithoutAPrice_IsAssumed(string type, string market)
    {
        RecordedCost cost = Of(Job(Attempt(1, 2) with { Instance = Host(type, market) }));

        Assert.Equal((0m, 2 * 0.5m * 0.1m), (cost.MeasuredUsd, cost.AssumedUsd));
        Assert.StartsWith("assumed:", Assert.Single(cost.Sources), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RetriedJob_CountsEachAttemptOnItsOwn()
    {
        RecordedCost cost = Of(Job(
            Attempt(1, 1) with { HasFailed = true, Instance = Host("m6i.xlarge", "on-demand") }, Attempt(2, 2) with { HasFailed = false }));

        // Half of an m6i.xlarge: one hour on demand, measured; two on Spot, assumed.
        Assert.Equal((0.1m, 0.1m, 0.1m), (cost.MeasuredUsd, cost.AssumedUsd, cost.FailedUsd));
        Assert.Equal(2, cost.Sources.Count);
    }

    // Who watched has gone before the end: the node ended with its job, and not today.
    [Fact]
    public void Of_NodeThatWasLastSeenRunning_CountsUntilTheEndOfItsJob()
    {
        RecordedJob job = Job(
            Attempt(1, 2), Attempt(1, 2) with { Node = 0, StoppedAt = null, Instance = Host("m6i.2xlarge", "on-demand") },
            Attempt(1, 2) with { Node = 1, Instance = Host("m6i.2xlarge", "on-demand") });

        RecordedCost cost = Of(job with { Needs = job.Needs with { Nodes = 2 } });

        Assert.Equal((2 * 2 * 0.4m, "measured"), (cost.Usd, cost.Basis));
    }

    // A node has an instance for itself. (UG multi-node-parallel-jobs)
    [Fact]
    public void Of_MultiNodeJob_CountsWholeInstancesAndTheNodesThatWereNotMeasured()
    {
        RecordedJob job = Job(
            Attempt(1, 2), Attempt(1, 1) with { Node = 0, Instance = Host("m6i.2xlarge", "on-demand") });

        RecordedCost cost = Of(job with { Needs = job.Needs with { Nodes = 2 } });

        Assert.Equal((0.4m, 2 * 0.1m), (cost.MeasuredUsd, cost.AssumedUsd));
    }

    [Theory]
    [InlineData(HostPlatform.Fargate, "Fargate")]
    [InlineData(HostPlatform.Eks, "EKS")]
    public void Of_PlatformWithoutInstances_IsNotKnown(HostPlatform platform, string word)
    {
        RecordedCost cost = Of(Job(Attempt(1, 2)) with { Platform = platform });

        Assert.Equal((0m, true), (cost.Usd, cost.HasUnpriced));
        Assert.Contains(word, Assert.Single(cost.Sources), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_JobsOfEachKind_AreARowWithItsBasis()
    {
        CostReport report = new("app", FakeAccount.Now);
        RecordedCosting costing = new(s_queue);
        RecordedJob measured = Job(Attempt(1, 3) with { Instance = Host("m6i.xlarge", "spot") });

        report.Add(Tagged(measured, "measured"), costing);
        report.Add(Tagged(Job(Attempt(1, 1)), "assumed"), costing);
        report.Add(Tagged(measured, "both"), costing);
        report.Add(Tagged(Job(Attempt(1, 1)), "both"), costing);
        report.Add(Tagged(Job(Attempt(1, 1)) with { Platform = HostPlatform.Fargate }, "fargate"), costing);
        report.Add(Tagged(Job(), "waiting"), costing);

        Assert.Equal(
            [("assumed", "assumed"), ("both", "75% measured, 25% assumed"), ("fargate", "unknown"), ("measured", "measured"),
                ("waiting", "none")],
            report.Groups.Select(group => (group.Key, group.Basis)).Order());
    }

    // One that ran still when it was last seen: its end is not known.
    [Fact]
    public void Add_RememberedJobThatRan_CountsUntilItWasLastSeen()
    {
        CostReport report = new("app", FakeAccount.Now.AddDays(30));

        report.Add(
            Job(new RecordedAttempt(-1, 1, FakeAccount.Now.AddHours(-1))) with { SeenAt = FakeAccount.Now }, new RecordedCosting(s_queue),
            isRemembered: true);

        CostGroup group = Assert.Single(report.Groups);
        Assert.Equal((TimeSpan.FromHours(1), 1), (group.Ran, group.Remembered));
    }

    [Fact]
    public void Add_RememberedJobOfTwoDays_IsOneJobOfTheReport()
    {
        CostReport report = new(CostReport.ByDay, FakeAccount.Now.AddDays(30));

        report.Add(
            Job(new RecordedAttempt(-1, 1, FakeAccount.Now.AddHours(-25))) with { SeenAt = FakeAccount.Now }, new RecordedCosting(s_queue),
            isRemembered: true);

        Assert.True(report.Groups.Count > 1);
        Assert.Equal(1, report.Remembered);
    }

    // Three hours of half an m6i.xlarge on Spot, two before midnight of UTC and one after it.
    [Fact]
    public void Days_AttemptOverMidnight_HaveItsCostByTimeAndTheSameSum()
    {
        DateTimeOffset midnight = new(2026, 8, 10, 0, 0, 0, TimeSpan.Zero);
        RecordedAttempt over = new(RecordedAttempt.WholeJob, 1, midnight.AddHours(-2)) { StoppedAt = midnight.AddHours(1) };
        RecordedJob job = Tagged(Job(over with { Instance = Host("m6i.xlarge", "spot") }), "train");
        CostReport report = new("app", FakeAccount.Now);
        CostReport byDay = new(CostReport.ByDay, FakeAccount.Now);

        report.Add(job, new RecordedCosting(s_queue));
        report.Add(Tagged(Job(over), "assumed"), new RecordedCosting(s_queue));
        byDay.Add(job, new RecordedCosting(s_queue));

        Assert.Equal(
            [("2026-08-09", "assumed", 0m, 0.1m), ("2026-08-09", "train", 0.1m, 0m), ("2026-08-10", "assumed", 0m, 0.05m),
                ("2026-08-10", "train", 0.05m, 0m)],
            report.Days.Select(day => (
                day.Day.ToString("yyyy-MM-dd", null), day.Key, Math.Round(day.MeasuredUsd, 12), Math.Round(day.AssumedUsd, 12))));
        Assert.Equal([("2026-08-09", 1, 1, 2d, 0.1m), ("2026-08-10", 1, 1, 1d, 0.05m)],
            byDay.Groups.Select(day => (day.Key, day.Jobs, day.Attempts, day.Ran.TotalHours, Math.Round(day.Usd, 12))));
    }

    private static RecordedCost Of(RecordedJob job) => new RecordedCosting(s_queue).Of(job, FakeAccount.Now);

    private static HostInstance Host(string type, string market) => new("i-1", type, "us-east-1a", market);

    private static RecordedAttempt Attempt(int number, int hours) =>
        new(RecordedAttempt.WholeJob, number, FakeAccount.Now.AddHours(-10 * (3 - number)))
        {
            StoppedAt = FakeAccount.Now.AddHours((-10 * (3 - number)) + hours),
        };

    private static RecordedJob Tagged(RecordedJob job, string app) =>
        job with { Tags = new Dictionary<string, string> { ["app"] = app } };

    private static RecordedJob Job(params RecordedAttempt[] attempts) => new()
    {
        Id = "a",
        Name = "train",
        Queue = FakeAccount.Cpu,
        Status = "SUCCEEDED",
        SeenAt = FakeAccount.Now,
        Needs = new Requirement { Amount = Amount.Of(2, 3000) },
        Attempts = attempts,
    };
}
