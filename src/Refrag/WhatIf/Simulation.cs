using System.Globalization;
using System.Runtime.InteropServices;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;

namespace Refrag.WhatIf;

/// <summary>
/// Runs a workload in a world under virtual time: by the same core that <c>refrag serve --fleet</c> places jobs with.
/// </summary>
public static class Simulation
{
    // Any moment will do where the trace has no dates: nothing that is decided depends on the day.
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Longer than any fault of a scenario lasts in practice; a job that has not started by then never does.
    private static readonly TimeSpan s_patience = TimeSpan.FromDays(30);

    /// <summary>Runs it once.</summary>
    /// <param name="world">The world.</param>
    /// <param name="workload">The jobs.</param>
    /// <param name="seed">The seed of Spot reclaims.</param>
    /// <param name="each">Takes the times of each job as it ends; null for none.</param>
    /// <param name="cancellationToken">Ends it; what happened so far is returned.</param>
    public static Result<RunResult> Run(
        World world, Workload workload, ulong seed, Action<JobTimes>? each = null, CancellationToken cancellationToken = default)
    {
        var cluster = new Cluster(world.Types, world.Prices);
        List<Problem> problems = [];
        foreach (ComputeEnvironment environment in world.Environments) problems.AddRange(cluster.SetEnvironment(environment));
        foreach (JobQueue queue in world.Queues) problems.AddRange(cluster.SetQueue(queue));
        Dictionary<(string?, bool), JobQueue> queues = QueuesOf(world, workload, problems);
        if (problems.Count > 0) return Result<RunResult>.Failure(problems);
        DateTimeOffset start = workload.Start ?? s_start;
        var meter = new RunMeter(world, workload, cluster, each);
        WorldScaler? scaler = null;
        if (world.Scaling is { } scaling && !scaling.Start(world, cluster, at => meter.SpentUntil((long)(at - start).TotalMilliseconds))
            .TryGet(out scaler, out IReadOnlyList<Problem> wrong)) return Result<RunResult>.Failure(wrong);
        var simulator = new Simulator(cluster, start, world.Scenario with { Seed = seed }, meter.Take, meter.Take)
        {
            Scaling = scaler?.Hook,
        };
        return meter.Finish(seed, simulator.Run(Jobs(queues, workload, start), until: null, s_patience, cancellationToken)) with
        {
            Changes = scaler?.Changes ?? 0,
        };
    }

    // Jobs that name the same queue and are of the same kind go the same way.
    private static Dictionary<(string? Queue, bool IsGpu), JobQueue> QueuesOf(World world, Workload workload, List<Problem> problems)
    {
        Dictionary<(string?, bool), JobQueue> queues = [];
        foreach (TraceJob job in workload.Jobs)
        {
            if (queues.ContainsKey((job.Queue, job.IsGpu))) continue;
            if (world.QueueOf(job) is { } queue)
            {
                queues.Add((job.Queue, job.IsGpu), queue);
                continue;
            }
            problems.Add(new Problem
            {
                Code = "RF8155",
                What = $"The world {world.Name} has no queue with GPUs, which {workload.NameOf(job)} asks for",
                Cure = "Add an environment with instance types that have GPUs to the world, or remove the GPU jobs.",
            });
            break;
        }
        return queues;
    }

    // Made one by one: of a million jobs only those that wait or run are held by the simulator.
    private static IEnumerable<SimulatedJob> Jobs(
        Dictionary<(string? Queue, bool IsGpu), JobQueue> queues, Workload workload, DateTimeOffset start)
    {
        Dictionary<TraceShape, Requirement> shapes = [];
        for (int i = 0; i < workload.Jobs.Count; i++)
        {
            TraceJob job = workload.Jobs[i];
            var shape = new TraceShape(job.MilliVCpus, job.MemoryMiB, job.Gpus, job.Nodes);
            if (!shapes.TryGetValue(shape, out Requirement? requirement))
                shapes.Add(shape, requirement = job.Requirement);
            yield return new SimulatedJob(
                new JobRequest
                {
                    Id = i.ToString(CultureInfo.InvariantCulture),
                    Queue = queues[(job.Queue, job.IsGpu)].Name,
                    SubmittedAt = start.AddMilliseconds(job.SubmittedAt),
                    Requirement = requirement,
                    ShareIdentifier = job.Share ?? "",
                    SchedulingPriority = job.Priority,
                    Timeout = job.Timeout > 0 ? TimeSpan.FromMilliseconds(job.Timeout) : null,
                    Attempts = Math.Max(1, job.Attempts),
                    Kind = job.Name,
                },
                TimeSpan.FromMilliseconds(job.Runs))
            {
                Attempts = Math.Max(1, job.Attempts),
            };
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct TraceShape(int MilliVCpus, int MemoryMiB, int Gpus, int Nodes);
}
