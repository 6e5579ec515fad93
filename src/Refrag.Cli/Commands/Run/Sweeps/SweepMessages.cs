using Refrag.Cli.Following;
using Refrag.Composition.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>What people read of a sweep.</summary>
internal static class SweepMessages
{
    /// <summary>
    /// What stands before a job's line: its index in the sweep, and the number of the child or the node where the job has parts itself.
    /// </summary>
    public static string Prefix(SentJob job, string partId)
    {
        string index = $"[{job.IndexOf(partId)}] ";
        return job.Jobs.Count == 1 ? index + LocalLog.MarkOf(partId) : index;
    }

    /// <summary>How far the sweep is: <c>3 of 6 jobs have succeeded, 1 has failed, 2 have not run</c>.</summary>
    public static string Summary(SweepManifest manifest)
    {
        int Count(JobStatus status) => manifest.Jobs.Count(job => job.Status == status);
        int all = manifest.Jobs.Count, succeeded = Count(JobStatus.Succeeded);
        if (succeeded == all) return all == 1 ? "The job has succeeded." : $"All {all} jobs have succeeded.";
        string[] rest =
        [
            .. Some(Count(JobStatus.Running), "is under way", "are under way"),
            .. Some(Count(JobStatus.Failed), "has failed", "have failed"),
            .. Some(Count(JobStatus.Pending), "has not run", "have not run"),
        ];
        return $"{succeeded} of {all} jobs {(succeeded == 1 ? "has" : "have")} succeeded, {string.Join(", ", rest)}.";
    }

    private static IEnumerable<string> Some(int count, string one, string several) =>
        count == 0 ? [] : [$"{count} {(count == 1 ? one : several)}"];
}
