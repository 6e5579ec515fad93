using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs.Rules;

/// <summary>Whether a job's dependencies let it leave PENDING.</summary>
internal enum DependencyAnswer
{
    /// <summary>At least one still lives.</summary>
    Wait,

    /// <summary>All have succeeded.</summary>
    Go,

    /// <summary>At least one has failed, so that this job will never run.</summary>
    Fail,
}

/// <summary>What a job waits for, and whether it still does. (UG job_dependencies, array_jobs)</summary>
internal static class DependencyRule
{
    /// <summary>
    /// The ids of the jobs that must succeed first. SEQUENTIAL makes a child wait for the child before it, N_TO_N for the child of the same
    /// index, and a plain dependency for the whole job.
    /// </summary>
    /// <param name="dependencies">As submitted.</param>
    /// <param name="arrayId">The array that the job is a child of; null for a job that is none.</param>
    /// <param name="index">Its index there.</param>
    public static IReadOnlyList<string> WaitsFor(IReadOnlyList<JobDependency> dependencies, string? arrayId, int index)
    {
        if (dependencies.Count == 0) return [];
        List<string> ids = [];
        foreach (JobDependency dependency in dependencies)
        {
            if (IsInOrder(dependency))
            {
                if (arrayId is not null && index > 0) ids.Add(JobIds.Child(arrayId, index - 1));
            }
            else if (dependency.JobId is { } id)
            {
                ids.Add(arrayId is not null && IsChildByChild(dependency) ? JobIds.Child(id, index) : id);
            }
        }
        return ids;
    }

    /// <summary>
    /// Whether the children of an array run one after the other. With a job id SEQUENTIAL is a plain dependency on that job: the API's
    /// page allows no id, programs that run in production send one to AWS.
    /// </summary>
    public static bool IsInOrder(JobDependency dependency) => dependency is { Type: ArrayJobDependency.Sequential, JobId: null };

    /// <summary>
    /// Whether each child of an array waits for the child of the same index in the other array. (API ArrayJobDependency, N_TO_N)
    /// </summary>
    public static bool IsChildByChild(JobDependency dependency) => dependency is { Type: ArrayJobDependency.NToN, JobId: not null };

    /// <summary>Whether the job may leave PENDING, given the states of those it waits for.</summary>
    public static DependencyAnswer Check(IEnumerable<JobState> states)
    {
        var answer = DependencyAnswer.Go;
        foreach (JobState state in states)
        {
            if (state is JobState.Failed) return DependencyAnswer.Fail;
            if (state is not JobState.Succeeded) answer = DependencyAnswer.Wait;
        }
        return answer;
    }
}
