using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Diagnosis;

/// <summary>What a PENDING job waits for.</summary>
internal static class DependencyCauses
{
    public static IEnumerable<Cause> Find(Situation s)
    {
        foreach (JobDetail dependency in s.Dependencies)
        {
            if (dependency.JobId == s.Job?.JobId)
            {
                yield return new Cause("dependency-on-itself", "It depends on itself, and so never starts", Confidence.Certain,
                    [Evidence.Of(FactSource.Job, null, "dependsOn", dependency.JobId)],
                    [new Cure("End it and submit it without that dependency", $"refrag terminate {dependency.JobId}")]);
            }
            else if (dependency.Status == JobStatus.Failed)
            {
                yield return new Cause("dependency-failed",
                    $"It depends on {dependency.JobName} ({dependency.JobId}), which failed: it will fail as well", Confidence.Certain,
                    [Evidence.Of(FactSource.OtherJob, dependency.JobId, "status", dependency.Status,
                        $"{dependency.JobId}: FAILED{(dependency.StatusReason is { } reason ? $", {reason}" : "")}")],
                    [new Cure("See why that one failed", $"refrag why {dependency.JobId}"),
                        new Cure("Repeat it, and then this one", $"refrag retry {dependency.JobId}")]);
            }
            else if (dependency.Status != JobStatus.Succeeded)
            {
                yield return new Cause("dependency-open",
                    $"It waits for {dependency.JobName} ({dependency.JobId}), which is {dependency.Status}", Confidence.Certain,
                    [Evidence.Of(FactSource.OtherJob, dependency.JobId, "status", dependency.Status,
                        $"{dependency.JobId}: {dependency.Status}")],
                    dependency.Status == JobStatus.Running
                        ? []
                        : [new Cure("See what that one waits for", $"refrag why {dependency.JobId}")]);
            }
        }
        if (s.Job is not { } job) yield break;
        foreach (string open in WaitsFor(job).Where(id => s.Dependencies.All(known => known.JobId != id)))
        {
            yield return new Cause("dependency-unknown", $"It depends on {open}, which Batch does not know any more", Confidence.Likely,
                [Evidence.Of(FactSource.OtherJob, open, "status", null, "DescribeJobs does not know it")],
                [new Cure("End it and submit it without that dependency", $"refrag terminate {job.JobId}")]);
        }
    }

    /// <summary>
    /// The ids of the jobs that a job waits for: a child of an array for the child before it (SEQUENTIAL), or for that of the same index
    /// (N_TO_N). (UG array_jobs)
    /// </summary>
    public static IReadOnlyList<string> WaitsFor(JobDetail job)
    {
        List<string> ids = [];
        (string array, int? index) = job.JobId.Split(':') is [{ } parent, _] ? (parent, job.ArrayProperties?.Index) : (job.JobId, null);
        foreach (JobDependency one in job.DependsOn ?? [])
        {
            if (one.Type == ArrayJobDependency.Sequential && index > 0)
                ids.Add(string.Create(CultureInfo.InvariantCulture, $"{array}:{index - 1}"));
            if (one.JobId is { } id)
                ids.Add(one.Type == ArrayJobDependency.NToN && index is { } same
                    ? string.Create(CultureInfo.InvariantCulture, $"{id}:{same}")
                    : id);
        }
        return ids;
    }
}
