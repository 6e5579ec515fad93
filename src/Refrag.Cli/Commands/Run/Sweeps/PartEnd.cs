using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Jobs;
using Refrag.Policies;
using JobStatus = Refrag.Composition.Sweeps.JobStatus;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>What the end of a child, or of a plain job, means for its sweep.</summary>
internal static class PartEnd
{
    /// <summary>The end; null if the part has not ended.</summary>
    public static SweepEnd? Of(SentJob job, JobDetail part)
    {
        if (!JobStates.IsFinished(part.Status)) return null;
        int code = JobExit.Code(part);
        // Cancelled before it started: it did not fail, it never ran.
        bool ran = part.StartedAt > 0 || part.Attempts is { Count: > 0 } || part.ArrayProperties?.Size > 0
            || part.NodeProperties?.NumNodes > 0;
        JobStatus status = code == ExitCodes.Success ? JobStatus.Succeeded : ran ? JobStatus.Failed : JobStatus.Pending;
        JobObservation seen = JobObservation.Of(part);
        return new SweepEnd(
            job.IndexOf(part.JobId), status, code, seen is { HasFailed: true, EndedByHost: true, LostHosts: [.., true] });
    }
}
