using Refrag.Jobs;

namespace Refrag.Targeting;

/// <summary>
/// Chooses the queue and the definition: GPU work to the GPU queue, all else to the CPU queue, a choice by hand over both.
/// </summary>
public static class TargetChooser
{
    /// <summary>The target. What contradicts it was refused when the job was read.</summary>
    public static Target Choose(JobSpec spec)
    {
        bool gpu = spec.Requirements.Gpus.Value > 0;
        return new Target(
            spec.Queues.Manual ?? (gpu ? spec.Queues.Gpu : spec.Queues.Cpu),
            spec.Definitions.Manual ?? (gpu ? spec.Definitions.Gpu : spec.Definitions.Cpu),
            Reason(spec, gpu));
    }

    private static string Reason(JobSpec spec, bool gpu)
    {
        string automatic = gpu ? $"gpus={spec.Requirements.Gpus} asks for GPUs" : "gpus=0 asks for no GPU";
        return (spec.Queues.Manual, spec.Definitions.Manual) switch
        {
            (null, null) => $"{automatic}: {(gpu ? "GPU" : "CPU")} queue and definition",
            (not null, null) => $"queue named by env.job_queue; {automatic}: {(gpu ? "GPU" : "CPU")} definition",
            (null, not null) => $"{automatic}: {(gpu ? "GPU" : "CPU")} queue; definition named by env.job_definition_name",
            _ => "queue and definition named by env.job_queue and env.job_definition_name",
        };
    }
}
