using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>How many parts a job has, and what becomes of them, for a cell of a table.</summary>
internal static class PartsText
{
    /// <summary>
    /// Of an array how many children have ended of how many, and how many run: <c>3/10, 2 run</c>; <c>[10]</c> if Batch does not report it;
    /// <c>4 nodes</c>; empty for a job of one part.
    /// </summary>
    public static string Of(JobSummary job)
    {
        if (job.ArrayProperties?.Size is not ({ } size and > 0))
            return job.NodeProperties?.NumNodes is { } nodes ? string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes") : "";
        if (job.ArrayProperties.StatusSummary is not { Count: > 0 } summary)
            return string.Create(CultureInfo.InvariantCulture, $"[{size}]");
        int ended = summary.GetValueOrDefault(JobStatus.Succeeded) + summary.GetValueOrDefault(JobStatus.Failed);
        int running = summary.GetValueOrDefault(JobStatus.Starting) + summary.GetValueOrDefault(JobStatus.Running);
        return string.Create(CultureInfo.InvariantCulture, $"{ended}/{size}{(running > 0 ? $", {running} run" : "")}");
    }
}
