using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;
using Refrag.WhatIf;

namespace Refrag.Tests.WhatIf;

public sealed class WorldFileTests
{
    [Fact]
    public void Read_OfEveryKey_HasWhatWasWritten()
    {
        World read = Worlds.Read("""
            name: cheap
            region: eu-west-1
            instance_start: 2m
            events:
            - {what: slow_start, extra: 1m}
            environments:
              gpu: {types: [g5], max_vcpus: 64, min_vcpus: 4, desired_vcpus: 8, spot: true, reclaims_per_hour: 0.1, zones: 2,
                scale_down_after: 20m, strategy: SPOT_CAPACITY_OPTIMIZED}
            queues:
              one: {environments: [gpu], priority: 3, fair_share: true, share_decay: 10m, compute_reservation: 20}
            prices:
              g5.xlarge: {spot: 0.25, on_demand: 1.5}
            """);

        ComputeEnvironment gpu = Assert.Single(read.Environments);
        Assert.Equal(("cheap", "eu-west-1", ComputeEnvironmentKind.Spot), (read.Name, gpu.Region, gpu.Kind));
        Assert.Equal((64, 4, 8, AllocationStrategy.SpotCapacityOptimized), (gpu.MaxVCpus, gpu.MinVCpus, gpu.DesiredVCpus, gpu.Strategy));
        Assert.Equal((TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(2)), (gpu.ScaleDownDelay, read.Scenario.StartUp));
        Assert.Equal(["a", "b"], gpu.Zones);
        Assert.Equal(new SpotRate(0.1, "gpu"), read.Scenario.Injections[1]);
        Assert.Equal((3, 20), (read.Queues[0].Priority, read.Queues[0].FairShare!.ComputeReservation));
        Price price = read.Prices.Find("g5.xlarge", "eu-west-1")!;
        Assert.Equal((0.25m, 1.5m), (price.Spot, price.OnDemand));
    }

    [Theory]
    [InlineData("environments:\n  gpu: {types: [g5.gigantic], max_vcpus: 8}", "world.yaml:2", "g5.gigantic")]
    [InlineData("environments:\n  gpu: {types: [g5.xlarge]}", "world.yaml:2", "the key max_vcpus is missing")]
    [InlineData("environments:\n  gpu: {types: [g5.xlarge], max_vcpus: -1}", "world.yaml:2", "max_vcpus is not a whole number")]
    [InlineData("environments:\n  gpu: {types: [g5.xlarge], max_vcpu: 8}", "world.yaml:2", "there is no key max_vcpu here")]
    [InlineData("environments:\n  a: {types: [g5.xlarge], max_vcpus: 8, reclaims_per_hour: 1}", "world.yaml:2", "a is not Spot")]
    [InlineData("environments:\n  a: {types: [m5.large], max_vcpus: 8}\nqueues:\n  q: {environments: [b]}", "world.yaml:4",
        "there is no environment b")]
    [InlineData("queues: {}", "world.yaml:1", "the key environments is missing")]
    public void Read_OfWhatIsNoWorld_NamesFileAndLine(string yaml, string place, string what)
    {
        Assert.False(Worlds.TryRead(yaml).TryGet(out _, out IReadOnlyList<Problem> problems));

        string said = ProblemText.Render(problems);
        Assert.Contains(what, said, StringComparison.Ordinal);
        Assert.Contains(place, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu.max_vcpus", "many", "gpu.max_vcpus=many is not possible")]
    [InlineData("gpus.max_vcpus", "8", "has no environment gpus")]
    [InlineData("gpu.max_cpus", "8", "a world has no setting gpu.max_cpus")]
    public void In_OfWhatIsNotPossible_SaysSo(string name, string value, string what)
    {
        IReadOnlyList<Problem> problems = [];
        bool isPossible = Setting.Parse(name).TryGet(out Setting? setting, out problems)
            && setting.In(Worlds.Read(Worlds.Separate), value).TryGet(out _, out problems);

        Assert.False(isPossible);
        Assert.Contains(what, Assert.Single(problems).What, StringComparison.Ordinal);
    }
}
