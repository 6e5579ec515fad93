using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;

namespace Refrag.WhatIf;

/// <summary>Queues, compute environments and prices that a workload is tried on. Immutable.</summary>
public sealed record World
{
    /// <summary>Its name, for people: that of its file, or what was changed.</summary>
    public required string Name { get; init; }

    /// <summary>The compute environments.</summary>
    public required IReadOnlyList<ComputeEnvironment> Environments { get; init; }

    /// <summary>The queues; of those that host a job, the first is taken.</summary>
    public required IReadOnlyList<JobQueue> Queues { get; init; }

    /// <summary>How long instances take to start, Spot reclaims, and what else goes wrong.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The instance types.</summary>
    public required InstanceCatalogue Types { get; init; }

    /// <summary>The prices.</summary>
    public required PriceTable Prices { get; init; }

    /// <summary>The policies that change its environments meanwhile; null if nothing does.</summary>
    public WorldScaling? Scaling { get; init; }

    /// <summary>Whether chance has a part in it, so that another seed may give another result.</summary>
    public bool HasChance => Scenario.Injections.Any(one => one is SpotRate or SpotReclaim);

    /// <summary>
    /// The queue of a job: the one that it names if the world has it. Else a GPU job goes to the first queue whose instance types all have
    /// GPUs, or to the first with some of them; a CPU job to the first queue without GPUs, or to the first with instances of both kinds.
    /// Null for a GPU job in a world without GPUs.
    /// </summary>
    public JobQueue? QueueOf(TraceJob job)
    {
        if (job.Queue is { } named && Queues.FirstOrDefault(queue => queue.Name == named) is { } own) return own;
        QueueWork[] order = job.IsGpu ? [QueueWork.Gpu, QueueWork.Both] : [QueueWork.Cpu, QueueWork.Both, QueueWork.Gpu];
        return order.Select(work => Queues.FirstOrDefault(queue => WorkOf(queue) == work)).FirstOrDefault(queue => queue is not null);
    }

    /// <summary>The smallest number of vCPUs that an instance of an environment has; 1 without instances.</summary>
    public int SmallestVCpus(ComputeEnvironment environment) =>
        TypesOf(environment).Select(type => type.VCpus).DefaultIfEmpty(1).Min();

    private QueueWork WorkOf(JobQueue queue)
    {
        InstanceType[] types = [.. Environments.Where(one => queue.Environments.Contains(one.Name)).SelectMany(TypesOf)];
        return types.Any(type => type.Gpus > 0) ? types.All(type => type.Gpus > 0) ? QueueWork.Gpu : QueueWork.Both : QueueWork.Cpu;
    }

    private IReadOnlyList<InstanceType> TypesOf(ComputeEnvironment environment) =>
        Types.Resolve(environment.InstanceTypes).TryGet(out IReadOnlyList<InstanceType>? types, out _) ? types : [];

    private enum QueueWork
    {
        Cpu,
        Gpu,
        Both,
    }
}
