using CsCheck;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Simulation;

public sealed class SimulatorTests
{
    private static IEnumerable<SimulatedJob> Jobs(int count, Amount amount, double seconds, int attempts = 1) => Enumerable.Range(0, count)
        .Select(i => new SimulatedJob(Job($"j{i}", amount, at: i), TimeSpan.FromSeconds(seconds)) { Attempts = attempts });

    [Fact]
    public void Run_Fleet_EveryJobSucceedsAndTheFleetGoes()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.2xlarge")).With(Queue("q", "ce"));
        SimulationResult result = new Simulator(cluster, Start).Rehearse(Jobs(100, Amount.Of(2, 4096), 60));
        Assert.Equal(100, result.Outcomes.Count(one => one.Kind is SimulationEventKind.Succeeded));
        Assert.Equal(0, result.Left);
    }

    [Fact]
    public void Run_SpotStorm_RetriesAndFallsThroughToOnDemand()
    {
        Cluster cluster = New(Spot("spot", 32, "m5.2xlarge"), Fleet("demand", 32, "m5.2xlarge")).With(Queue("q", "spot", "demand"));
        List<SimulationEvent> events = [];
        var scenario = new Scenario
        {
            Injections =
            [
                new SpotReclaim(Count: null) { From = TimeSpan.FromMinutes(10) },
                new InsufficientCapacity("m5.*", IsSpot: true) { From = TimeSpan.FromMinutes(9), Until = TimeSpan.FromMinutes(20) },
            ],
        };
        SimulationResult result =
            new Simulator(cluster, Start, scenario, events.Add).Rehearse(Jobs(16, Amount.Of(2, 4096), 1800, attempts: 3));
        Assert.Equal(16, result.Outcomes.Count(one => one.Kind is SimulationEventKind.Succeeded));
        Assert.All(result.Outcomes, one => Assert.Equal(2, one.Attempts));
        Assert.Contains(events, one => one.Kind is SimulationEventKind.Started && one.Text == "demand");
    }

    [Fact]
    public void Run_ImageFault_FailsWhatStartsMeanwhile()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.2xlarge")).With(Queue("q", "ce"));
        var scenario = new Scenario { Injections = [new ImageFault { Until = TimeSpan.FromMinutes(3) }] };
        SimulationResult result = new Simulator(cluster, Start, scenario).Rehearse(Jobs(4, Amount.Of(2, 4096), 60));
        Assert.All(result.Outcomes, one => Assert.Equal(SimulationEventKind.Failed, one.Kind));
    }

    [Fact]
    public void Run_RoleFault_HoldsLaunchesUntilItIsMended()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.2xlarge")).With(Queue("q", "ce"));
        var scenario = new Scenario { Injections = [new RoleFault("ce") { Until = TimeSpan.FromHours(1) }] };
        SimulationResult result = new Simulator(cluster, Start, scenario).Rehearse(Jobs(1, Amount.Of(2, 4096), 60));
        Assert.Equal(3_600_000 + 90_000, Assert.Single(result.Outcomes).StartedAt);
    }

    [Fact]
    public void Run_SlowStart_DelaysTheFirstJob()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.2xlarge")).With(Queue("q", "ce"));
        var scenario = new Scenario { Injections = [new SlowStart(TimeSpan.FromMinutes(10))] };
        SimulationResult result = new Simulator(cluster, Start, scenario).Rehearse(Jobs(1, Amount.Of(2, 4096), 60));
        Assert.Equal(690_000, result.Outcomes[0].Waited);
    }

    [Fact]
    public void Run_SpotRate_TakesAboutThatMany()
    {
        Cluster cluster = New(Spot("ce", 4000, "m5.2xlarge")).With(Queue("q", "ce"));
        int reclaimed = 0;
        var scenario = new Scenario { Injections = [new SpotRate(0.5)] };
        new Simulator(cluster, Start, scenario, one => reclaimed += one.Kind is SimulationEventKind.Reclaimed ? 1 : 0)
            .Rehearse(
            Enumerable.Range(0, 500)
                .Select(i => new SimulatedJob(Job($"j{i}", Amount.Of(8, 16384)), TimeSpan.FromHours(1)) { Attempts = 10 }));
        // 500 jobs of an hour, run again from the start when lost: about 500 × 0.5 × (e^0.5 − 1) / 0.5 = 324.
        Assert.InRange(reclaimed, 240, 420);
    }

    [Fact]
    public void Run_SameSeed_SameEvents() => Gen.Select(Gen.ULong, Workloads.Any).Sample(
        (seed, world) =>
        {
            var scenario = new Scenario
            {
                Seed = seed,
                Injections = [new SpotRate(2), new InsufficientCapacity("*", "a") { Until = TimeSpan.FromMinutes(30) },
                    new SpotReclaim(3) { From = TimeSpan.FromMinutes(20) }],
            };
            (string First, ulong Digest) Once()
            {
                using var text = new StringWriter();
                SimulationResult result =
                    new Simulator(world.Build(), Start, scenario, one => text.WriteLine(one.ToString())).Rehearse(
                        world.Jobs, TimeSpan.FromDays(2));
                return (text.ToString(), result.Digest);
            }
            Assert.Equal(Once(), Once());
        }, iter: 60);
}
