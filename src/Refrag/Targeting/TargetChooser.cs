using Refrag.Jobs;

namespace Refrag.Targeting;

/// <summary>Chooses the queue and the definition: GPU work to the GPU queue, all else to the CPU queue, a choice by hand over both.</summary>
public static class TargetChooser
{
    /// <summary>The target, or the contradictions between what was asked for and what was chosen by hand.</summary>
    public static Result<Target> Choose(JobSpec spec)
    {
        List<Problem> problems = [];
        Contradiction(spec, spec.Queues, "env.job_queue", "queue", problems);
        Contradiction(spec, spec.Definitions, "env.job_definition_name", "definition", problems);
        if (problems.Count > 0) return Result<Target>.Failure(problems);

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

    private static void Contradiction(JobSpec spec, ByKind names, string key, string thing, List<Problem> problems)
    {
        // Where one name serves both kinds, there is nothing to contradict. A GPU queue named for CPU work wastes money but runs.
        if (names.Manual is not { } manual || names.Cpu == names.Gpu) return;
        if (spec.Requirements.Gpus.Value == 0 || WithoutRevision(manual) != WithoutRevision(names.Cpu)) return;
        problems.Add(new Problem
        {
            Code = "RF2010",
            What = $"{key}={manual} is the CPU {thing}, but env.gpus={spec.Requirements.Gpus} asks for GPUs",
            Cause = $"No instance behind the CPU {thing} has a GPU: the job would wait for ever",
            Cure = $"Leave {key} empty to use {names.Gpu}, or set env.gpus=0.",
            Place = spec.Places.Of(key),
        });
    }

    private static string WithoutRevision(string name) => name.Split('/')[^1].Split(':')[0];
}
