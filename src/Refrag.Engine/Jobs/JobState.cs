using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs;

/// <summary>The states of a job, in the order of its life.</summary>
internal enum JobState
{
    /// <summary>Taken, not looked at yet.</summary>
    Submitted,

    /// <summary>Waits for a dependency; for the parent of an array: its children live.</summary>
    Pending,

    /// <summary>Waits for room on the host.</summary>
    Runnable,

    /// <summary>Has its place and is being started.</summary>
    Starting,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended well. Final.</summary>
    Succeeded,

    /// <summary>Ended badly, or never ran. Final.</summary>
    Failed,
}

/// <summary>What the states mean.</summary>
internal static class JobStates
{
    /// <summary>All of them, in the order of a job's life.</summary>
    public static IReadOnlyList<JobState> All { get; } = Enum.GetValues<JobState>();

    /// <summary>Whether the job will never change its state again.</summary>
    public static bool IsFinal(this JobState state) => state is JobState.Succeeded or JobState.Failed;

    /// <summary>Whether the job has not been given a place yet: what CancelJob acts on.</summary>
    public static bool IsBeforeStart(this JobState state) => state is JobState.Submitted or JobState.Pending or JobState.Runnable;

    /// <summary>The word that the API has for it.</summary>
    public static string ToStatus(this JobState state) => state switch
    {
        JobState.Submitted => JobStatus.Submitted,
        JobState.Pending => JobStatus.Pending,
        JobState.Runnable => JobStatus.Runnable,
        JobState.Starting => JobStatus.Starting,
        JobState.Running => JobStatus.Running,
        JobState.Succeeded => JobStatus.Succeeded,
        _ => JobStatus.Failed,
    };
}
