using Refrag.Aws.Batch;
using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Jobs;

/// <summary>Slurm's states as Batch's.</summary>
internal static class SlurmStates
{
    // What a job waits for before it may be considered at all.
    private static readonly string[] s_notYet = ["Dependency", "BeginTime", "JobHeld", "launch failed"];

    // (squeue(1) of 22.05, JOB STATE CODES; slurm.h of 25.05)
    private static readonly string[] s_failed =
    [
        "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL", "PREEMPTED", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE",
    ];

    private static readonly string[] s_running =
    [
        "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING", "EXPEDITING",
    ];

    /// <summary>The state of a job that Slurm knows.</summary>
    public static string Status(QueueRow row) => row.State switch
    {
        "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "SPECIAL_EXIT" =>
            s_notYet.Any(word => row.Reason.StartsWith(word, StringComparison.Ordinal)) ? JobStatus.Pending : JobStatus.Runnable,
        // Its reservation was deleted, and it is held.
        "RESV_DEL_HOLD" => JobStatus.Pending,
        "CONFIGURING" or "POWER_UP_NODE" => JobStatus.Starting,
        "COMPLETED" => JobStatus.Succeeded,
        _ when s_failed.Contains(row.State, StringComparer.Ordinal) => JobStatus.Failed,
        // What is newer than this program is not taken for an end: the files speak once the queue has forgotten it.
        _ => JobStatus.Running,
    };

    /// <summary>What a state says that is newer than this program; null for those that it knows.</summary>
    public static string? Unknown(QueueRow row) =>
        Status(row) == JobStatus.Running && !s_running.Contains(row.State, StringComparer.Ordinal)
            ? $"Slurm's state {row.State} is not known here, so the job is not taken for ended"
            : null;

    /// <summary>Whether a state is a job's last.</summary>
    public static bool IsEnd(string status) => status is JobStatus.Succeeded or JobStatus.Failed;
}
