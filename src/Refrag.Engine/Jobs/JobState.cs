using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs;

/// <summary>The states of a job, in the order of its life.</summary>
internal enum JobState
{
    /// <summary>Taken, not evaluated yet.</summary>
    Submitted,

    /// <summary>Waits for a dependency; for the parent of an array: its children live.</summary>
    Pending,

    /// <summary>Waits for room on the host.</summary>
    Runnable,

    /// <summary>Has its place; of service jobs only, before the service has taken it.</summary>
    Scheduled,

    /// <summary>Has its place and is being started.</summary>
    Starting,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended well. Final.</summary>
    Succeeded,

    /// <summary>Ended badly, or never ran. Final.</summary>
    Failed,
}

/// <summary>The two kinds of jobs that Batch has.</summary>
internal enum JobKind
{
    /// <summary>SubmitJob made it.</summary>
    Job,

    /// <summary>SubmitServiceJob made it.</summary>
    Service,
}

/// <summary>What the states mean.</summary>
internal static class JobStateExtensions
{
    /// <summary>All of them, in the order of a job's life.</summary>
    public static IReadOnlyList<JobState> All { get; } = Enum.GetValues<JobState>();

    /// <summary>The state of a word of the API. Throws <see cref="ArgumentException"/> for any other.</summary>
    public static JobState Parse(string status) =>
        Find(status) ?? throw new ArgumentException($"There is no status {status}.", nameof(status));

    /// <summary>The state of a word of the API; null for any other.</summary>
    public static JobState? Find(string status)
    {
        foreach (JobState state in All)
        {
            if (state.ToStatus() == status) return state;
        }
        return null;
    }

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
        JobState.Scheduled => ServiceJobStatus.Scheduled,
        JobState.Starting => JobStatus.Starting,
        JobState.Running => JobStatus.Running,
        JobState.Succeeded => JobStatus.Succeeded,
        _ => JobStatus.Failed,
    };
}
