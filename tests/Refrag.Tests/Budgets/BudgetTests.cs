using Refrag.Budgets;
using Refrag.Costs;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.Budgets;

/// <summary>Budgets against jobs of half of an m6i.xlarge, which costs 0.20 USD an hour on demand: a job costs 0.10 USD an hour.</summary>
public sealed class BudgetTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly PriceTable s_prices = new(
        [new Price { Type = "m6i.xlarge", Region = "us-east-1", OnDemand = 0.2m, AsOf = new DateOnly(2026, 11, 1) }]);

    private static readonly RecordedCosting s_costing = new(
        new JobCosting([FakeAccount.EnvOf("e", ["m6i.xlarge"])], "us-east-1", InstanceCatalogue.Load(), s_prices));

    private static readonly Budget s_all = new() { Name = "all", Usd = 10 };
    private static readonly Budget s_vision =
        new() { Name = "vision", Usd = 5, Scope = new BudgetScope(Tag: "project", Value: "vision"), Over = BudgetRule.Refuse };

    private static readonly Budget s_each = new() { Name = "each", Usd = 1, Scope = new BudgetScope(Tag: "user", Value: "*") };
    private static readonly Budget s_gpu = new() { Name = "gpu", Usd = 1, Scope = new BudgetScope("gpu") };

    [Fact]
    public void Spend_Job_CountsToEachBudgetThatItBelongsTo()
    {
        BudgetLedger ledger = new([s_all, s_vision, s_each, s_gpu], s_now);

        ledger.Spend(Job("ada", "vision", Ran(hoursAgo: 3, hours: 2)), s_costing, s_now);
        ledger.Spend(Job("grace", "speech", Ran(hoursAgo: 3, hours: 1)), s_costing, s_now);

        Assert.Equal(
            ["all all jobs 0.30", "vision project=vision 0.20", "each user=ada 0.20", "each user=grace 0.10", "gpu queue gpu 0.00"],
            ledger.Standings.Select(one => FormattableString.Invariant($"{one.Budget.Name} {one.Key} {one.SpentUsd:0.00}")));
    }

    // The month is that of UTC: 12 of the 24 hours of the attempt are in November.
    [Fact]
    public void Spend_AttemptOverTheTurnOfTheMonth_CountsItsPartOfTheMonth()
    {
        DateTimeOffset second = new(2026, 11, 2, 14, 0, 0, TimeSpan.FromHours(2));
        BudgetLedger ledger = new([s_all], second);

        ledger.Spend(
            Job("ada", "vision", new RecordedAttempt(RecordedAttempt.WholeJob, 1, new(2026, 10, 31, 12, 0, 0, TimeSpan.Zero))
            {
                StoppedAt = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
            }),
            s_costing, second);

        BudgetStanding standing = Assert.Single(ledger.Standings);
        Assert.Equal((1.2m, 2.4m, "November 2026"), (standing.SpentUsd, standing.RecentUsd, ledger.Month.ToString()));
    }

    [Fact]
    public void Standing_RunningAndWaitingJobs_AreTheirExpectedRest()
    {
        BudgetLedger ledger = new([s_all], s_now);
        RecordedJob running = Job("ada", "vision", Ran(hoursAgo: 2, hours: null));

        ledger.Spend(running, s_costing, s_now);
        ledger.Run(running, s_costing, TimeSpan.FromHours(3));
        ledger.Wait(Job("ada", "vision"), s_costing, TimeSpan.FromHours(1), count: 7);

        BudgetStanding standing = Assert.Single(ledger.Standings);
        Assert.Equal((0.2m, 0.3m, 0.7m, 1.2m), (standing.SpentUsd, standing.RunningUsd, standing.WaitingUsd, standing.TakenUsd));
        Assert.Equal("assumed", standing.Basis);
    }

    // Of the last 7 days 0.70 USD: 0.10 a day, and 10.5 days are left.
    [Theory]
    [InlineData(0, 0.7 + 1.05)]
    [InlineData(20, 0.7 + 2)]
    public void Forecast_IsTheRateOfTheLastDaysOrWhatWaitsWhateverIsMore(int waiting, double usd)
    {
        BudgetLedger ledger = new([s_all], s_now);
        ledger.Spend(Job("ada", "vision", Ran(hoursAgo: 100, hours: 7)), s_costing, s_now);
        if (waiting > 0) ledger.Wait(Job("ada", "vision"), s_costing, TimeSpan.FromHours(1), waiting);

        Assert.Equal((decimal)usd, Assert.Single(ledger.Standings).Forecast(s_now));
    }

    [Fact]
    public void Standing_JobsWithoutAPrice_AreCountedAsSuchOnce()
    {
        BudgetLedger ledger = new([s_all], s_now);
        RecordedJob fargate = Job("ada", "vision", Ran(hoursAgo: 1, hours: null)) with { Platform = HostPlatform.Fargate };

        ledger.Spend(fargate, s_costing, s_now);
        ledger.Run(fargate, s_costing, TimeSpan.FromHours(1));
        ledger.Wait(fargate, s_costing, TimeSpan.FromHours(1), count: 3);

        BudgetStanding standing = Assert.Single(ledger.Standings);
        Assert.Equal((0m, 4, "unknown"), (standing.TakenUsd, standing.Unpriced, standing.Basis));
    }

    [Theory]
    [InlineData("ada", false, 4.01, "RF8171", "over: refuse")]
    [InlineData("ada", true, 4.01, "RF8171", "ada is not among those who may exceed it")]
    [InlineData("grace", true, 4.01, null, null)]
    [InlineData("grace", false, 4.01, "RF8171", "over: refuse")]
    [InlineData("ada", false, 4.0, null, null)]
    public void Of_WorkBeyondABudgetThatRefuses_IsRefusedUnlessSomeoneMayExceedIt(
        string user, bool exceeds, double usd, string? code, string? cause)
    {
        BudgetLedger ledger = new([s_all, s_vision with { MayExceed = ["grace"] }], s_now);
        ledger.Spend(Job("ada", "vision", Ran(hoursAgo: 11, hours: 10)), s_costing, s_now);

        BudgetVerdict verdict = new BudgetCheck(user, exceeds, "conf/budgets.yaml").Of(ledger, [Work("vision", (decimal)usd)]);

        Assert.Equal(code, verdict.Refusals.SingleOrDefault()?.Code);
        if (cause is not null) Assert.Contains(cause, verdict.Refusals[0].Cause, StringComparison.Ordinal);
        // Exceeded or nearly taken: it is said in any case.
        if (code is null) Assert.Contains(verdict.Warnings, warning => warning.Code == "RF8172");
    }

    [Fact]
    public void Of_Refusal_NamesAllThreeSumsAndWhoMayExceedIt()
    {
        BudgetLedger ledger = new([s_vision with { MayExceed = ["grace"] }], s_now);
        RecordedJob running = Job("ada", "vision", Ran(hoursAgo: 10, hours: null));
        ledger.Spend(running, s_costing, s_now);
        ledger.Run(running, s_costing, TimeSpan.FromHours(5));
        ledger.Wait(Job("ada", "vision"), s_costing, TimeSpan.FromHours(20));

        Problem refusal = Assert.Single(
            new BudgetCheck("ada", exceeds: false, "conf/budgets.yaml").Of(ledger, [Work("vision", 1), Work("vision", 2)]).Refusals);

        Assert.Equal("Budget vision (project=vision) would be at $6.50 of $5.00 in November 2026", refusal.What);
        Assert.StartsWith(
            "spent $1.00 (assumed), running jobs $0.50 more, waiting jobs $2.00, this submission $3.00.", refusal.Cause,
            StringComparison.Ordinal);
        Assert.Contains("grace may send it with --over-budget", refusal.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7.99, false)]
    [InlineData(8.0, true)]
    [InlineData(11.0, true)]
    public void Of_WorkNearOrBeyondABudgetThatWarns_IsSentWithAWarning(double usd, bool warns)
    {
        BudgetVerdict verdict = new BudgetCheck("ada", exceeds: false, "f").Of(new BudgetLedger([s_all], s_now), [Work("x", (decimal)usd)]);

        Assert.Empty(verdict.Refusals);
        Assert.Equal(warns ? ["RF8172"] : [], verdict.Warnings.Select(warning => warning.Code));
    }

    // That nothing is known of a cost is no reason to refuse, and none to be silent.
    [Fact]
    public void Of_WorkWhoseCostIsNotKnown_IsAWarning()
    {
        BudgetVerdict verdict = new BudgetCheck("ada", exceeds: false, "f").Of(new BudgetLedger([s_vision], s_now), [Work("vision", null)]);

        Assert.Empty(verdict.Refusals);
        Assert.Contains("whose cost is not known", Assert.Single(verdict.Warnings).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Unreadable_RefusesOnlyIfABudgetDoes()
    {
        BudgetCheck check = new("ada", exceeds: false, "f");
        Problem why = new() { Code = "RF3003", What = "Batch refused ListJobs", Cure = "Allow it." };

        Assert.Equal("RF8173", Assert.Single(check.Unreadable([s_all, s_vision], why).Refusals).Code);
        Assert.Equal("RF8173", Assert.Single(check.Unreadable([s_all], why).Warnings).Code);
        Assert.Empty(check.Unreadable([s_all], why).Refusals);
    }

    private static NewWork Work(string project, decimal? usd) =>
        new("cpu", new Dictionary<string, string> { ["user"] = "ada", ["project"] = project }, usd);

    private static RecordedJob Job(string user, string project, params RecordedAttempt[] attempts) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Name = "train",
        Queue = "cpu",
        Status = "RUNNING",
        SeenAt = s_now,
        Needs = new Requirement { Amount = new Amount(2000, 1024, 0) },
        Tags = new Dictionary<string, string> { ["user"] = user, ["project"] = project },
        Attempts = attempts,
    };

    private static RecordedAttempt Ran(double hoursAgo, double? hours) =>
        new(RecordedAttempt.WholeJob, 1, s_now.AddHours(-hoursAgo))
        {
            StoppedAt = hours is { } ran ? s_now.AddHours(ran - hoursAgo) : null,
            HasFailed = hours is null ? null : false,
        };
}
