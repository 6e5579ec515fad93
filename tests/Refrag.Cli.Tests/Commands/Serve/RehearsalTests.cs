using Refrag.Apps;
using Refrag.Cli.Commands.Serve;
using Refrag.Cli.Context;
using Refrag.Engine.Options;
using Refrag.Scheduling.Simulation;

namespace Refrag.Cli.Tests.Commands.Serve;

public sealed class RehearsalTests
{
    // A timer takes at most 49 days. Beyond that, the change would never end.
    [Theory]
    [InlineData("5s", "")]
    [InlineData("7d", "")]
    [InlineData("8d", "RF5032")]
    [InlineData("50d", "RF5032")]
    [InlineData("9999d", "RF5032")]
    [InlineData("soon", "RF5032")]
    public void Read_Latency_IsATimeThatATimerCanWait(string latency, string code)
    {
        using var signals = new Signals();
        Result<Rehearsal> read = Rehearsal.Read(
            Context(signals), new ServeOptions { Urls = [], Runner = "simulated", Latency = latency });
        Assert.Equal(code, string.Join(',', read.Problems.Select(p => p.Code)));
        if (code.Length > 0) Assert.Contains($"--latency={latency}", read.Problems[0].What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5s", "")]
    [InlineData("8d", "RF5032")]
    [InlineData("soon", "RF5032")]
    public void Read_ListDelay_IsATime(string delay, string code)
    {
        using var signals = new Signals();
        Result<Rehearsal> read = Rehearsal.Read(
            Context(signals), new ServeOptions { Urls = [], Runner = "simulated", ListDelay = delay });
        Assert.Equal(code, string.Join(',', read.Problems.Select(p => p.Code)));
        if (code.Length > 0) Assert.Contains($"--list-delay={delay}", read.Problems[0].What, StringComparison.Ordinal);
        else Assert.Equal(TimeSpan.FromSeconds(5), read.Value.ListDelay);
    }

    [Fact]
    public void Queues_OfARegion_AreOfWhatItOffers()
    {
        Rehearsal read = Read();
        Assert.Equal(["refrag-cpu-job-queue", "refrag-gpu-job-queue"], read.Queues("us-east-1").Select(queue => queue.Name));
        // Without any g5 (offerings.csv).
        Assert.Equal(["refrag-cpu-job-queue"], read.Queues("us-west-1").Select(queue => queue.Name));
        Assert.Contains(read.Notes("us-west-1", hasFleets: true),
            note => note.Contains("us-west-1 offers none of g5.xlarge", StringComparison.Ordinal));
        // Without c6i, with m6i.
        LocalQueue usual = Assert.Single(read.Queues("ap-southeast-3"), queue => queue.Name == "refrag-cpu-job-queue");
        Assert.All(usual.Fleet!.InstanceTypes, type => Assert.StartsWith("m6i.", type, StringComparison.Ordinal));
        Assert.True(read.Fleets("us-west-1").IsExcluded(read.Known.Types.Find("g5.xlarge")!));
    }

    [Theory]
    [InlineData("us-east-1", false)]
    [InlineData("us-west-2", false)]
    [InlineData("eu-west-1", false)]
    [InlineData("sa-east-1", true)]
    public void Notes_OfARegionWithoutPrices_SayThatTheyAreNotKnown(string region, bool isSaid) => Assert.Equal(
        isSaid, Read().Notes(region, hasFleets: false).Any(
            note => note.StartsWith($"No prices of {region} are known", StringComparison.Ordinal)));

    [Fact]
    public void Fleets_OfARegion_HaveTheScenariosEventsOfItAndOfAll()
    {
        Rehearsal read = Read();
        read = read with
        {
            Scenario = read.Scenario with
            {
                Injections = [new SpotRate(1), new SpotRate(2) { Region = "eu-west-1" }, new SpotRate(3) { Region = "us-east-1" }],
            },
        };
        Assert.Equal([1, 2], read.Fleets("eu-west-1").Scenario.Injections.Cast<SpotRate>().Select(one => one.PerHour));
        Assert.Equal([1], read.Fleets("us-west-2").Scenario.Injections.Cast<SpotRate>().Select(one => one.PerHour));
        Assert.Equal(read.Fleets("eu-west-1").ScenarioStart, read.Fleets("us-west-2").ScenarioStart);
    }

    [Theory]
    [InlineData("123456789012", "eu-west-1", "")]
    [InlineData("12345678901", "eu-west-1", "RF4041")]
    [InlineData("12345678901a", "eu-west-1", "RF4041")]
    [InlineData("000000000000", "eu-wst-1", "RF4042")]
    [InlineData("", "", "RF4041,RF4042")]
    public void Check_AccountAndRegion_AreOnesOfAws(string account, string region, string codes) => Assert.Equal(codes, string.Join(',',
        ServeScope.Check(new ServeOptions { Urls = [], Runner = "simulated", Account = account, Region = region }).Select(p => p.Code)));

    private static Rehearsal Read()
    {
        using var signals = new Signals();
        return Rehearsal.Read(Context(signals), new ServeOptions { Urls = [], Runner = "simulated" }).Value;
    }

    private static CliContext Context(Signals signals) => new()
    {
        Terminal =
            new Cli.Terminal.Terminal(
                TextWriter.Null, TextWriter.Null, static _ => null, outputIsTerminal: false, errorIsTerminal: false),
        Apps = new AppRegistry(),
        Time = TimeProvider.System,
        Variable = static _ => null,
        WorkingDirectory = "/",
        Signals = signals,
    };
}
