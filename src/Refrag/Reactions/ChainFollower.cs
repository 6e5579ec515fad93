using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Policies;

namespace Refrag.Reactions;

/// <summary>
/// A job and those that succeed it when it is moved, perhaps in other regions, for who waits for the end of the last. It moves nothing
/// itself.
/// </summary>
/// <param name="batch">Where the first job is.</param>
/// <param name="regions">Batch in a region that the chain has gone to.</param>
/// <param name="time">The clock.</param>
/// <param name="id">The first job.</param>
public sealed class ChainFollower(IAwsTransport batch, Func<string, IAwsTransport> regions, TimeProvider time, string id)
{
    private IAwsTransport _batch = batch;
    private long? _movedAt;
    private DateTimeOffset? _endSeenAt;

    /// <summary>
    /// How long after a job's end a successor is waited for: a host that moves jobs looks every few seconds, and another one takes over
    /// after a lease.
    /// </summary>
    public static TimeSpan Patience { get; } = 3 * ClaimBook.UsualLease;

    /// <summary>How long to wait before the next look.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The last job that is known of the chain.</summary>
    public string Id { get; private set; } = id;

    /// <summary>Its region; null for that of the first.</summary>
    public string? Region { get; private set; }

    /// <summary>What asks about that job.</summary>
    /// <param name="name">Its name.</param>
    public JobHandle Handle(string name) => new(_batch, time, Id, name);

    /// <summary>
    /// Whether a job was moved, or ended in a way that makes a host move it: its end is perhaps not that of its chain.
    /// </summary>
    /// <param name="job">The job.</param>
    public static bool MayContinue(JobDetail job)
    {
        JobObservation seen = JobObservation.Of(job);
        if (seen.MovedTo is not null) return true;
        // What a sweep moves only the sweep knows; it declares no claims.
        if (seen.LeavesFor is not null) return RegionMoves.Read(job.Tags) is { Next.Count: > 0, Claims: not null };
        return JobPolicy.Read(job.Tags) is { Claims: not null } policy && FallbackPolicy.NextQueue(policy, seen) is not null;
    }

    /// <summary>
    /// The last job of the chain as it is now; null if Batch does not know it. A successor is given the time in which a new job shows.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JobDetail?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            JobDetail? job = await Handle(Id).DescribeAsync(cancellationToken);
            if (job?.Tags?.GetValueOrDefault(JobPolicy.MovedToTag) is { Length: > 0 } successor)
            {
                if (job.Tags.GetValueOrDefault(RegionMoves.MovedToRegionTag) is { Length: > 0 } region)
                    (_batch, Region) = (regions(region), region);
                (Id, _movedAt, _endSeenAt) = (successor, time.GetTimestamp(), null);
                continue;
            }
            bool isHidden = job is null && _movedAt is { } moved && time.GetElapsedTime(moved) < JobHandle.Visible;
            if (!isHidden) return job;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Whether the chain is to be read again: the job has not ended, or is moved soon.</summary>
    /// <param name="job">The last job, as it was read.</param>
    public bool IsOpen(JobDetail job)
    {
        if (!JobStates.IsFinished(job.Status)) return true;
        if (!MayContinue(job)) return false;
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset ended = job.StoppedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : _endSeenAt ??= now;
        return now - ended <= Patience;
    }
}
