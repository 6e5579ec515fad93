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
                yield return new Cause("dependency-on-itself", "It depends on itself, and so never starts", Confidence.Certain, [$"dependsOn: {dependency.JobId}"],
                    [new Cure("End it and submit it without that dependency", $"refrag terminate {dependency.JobId}")]);
            }
            else if (dependency.Status == "FAILED")
            {
                yield return new Cause("dependency-failed", $"It depends on {dependency.JobName} ({dependency.JobId}), which failed: it will fail as well", Confidence.Certain,
                    [$"{dependency.JobId}: FAILED{(dependency.StatusReason is { } reason ? $", {reason}" : "")}"],
                    [new Cure("See why that one failed", $"refrag why {dependency.JobId}"), new Cure("Repeat it, and then this one", $"refrag retry {dependency.JobId}")]);
            }
            else if (dependency.Status != "SUCCEEDED")
            {
                yield return new Cause("dependency-open", $"It waits for {dependency.JobName} ({dependency.JobId}), which is {dependency.Status}", Confidence.Certain,
                    [$"{dependency.JobId}: {dependency.Status}"],
                    dependency.Status == "RUNNING" ? [] : [new Cure("See what that one waits for", $"refrag why {dependency.JobId}")]);
            }
        }
        IReadOnlyList<JobDependency> wanted = s.Job?.DependsOn ?? [];
        foreach (JobDependency open in wanted.Where(d => d.JobId is not null && s.Dependencies.All(known => known.JobId != d.JobId)))
        {
            yield return new Cause("dependency-unknown", $"It depends on {open.JobId}, which Batch does not know any more", Confidence.Likely, ["DescribeJobs does not know it"],
                [new Cure("End it and submit it without that dependency", $"refrag terminate {s.Job!.JobId}")]);
        }
    }
}
