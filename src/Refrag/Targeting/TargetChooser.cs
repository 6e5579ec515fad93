using System.Globalization;
using Refrag.Jobs;
using Refrag.Policies;

namespace Refrag.Targeting;

/// <summary>
/// Chooses the queue and the definition: jobs of several nodes to the queue for them if one is named, GPU work to the GPU queue, all else
/// to the CPU queue, a choice by hand over all. What is on demand, urgent or patient goes to the queue of its kind for that.
/// </summary>
public static class TargetChooser
{
    /// <summary>The target. What contradicts it was refused when the job was read.</summary>
    public static Target Choose(JobSpec spec)
    {
        (string queue, string queueKind) = Automatic(spec, spec.Queues);
        (string definition, string definitionKind) = Automatic(spec, spec.Definitions);
        (string? special, string? why) = Special(spec);
        string reason = Reason(spec, queueKind, definitionKind);
        return new Target(
            spec.Queues.Manual ?? special ?? queue, spec.Definitions.Manual ?? definition, why is null ? reason : $"{reason}; {why}")
        {
            Fallback = Fallback(spec),
        };
    }

    /// <summary>The same job, moved to the on-demand queue.</summary>
    /// <param name="spec">The job, with <see cref="SpotUse.First"/>.</param>
    /// <param name="target">Where it was.</param>
    public static Target OnDemand(JobSpec spec, Target target) => target with
    {
        Queue = spec.Capacity.OnDemand.For(spec.Requirements)!,
        Reason = $"{JobPolicy.SpotAttemptsOf(spec)} attempts have lost their host on Spot: on-demand queue",
        Fallback = null,
    };

    // A queue beside the plain one of the kind, and why.
    private static (string? Queue, string? Why) Special(JobSpec spec)
    {
        if (spec.Capacity.Spot == SpotUse.Never && !CapacityReader.IsDistributed(spec))
            return (spec.Capacity.OnDemand.For(spec.Requirements), "spot=never: the on-demand queue");
        if (spec.Capacity.Priority is not { } priority) return (null, null);
        string word = CapacityReader.Word(priority);
        if (spec.ShareIdentifier is { } share)
            return (null, string.Create(
                CultureInfo.InvariantCulture, $"priority_class={word}: scheduling priority {SharePriority(priority)} in share {share}"));
        string? queue = priority switch
        {
            PriorityClass.High => spec.Capacity.High.For(spec.Requirements),
            PriorityClass.Low => spec.Capacity.Low.For(spec.Requirements),
            _ => null,
        };
        if (spec.Queues.Manual is not null) return (null, null);
        return (queue, queue is null ? $"priority_class={word}: the plain queue" : $"priority_class={word}: the queue for it");
    }

    /// <summary>
    /// The scheduling priority of a class in a share, far enough apart for other numbers between them. A job without a class has that of
    /// its definition, 0 in the definitions of infra/terraform: it stands with the low ones.
    /// </summary>
    internal static int SharePriority(PriorityClass priority) => priority switch
    {
        PriorityClass.High => 200,
        PriorityClass.Low => 0,
        _ => 100,
    };

    // What happens when hosts are lost, for who reads the plan.
    private static string? Fallback(JobSpec spec)
    {
        if (spec.Capacity is not { Spot: SpotUse.First } capacity) return null;
        int attempts = JobPolicy.SpotAttemptsOf(spec);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"spot=first: {attempts} {(attempts == 1 ? "attempt" : "attempts")} may lose the host on Spot, then on demand in "
                + $"{capacity.OnDemand.For(spec.Requirements)}");
    }

    private static (string Name, string Kind) Automatic(JobSpec spec, NameChoice names) =>
        spec.Nodes > 1 && names.Distributed is { } distributed ? (distributed, "multi-node")
        : spec.Requirements.Gpus.Value > 0 ? (names.Gpu, "GPU")
        : (names.Cpu, "CPU");

    private static string Reason(JobSpec spec, string queue, string definition) =>
        spec.Kind == EnvironmentKind.Slurm
            ? spec.Queues.Manual is null ? $"{Why(spec, queue)}: {queue} partition" : "partition named by env.job_queue"
            : OfBatch(spec, queue, definition);

    private static string OfBatch(JobSpec spec, string queue, string definition) => (spec.Queues.Manual, spec.Definitions.Manual) switch
    {
        (null, null) when queue == definition => $"{Why(spec, queue)}: {queue} queue and definition",
        (null, null) => $"{Why(spec, queue)}: {queue} queue; {Why(spec, definition)}: {definition} definition",
        (not null, null) => $"queue named by env.job_queue; {Why(spec, definition)}: {definition} definition",
        (null, not null) => $"{Why(spec, queue)}: {queue} queue; definition named by env.job_definition_name",
        _ => "queue and definition named by env.job_queue and env.job_definition_name",
    };

    private static string Why(JobSpec spec, string kind) => kind switch
    {
        "multi-node" => string.Create(CultureInfo.InvariantCulture, $"nodes={spec.Nodes} asks for hosts that work together"),
        "GPU" => $"gpus={spec.Requirements.Gpus} asks for GPUs",
        _ => "gpus=0 asks for no GPU",
    };
}
