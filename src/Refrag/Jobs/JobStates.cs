using Refrag.Aws.Batch;

namespace Refrag.Jobs;

/// <summary>The states of a job. (UG job_states)</summary>
public static class JobStates
{
    /// <summary>Whether a job in this state stays in it.</summary>
    public static bool IsFinished(string? status) => status is JobStatus.Succeeded or JobStatus.Failed;
}
