namespace Refrag.Jobs;

/// <summary>Queues and definitions that are named by hand.</summary>
internal static class NamedTargets
{
    /// <summary>What of them contradicts the resources that the job asks for.</summary>
    public static IEnumerable<Problem> Contradictions(JobSpec spec) =>
        new[] { Of(spec, spec.Queues, "env.job_queue", "queue"), Of(
            spec, spec.Definitions, "env.job_definition_name", "definition") }.OfType<Problem>();

    private static Problem? Of(JobSpec spec, NameChoice names, string key, string thing)
    {
        // Where one name serves both kinds, there is nothing to contradict. A GPU queue named for CPU work wastes money but runs.
        if (names.Manual is not { } manual || names.Cpu == names.Gpu) return null;
        if (spec.Requirements.Gpus.Value == 0 || WithoutRevision(manual) != WithoutRevision(names.Cpu)) return null;
        return new Problem
        {
            Code = "RF2010",
            What = $"{key}={manual} is the CPU {thing}, but env.gpus={spec.Requirements.Gpus} asks for GPUs",
            Cause = $"No instance behind the CPU {thing} has a GPU: the job would wait forever",
            Cure = $"Leave {key} empty to use {names.Gpu}, or set env.gpus=0.",
            Place = spec.Places.Of(key),
        };
    }

    private static string WithoutRevision(string name) => name.Split('/')[^1].Split(':')[0];
}
