using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Costs;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Dashboard.Tests.Costs;

/// <summary>Costs and budgets as the page gets them.</summary>
public sealed class CostFeedTests
{
    private static readonly DateTimeOffset s_noon = new(DateTimeOffset.UtcNow.UtcDateTime.Date.AddHours(-12), TimeSpan.Zero);

    // An hour of half an m6i.xlarge on Spot, at $0.10 an hour.
    private static readonly RecordedCosting s_costing = new(new JobCosting(
        [], "us-east-1", InstanceCatalogue.Load(),
        new PriceTable([new Price { Type = "m6i.xlarge", Region = "us-east-1", OnDemand = 0.2m, Spot = 0.1m }])));

    [Fact]
    public async Task Stream_ByATag_HasTableDaysAndMeasuredApart()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.Costs.Add((Job("one", "train"), s_costing));
        page.Source.Costs.Add((Job("two", "train"), s_costing));
        page.Source.Costs.Add((Job("three", "<b>"), s_costing));

        JsonNode cost = await FirstAsync(page, "/api/cost?by=app&days=7");

        Assert.Equal(["train 0.1 0 2", "<b> 0.05 0 1"],
            ((JsonArray)cost["rows"]!).Select(row => $"{row!["key"]} {row["measured"]!.GetValue<decimal>():0.####} "
                + $"{row["assumed"]!.GetValue<decimal>():0.####} {row["jobs"]}"));
        Assert.Equal(0.15m, (decimal)cost["sum"]!["measured"]!);
        Assert.Equal([s_noon.ToString("yyyy-MM-dd", null)],
            ((JsonArray)cost["days"]!).Select(day => (string)day!["day"]!).Distinct());
        Assert.Empty((JsonArray)cost["budgets"]!);
        Assert.Null(cost["others"]);
    }

    [Fact]
    public async Task Stream_OfManyGroups_HasTheDearestAndTheSumOfTheOthers()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        for (int user = 0; user < 250; user++) page.Source.Costs.Add((Job($"job-{user}", $"user-{user}"), s_costing));

        JsonNode cost = await FirstAsync(page, "/api/cost");

        Assert.Equal((200, "50 others", 50),
            (((JsonArray)cost["rows"]!).Count, (string)cost["others"]!["key"]!, (int)cost["others"]!["jobs"]!));
        // Seven have a colour of their own.
        JsonArray days = (JsonArray)cost["days"]!;
        Assert.Equal((7, 1), (days.Count(day => day!["key"] is not null), days.Count(day => day!["key"] is null)));
    }

    [Fact]
    public async Task Stream_WithBudgets_HasWhatIsTakenOfThem()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        BudgetLedger ledger = new([new Budget { Name = "all", Usd = 10, Over = BudgetRule.Refuse }], DateTimeOffset.UtcNow);
        page.Source.Budgets = ledger;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ledger.Spend(Job("one", "train") with { Attempts = [Attempt(now.AddHours(-1))] }, s_costing, now);

        JsonNode budget = Assert.Single((JsonArray)(await FirstAsync(page, "/api/cost"))["budgets"]!)!;

        Assert.Equal(("all", "all jobs", 10m, 0m, true), (
            (string)budget["name"]!, (string)budget["of"]!, (decimal)budget["usd"]!, (decimal)budget["assumed"]!,
            (bool)budget["refuses"]!));
        Assert.Equal(ledger.Standings[0].MeasuredUsd, (decimal)budget["measured"]!, 5);
    }

    [Fact]
    public async Task Stream_OfBudgetsThatCannotBeRead_SaysWhyAndHasTheCosts()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.Costs.Add((Job("one", "train"), s_costing));
        page.Source.Budgets = new Problem { Code = "RF0000", What = "no budgets", Cure = "Write some." };

        JsonNode cost = await FirstAsync(page, "/api/cost");

        Assert.Equal("RF0000", (string)Assert.Single((JsonArray)cost["budgetProblems"]!)!["code"]!);
        Assert.Single((JsonArray)cost["rows"]!);
    }

    [Fact]
    public async Task Stream_OfABudgetForEachOfManyValues_HasTheMostTakenAndSaysHowManyAreLeftOut()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        BudgetScope each = new(Tag: "app", Value: BudgetScope.Each);
        BudgetLedger ledger = new(
            [new Budget { Name = "each", Usd = 10, Scope = each }, new Budget { Name = "all", Usd = 10 }], DateTimeOffset.UtcNow);
        page.Source.Budgets = ledger;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int app = 0; app < 60; app++)
            ledger.Spend(Job($"job-{app}", $"app-{app}") with { Attempts = [Attempt(now.AddHours(-1))] }, s_costing, now);

        JsonNode cost = await FirstAsync(page, "/api/cost");

        var shown = ((JsonArray)cost["budgets"]!).CountBy(budget => (string)budget!["name"]!).ToDictionary();
        Assert.Equal((50, 1), (shown["each"], shown["all"]));
        Assert.Equal("""[{"name":"each","count":10}]""", cost["leftOut"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/cost?by=day")]
    [InlineData("/api/cost?days=0")]
    [InlineData("/api/cost?days=401")]
    [InlineData("/api/cost?days=x")]
    [InlineData("/api/series?hours=0")]
    public async Task Request_OutOfItsLimits_IsRefused(string path)
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, path));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("RF8149", body, StringComparison.Ordinal);
    }

    // A tag's key has 128 characters at most. (AWS, Tag naming limits)
    [Fact]
    public async Task Request_OfATagThatIsTooLong_IsRefused()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, "/api/cost?by=" + new string('a', 129)));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("RF8149", body, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> FirstAsync(OpenPage page, string path)
    {
        await foreach (var (name, data) in page.EventsAsync(path, TestContext.Current.CancellationToken))
        {
            Assert.Equal("cost", name);
            return data;
        }
        throw new InvalidOperationException("The stream has ended.");
    }

    private static RecordedJob Job(string id, string app) => new()
    {
        Id = id,
        Name = id,
        Queue = "queue",
        Status = JobStatus.Succeeded,
        SeenAt = s_noon.AddHours(2),
        Needs = new Requirement { Amount = new Amount(2000, 1024, 0) },
        Tags = new Dictionary<string, string> { ["app"] = app },
        Attempts = [Attempt(s_noon)],
    };

    private static RecordedAttempt Attempt(DateTimeOffset from) => new(RecordedAttempt.WholeJob, 1, from)
    {
        StoppedAt = from.AddHours(1),
        HasFailed = false,
        Instance = new HostInstance("i-1", "m6i.xlarge", "us-east-1a", HostInstance.Spot),
    };
}
