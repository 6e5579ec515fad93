using Refrag.Aws.Batch;
using Refrag.Scheduling.Queues;

namespace Refrag.Policies;

/// <summary>What a policy knows of a job: as Batch describes it, and no more than the policy decides by.</summary>
public sealed record JobObservation
{
    // How retry strategies recognize a host that went away. (UG job_retries)
    private const string HostLost = "Host EC2";

    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The name of its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Whether it has ended as FAILED.</summary>
    public required bool HasFailed { get; init; }

    /// <summary>
    /// Whether Batch gives the loss of a host as the reason of the job's end. A job that a user has ended has another reason.
    /// </summary>
    public required bool EndedByHost { get; init; }

    /// <summary>For each attempt, in order, whether it lost its host.</summary>
    public required IReadOnlyList<bool> LostHosts { get; init; }

    /// <summary>How many attempts of jobs before it in the chain have lost their host.</summary>
    public int ReclaimedBefore { get; init; }

    /// <summary>Whether it has parts or is one: an array, a multi-node job, a child or a node.</summary>
    public bool HasParts { get; init; }

    /// <summary>Since when it waits for a host; null if it does not.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>The code by which Batch calls it blocked; null if Batch does not.</summary>
    public string? BlockedBy { get; init; }

    /// <summary>The region for which it was cancelled; null if it was not.</summary>
    public string? LeavesFor { get; init; }

    /// <summary>The id of its successor; null if none is recorded.</summary>
    public string? MovedTo { get; init; }

    /// <summary>What Batch says of a job.</summary>
    public static JobObservation Of(JobDetail job) => new()
    {
        JobId = job.JobId,
        Queue = ShortName(job.JobQueue),
        HasFailed = job.Status == JobStatus.Failed,
        EndedByHost = IsHostLost(job.StatusReason),
        LostHosts = [.. (job.Attempts ?? []).Select(attempt => IsHostLost(attempt.StatusReason))],
        ReclaimedBefore = JobPolicy.Number(job.Tags, JobPolicy.ReclaimedTag) ?? 0,
        HasParts = job.ArrayProperties is { Size: > 0 } or { Index: not null } || job.NodeProperties is not null
            || job.NodeDetails is not null,
        WaitsSince = WaitingSince(job),
        BlockedBy = job.Status == JobStatus.Runnable && BlockedText.IsIn(job.StatusReason) ? CodeOf(job.StatusReason!) : null,
        LeavesFor = job.Status == JobStatus.Failed ? RegionPolicy.TargetOf(job.StatusReason) : null,
        MovedTo = job.Tags?.GetValueOrDefault(JobPolicy.MovedToTag),
    };

    /// <summary>Whether a status reason is that of a host that went away.</summary>
    public static bool IsHostLost(string? statusReason) => statusReason?.StartsWith(HostLost, StringComparison.Ordinal) == true;

    // Batch does not say when a job began to wait: after its submission, or after the end of the attempt before.
    private static DateTimeOffset? WaitingSince(JobDetail job)
    {
        if (job.Status != JobStatus.Runnable) return null;
        long? since = job.Attempts is [.., { StoppedAt: { } stopped }] ? stopped : job.CreatedAt;
        return since is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    private static string CodeOf(string statusReason) => statusReason.Split(" - ")[0];

    /// <summary>The name in an ARN of a queue, or the name itself.</summary>
    internal static string ShortName(string queue) => queue[(queue.LastIndexOf('/') + 1)..];
}
