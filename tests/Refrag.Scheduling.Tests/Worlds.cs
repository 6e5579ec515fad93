using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Tests;

/// <summary>Small clusters for tests.</summary>
internal static class Worlds
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public static Cluster New(params ComputeEnvironment[] environments)
    {
        var cluster = new Cluster(Tables.Types, Tables.Prices);
        foreach (ComputeEnvironment environment in environments) Assert.Empty(cluster.SetEnvironment(environment));
        return cluster;
    }

    public static Cluster With(this Cluster cluster, params JobQueue[] queues)
    {
        foreach (JobQueue queue in queues) Assert.Empty(cluster.SetQueue(queue));
        return cluster;
    }

    public static ComputeEnvironment Fleet(string name, int max, params string[] types) => new()
    {
        Name = name,
        Kind = ComputeEnvironmentKind.Ec2,
        MaxVCpus = max,
        Strategy = AllocationStrategy.BestFitProgressive,
        InstanceTypes = types,
    };

    public static ComputeEnvironment Spot(string name, int max, params string[] types) =>
        Fleet(name, max, types) with { Kind = ComputeEnvironmentKind.Spot, Strategy = AllocationStrategy.SpotPriceCapacityOptimized };

    public static ComputeEnvironment Hosts(string name) => new() { Name = name, Kind = ComputeEnvironmentKind.Unmanaged };

    public static ComputeEnvironment Fargate(string name, int max) =>
        new() { Name = name, Kind = ComputeEnvironmentKind.Fargate, MaxVCpus = max };

    public static JobQueue Queue(string name, params string[] environments) => new() { Name = name, Environments = environments };

    public static SimulationResult Rehearse(this Simulator simulator, IEnumerable<SimulatedJob> jobs, TimeSpan? until = null) =>
        simulator.Run(jobs, until, cancellationToken: TestContext.Current.CancellationToken);

    public static JobRequest Job(
        string id, Amount amount, string queue = "q", double at = 0, string share = "", int priority = 0, int nodes = 1) => new()
        {
            Id = id,
            Queue = queue,
            SubmittedAt = At(at),
            Requirement = new Requirement { Amount = amount, Nodes = nodes },
            ShareIdentifier = share,
            SchedulingPriority = priority,
        };
}
