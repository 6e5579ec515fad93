using System.Net;
using System.Text.Json.Nodes;
using Refrag.Dashboard.Simulations;
using Refrag.Dashboard.Sources;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Dashboard.Tests.Simulations;

/// <summary>Simulations as the page gets them.</summary>
public sealed class WhatIfFeedTests
{
    // Two m5.large at a time, at $0.096 an hour on demand. (src/Refrag.Scheduling/Catalogue/prices.csv)
    private static readonly World s_world = new()
    {
        Name = "deployed",
        Environments =
        [
            new ComputeEnvironment
            {
                Name = "my-cpu-env", Kind = ComputeEnvironmentKind.Ec2, MaxVCpus = 4, InstanceTypes = ["m5.large"],
                Strategy = AllocationStrategy.BestFitProgressive,
            },
        ],
        Queues = [new JobQueue { Name = "queue", Environments = ["my-cpu-env"] }],
        Scenario = new Scenario(),
        Types = InstanceCatalogue.Load(),
        Prices = new PriceTable([new Price { Type = "m5.large", Region = "us-east-1", OnDemand = 0.096m, Spot = 0.03m }]),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The expectation is what `refrag simulate` prints from: the simulator itself, in the same worlds.
    [Fact]
    public async Task Stream_OfWorlds_HasTheFiguresOfTheSimulatorSideBySide()
    {
        await using OpenPage page = await StartAsync();

        List<(string Name, JsonNode Data)> events =
            await EventsAsync(page, "/api/whatif?load=now&world=my-cpu-env.max_vcpus%3D8&world=cpu.spot%3Dtrue");

        Assert.Equal(("a test", 6), ((string)Of(events, "load")["source"]!, (int)Of(events, "load")["jobs"]!));
        JsonNode[] worlds = [.. events.Where(one => one.Name == "world").Select(one => one.Data)];
        World[] expected = [s_world, Changed("max_vcpus", "8"), Changed("spot", "true")];
        Assert.Equal([0, 1, 2], worlds.Select(world => (int)world["number"]!));
        Assert.Equal(
            expected.Select(world => Simulation.Run(world, Jobs(6), 1, null, Stop).Value)
                .Select(run => $"{run.All.Wait(0.9)} {run.Makespan.TotalMilliseconds} {run.Usd:0.######}"),
            worlds.Select(world => $"{Mean(world, "wait.p90")} {Mean(world, "makespan")} {Mean(world, "cost"):0.######}"));
        Assert.NotEqual(Mean(worlds[0], "wait.p90"), Mean(worlds[1], "wait.p90"));
        Assert.Equal("""{"unfinished":[]}""", Of(events, "end").ToJsonString());
        Assert.Equal(
            "refrag simulate --now --set my-cpu-env.max_vcpus=8 --seeds 5 env=awsbatch", (string)worlds[1]["command"]!);
    }

    [Fact]
    public async Task Stream_WithReclaimsOfSpot_HasIntervalsOverTheSeedsOfSpotAlone()
    {
        await using OpenPage page = await StartAsync();

        List<(string Name, JsonNode Data)> events =
            await EventsAsync(page, "/api/whatif?load=7&seeds=4&reclaims=2&world=my-cpu-env.spot%3Dtrue");

        JsonNode[] worlds = [.. events.Where(one => one.Name == "world").Select(one => one.Data)];
        Assert.Equal([1, 4], worlds.Select(world => (int)world["seeds"]!));
        Assert.Null(worlds[0]["figures"]!["makespan"]!["half"]);
        Assert.True((double)worlds[1]["figures"]!["makespan"]!["half"]! >= 0);
        Assert.EndsWith("--set my-cpu-env.spot=true --set my-cpu-env.reclaims_per_hour=2 --seeds 4 env=awsbatch",
            (string)worlds[1]["command"]!, StringComparison.Ordinal);
    }

    // Without a price the cost is not known, and is not shown as nothing.
    [Fact]
    public async Task Stream_WithoutAPriceOrAFit_LeavesTheCostOutAndNamesWhatNeverStarts()
    {
        await using OpenPage page = await StartAsync();
        page.Source.World = s_world with { Prices = new PriceTable([]) };
        page.Source.Load = (_, _) => Task.FromResult<Result<SimulatedLoad>>(
            new SimulatedLoad(new Workload { Source = "a test", Jobs = [Job(0), Job(1) with { MilliVCpus = 64_000 }] }, "--now"));

        JsonNode world = Of(await EventsAsync(page, "/api/whatif"), "world");

        Assert.Null(world["figures"]!["cost"]);
        Assert.Equal("""["m5.large"]""", world["unpriced"]!.ToJsonString());
        Assert.Equal(1, (int)world["neverStarted"]!);
        JsonNode makespan = world["figures"]!["makespan"]!;
        Assert.Equal(("never", true), ((string)makespan["text"]!, makespan["mean"] is null));
        Assert.Contains("MISCONFIGURATION", (string)Assert.Single((JsonArray)world["blocked"]!)!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("world=other.max_vcpus%3D8", "RF8157")]
    [InlineData("world=my-cpu-env.max_vcpus%3Dmany", "RF8157")]
    [InlineData("reclaims=x&world=my-cpu-env.spot%3Dtrue", "RF8157")]
    public async Task Stream_OfASettingThatCannotBe_EndsWithItsProblem(string query, string code)
    {
        await using OpenPage page = await StartAsync();

        Assert.Equal(code, (string)Of(await EventsAsync(page, "/api/whatif?" + query), "problem")["code"]!);
    }

    [Theory]
    [InlineData("load=0")]
    [InlineData("load=401")]
    [InlineData("run=soon")]
    [InlineData("seeds=21")]
    [InlineData("world=a&world=b")]
    [InlineData("world=my-cpu-env.types%3Dp5.48xlarge")]
    [InlineData("world=my-cpu-env.wings%3D2")]
    [InlineData("world=&world=&world=&world=")]
    public async Task Request_OutOfItsLimits_IsRefused(string query)
    {
        await using OpenPage page = await StartAsync();

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, "/api/whatif?" + query));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("RF8149", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_OfAWorld_HasItsEnvironmentsAndTheLimits()
    {
        await using OpenPage page = await StartAsync();

        Assert.Equal(
            """
            {"environments":[{"name":"my-cpu-env","spot":false,"minVcpus":0,"maxVcpus":4,"types":["m5.large"]}],
            "mostJobs":50000,"mostSeconds":60}
            """.ReplaceLineEndings(""),
            (await page.JsonAsync("/api/whatif/form")).ToJsonString());
    }

    [Fact]
    public async Task Page_OfThisMachine_HasNothingToSimulate()
    {
        await using OpenPage page = await StartAsync();
        page.Source.Endpoint = null;

        Assert.Equal("RF6051", (string)(await page.JsonAsync("/api/whatif/form"))["problem"]!["code"]!);
        Assert.Equal("RF6051", (string)Of(await EventsAsync(page, "/api/whatif"), "problem")["code"]!);
    }

    [Fact]
    public async Task Stream_OfABatchThatIsAway_EndsWithItsProblem()
    {
        await using OpenPage page = await StartAsync();
        page.Source.Load = (_, _) => throw FakeBatch.AnswerLost("ListJobs");

        Assert.StartsWith("RF3", (string)Of(await EventsAsync(page, "/api/whatif"), "problem")["code"]!, StringComparison.Ordinal);
        Assert.Empty(page.Faults);
    }

    // Half a simulation is no result.
    [Fact]
    public async Task Stream_WhoseTimeIsOver_HasNoFiguresAndNamesTheWorlds()
    {
        await using OpenPage page = await StartAsync(time: new EndedTime(WhatIfFeed.SimulationTime));

        List<(string Name, JsonNode Data)> events = await EventsAsync(page, "/api/whatif?world=cpu.spot%3Dtrue");

        Assert.DoesNotContain(events, one => one.Name == "world");
        Assert.Equal("""{"unfinished":[0,1]}""", Of(events, "end").ToJsonString());
    }

    [Fact]
    public async Task Stream_OfJobsThatTakeTooLongToRead_EndsWithAProblem()
    {
        await using OpenPage page = await StartAsync(time: new EndedTime(WhatIfFeed.ReadingTime));
        Func<LoadChoice, CancellationToken, Task<Result<SimulatedLoad>>> whole = page.Source.Load;
        page.Source.Load = async (choice, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return await whole(choice, cancellationToken);
        };

        Assert.Equal("RF6052", (string)Of(await EventsAsync(page, "/api/whatif"), "problem")["code"]!);
    }

    // One simulation at a time; the page's other answers come meanwhile, and whoever leaves gives the turn to the next.
    [Fact]
    public async Task Client_ThatLeaves_EndsItsSimulationAndTheNextHasItsTurn()
    {
        await using OpenPage page = await StartAsync(readOnly: true);
        Func<LoadChoice, CancellationToken, Task<Result<SimulatedLoad>>> whole = page.Source.Load;
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Source.Load = async (choice, cancellationToken) =>
        {
            page.Source.Load = whole;
            began.SetResult();
            using CancellationTokenRegistration registration = cancellationToken.Register(ended.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return await whole(choice, cancellationToken);
        };
        HttpResponseMessage first = await page.Http.SendAsync(
            page.Request(HttpMethod.Get, "/api/whatif"), HttpCompletionOption.ResponseHeadersRead, Stop);
        await began.Task.Soon();
        Assert.Equal("fake", (string)(await page.JsonAsync("/api/session"))["place"]!);
        Task<List<(string Name, JsonNode Data)>> next = EventsAsync(page, "/api/whatif");

        first.Dispose();

        await ended.Task.Soon();
        Assert.Equal(6, (int)Of(await next.Soon(), "load")["jobs"]!);
        Assert.Empty(page.Faults);
    }

    private static async Task<OpenPage> StartAsync(bool readOnly = false, TimeProvider? time = null)
    {
        OpenPage page = await OpenPage.StartAsync(readOnly, time: time);
        page.Source.World = s_world;
        page.Source.Load = (choice, _) => Task.FromResult<Result<SimulatedLoad>>(
            new SimulatedLoad(Jobs(6), choice.Span is null ? "--now" : "--history=here"));
        return page;
    }

    private static Workload Jobs(int count) => new() { Source = "a test", Jobs = [.. Enumerable.Range(0, count).Select(Job)] };

    private static TraceJob Job(int at) =>
        new() { SubmittedAt = at, Runs = 3_600_000, MilliVCpus = 2000, MemoryMiB = 1024, Queue = "queue" };

    private static World Changed(string key, string value) => Setting.Parse($"my-cpu-env.{key}").Value.In(s_world, value).Value;

    private static double Mean(JsonNode world, string figure) => (double)world["figures"]![figure]!["mean"]!;

    private static JsonNode Of(List<(string Name, JsonNode Data)> events, string name) =>
        Assert.Single(events, one => one.Name == name).Data;

    private static async Task<List<(string Name, JsonNode Data)>> EventsAsync(OpenPage page, string path)
    {
        List<(string Name, JsonNode Data)> events = [];
        await foreach (var one in page.EventsAsync(path, Stop)) events.Add(one);
        return events;
    }

    /// <summary>A clock on which one length of time is always over.</summary>
    private sealed class EndedTime(TimeSpan ended) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == ended) callback(state);
            return System.CreateTimer(callback, state, dueTime, period);
        }
    }
}
