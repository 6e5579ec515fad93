using Refrag.Aws.Batch;
using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Jobs;

/// <summary>Slurm's states as Batch's.</summary>
internal static class SlurmStates
{
    // What a job waits for before it may be considered at all.
    private static readonly string[] s_notYet = ["Dependency", "BeginTime", "JobHeld", "launch failed"];

    /// <summary>The state of a job that Slurm knows.</summary>
    public static string Status(QueueRow row) => row.State switch
    {
        "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "SPECIAL_EXIT" =>
            s_notYet.Any(word => row.Reason.StartsWith(word, StringComparison.Ordinal)) ? JobStatus.Pending : JobStatus.Runnable,
        "CONFIGURING" or "RESV_DEL_HOLD" => JobStatus.Starting,
        "COMPLETED" => JobStatus.Succeeded,
        "RUNNING" or "COMPLETING" or "SUSPENDED" or "STOPPED" or "SIGNALING" or "STAGE_OUT" or "RESIZING" => JobStatus.Running,
        // FAILED, TIMEOUT, CANCELLED, NODE_FAIL, PREEMPTED, OUT_OF_MEMORY, BOOT_FAIL, DEADLINE and what is newer than this program.
        _ => JobStatus.Failed,
    };

    /// <summary>Whether a state is a job's last.</summary>
    public static bool IsEnd(string status) => status is JobStatus.Succeeded or JobStatus.Failed;
}
