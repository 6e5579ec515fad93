using System.Globalization;
using Refrag.Jobs;

namespace Refrag.Targeting;

/// <summary>
/// Chooses the queue and the definition: jobs of several nodes to the queue for them if one is named, GPU work to the GPU queue, all else
/// to the CPU queue, a choice by hand over all.
/// </summary>
public static class TargetChooser
{
    /// <summary>The target. What contradicts it was refused when the job was read.</summary>
    public static Target Choose(JobSpec spec)
    {
        (string queue, string queueKind) = Automatic(spec, spec.Queues);
        (string definition, string definitionKind) = Automatic(spec, spec.Definitions);
        return new Target(
            spec.Queues.Manual ?? queue, spec.Definitions.Manual ?? definition, Reason(spec, queueKind, definitionKind));
    }

    private static (string Name, string Kind) Automatic(JobSpec spec, NameChoice names) =>
        spec.Nodes > 1 && names.Distributed is { } distributed ? (distributed, "multi-node")
        : spec.Requirements.Gpus.Value > 0 ? (names.Gpu, "GPU")
        : (names.Cpu, "CPU");

    private static string Reason(JobSpec spec, string queue, string definition) => (spec.Queues.Manual, spec.Definitions.Manual) switch
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
