using CsCheck;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Tests;

/// <summary>A random cluster and what is asked of it.</summary>
internal sealed record World(
    IReadOnlyList<ComputeEnvironment> Environments, IReadOnlyList<JobQueue> Queues, IReadOnlyList<SimulatedJob> Jobs)
{
    public Cluster Build()
    {
        Cluster cluster = Worlds.New([.. Environments]).With([.. Queues]);
        foreach (ComputeEnvironment hosts in Environments.Where(one => one.Kind is ComputeEnvironmentKind.Unmanaged))
            cluster.AddInstance(hosts.Name, Amount.Of(16, 65536, 2), Worlds.Start);
        return cluster;
    }
}

/// <summary>Random clusters and workloads.</summary>
internal static class Workloads
{
    private static readonly string[] s_types = ["m5.large", "m5.2xlarge", "c5", "g5.xlarge", "g5.12xlarge", "r5.xlarge", "optimal"];

    private static readonly Gen<ComputeEnvironment> s_environment = Gen.Select(
        Gen.Int[0, 4], Gen.Int[8, 200], Gen.Int[0, 3], Gen.Int[0, s_types.Length - 1].Array[1, 3], Gen.Int[0, 16], Gen.Bool).Select(
        (kind, max, strategy, types, min, two) => new ComputeEnvironment
        {
            Name = "ce",
            Kind = (ComputeEnvironmentKind)kind,
            MaxVCpus = max,
            MinVCpus = min,
            // The two strategies for Spot are for Spot alone.
            Strategy = kind == (int)ComputeEnvironmentKind.Spot ? (AllocationStrategy)strategy : (AllocationStrategy)(strategy % 2),
            InstanceTypes = [.. types.Select(type => s_types[type])],
            Zones = two ? ["a", "b"] : ["a"],
        });

    private static readonly Gen<Amount> s_amount =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 40], Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 3])))
        .Select((cpus, gib, gpus) => Amount.Of(cpus, gib * 512, gpus));

    private static readonly Gen<SimulatedJob> s_job = Gen.Select(
        s_amount, Gen.Int[0, 2], Gen.Int[0, 7200], Gen.Int[1, 5000], Gen.Int[0, 3], Gen.Int[0, 2],
        Gen.Frequency((6, Gen.Const(1)), (1, Gen.Int[2, 4]))).Select(
        (amount, queue, at, seconds, share, priority, nodes) => new SimulatedJob(
            Worlds.Job("j", amount, $"q{queue}", at, $"s{share}", priority, nodes), TimeSpan.FromSeconds(seconds))
        {
            Attempts = 3,
        });

    public static Gen<World> Any { get; } = Gen.Select(s_environment.Array[3, 3], Gen.Bool.Array[3, 3], Gen.Int[0, 60], s_job.Array[1, 60])
        .Select(
        (environments, fair, reservation, jobs) => new World(
            [.. environments.Select((one, i) => one with { Name = $"ce{i}" })],
            [.. fair.Select((isFair, i) => new JobQueue
            {
                Name = $"q{i}",
                Priority = i,
                Environments = [$"ce{i}", $"ce{(i + 1) % 3}"],
                FairShare = isFair
                    ? new FairSharePolicy
                    {
                        ComputeReservation = reservation,
                        Shares = [new ShareWeight("s1", 2), new ShareWeight("s2*", 0.5m)],
                    }
                    : null,
            })],
            [.. jobs.OrderBy(job => job.Request.SubmittedAt)
                .Select((job, i) => job with { Request = job.Request with { Id = $"j{i}" } })]));
}
