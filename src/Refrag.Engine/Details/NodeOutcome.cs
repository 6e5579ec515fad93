using Refrag.Engine.Jobs;

namespace Refrag.Engine.Details;

/// <summary>
/// How a node of a multi-node job stands. Its job's state is its own, unless its container ended before the main node's: then it shows what
/// came of it. That a worker's end does not end the job is AWS's rule; how AWS shows such a node meanwhile is not documented. (UG
/// multi-node-parallel-jobs)
/// </summary>
internal static class NodeOutcome
{
    /// <summary>The state of a node; of the whole job where no node is given.</summary>
    public static JobState State(Job job, int? node) =>
        Early(job, node) is not { } run ? job.State
        : run is { Started: true, ExitCode: 0, IsLost: false } ? JobState.Succeeded
        : JobState.Failed;

    /// <summary>The status reason of a node, or of the job.</summary>
    public static string? Reason(Job job, int? node) => Early(job, node) is { } run ? AttemptEnd.Reason(job, run) : job.StatusReason;

    /// <summary>When a node, or the job, ended.</summary>
    public static long? StoppedAt(Job job, int? node) => Early(job, node)?.StoppedAt ?? job.StoppedAt;

    private static NodeRun? Early(Job job, int? node)
    {
        bool isCurrent = job.State is JobState.Starting or JobState.Running || job.State.IsFinal();
        if (!isCurrent || node is not { } index || index == job.Plan.MainNode || job.Nodes.ElementAtOrDefault(index) is not { } run)
            return null;
        return run.StoppedAt is { } ended && (job.Nodes[job.Plan.MainNode].StoppedAt is not { } main || ended < main) ? run : null;
    }
}
