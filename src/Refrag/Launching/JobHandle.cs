using System.Globalization;
using System.Runtime.CompilerServices;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Launching;

/// <summary>A job that was submitted.</summary>
/// <param name="transport">Where it was submitted.</param>
/// <param name="time">The clock that paces the questions.</param>
/// <param name="id">The job's id.</param>
/// <param name="name">The job's name.</param>
public sealed class JobHandle(IAwsTransport transport, TimeProvider time, string id, string name)
{
    // (UG service_limits)
    private const int DescribedAtOnce = 100;

    /// <summary>
    /// How long a new job may not be known yet. Batch promises no time; this is far longer than was ever seen.
    /// </summary>
    public static TimeSpan Visible { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The job's id.</summary>
    public string Id { get; } = id;

    /// <summary>The job's name.</summary>
    public string Name { get; } = name;

    /// <summary>What Batch says of the job now; null if it does not know the job, not yet or no longer.</summary>
    public async Task<JobDetail?> DescribeAsync(CancellationToken cancellationToken)
    {
        DescribeJobsResponse answer = await transport.SendAsync(
            BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [Id] }, cancellationToken);
        return answer.Jobs is [{ } job, ..] ? job : null;
    }

    /// <summary>
    /// The job as it is each time it is asked for, from now to its end, which comes last. Ends early where Batch does not know the job: a
    /// new one may take a minute to be seen.
    /// </summary>
    /// <param name="pace">How often to ask.</param>
    /// <param name="cancellationToken">Stops watching; the job keeps running.</param>
    public async IAsyncEnumerable<JobDetail> WatchAsync(PollPace pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WatchedJobs watched = new(transport, time, [Id]);
        await foreach (IReadOnlyList<JobDetail> now in watched.WatchAsync(pace, Visible, cancellationToken)) yield return now[0];
    }

    /// <summary>
    /// The parts of a job that have logs of their own: the children of an array, the nodes of a multi-node job, else the job itself.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="most">The most parts to return.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public async Task<IReadOnlyList<JobDetail>> PartsAsync(JobDetail job, int most, CancellationToken cancellationToken)
    {
        int children = job.ArrayProperties?.Size ?? 0;
        int nodes = job.NodeProperties?.NumNodes ?? 0;
        if (children == 0 && nodes == 0) return [job];
        (char mark, int count) = children > 0 ? (':', children) : ('#', nodes);
        string[] ids = [.. Enumerable.Range(0, Math.Min(count, most))
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{Id}{mark}{i}"))];
        List<JobDetail> parts = [];
        foreach (string[] some in ids.Chunk(DescribedAtOnce))
        {
            DescribeJobsResponse answer = await transport.SendAsync(
                BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = some }, cancellationToken);
            parts.AddRange(answer.Jobs ?? []);
        }
        return parts;
    }

    /// <summary>A reader of the job's log, from all attempts, children and nodes.</summary>
    public JobLogs.JobLogReader Log(IAwsTransport logs, JobLogs.LogChoice choice) => new(transport, logs, time, choice);

    /// <summary>Whether anything changed that is worth a question soon.</summary>
    internal static bool Differs(JobDetail a, JobDetail b) =>
        a.Status != b.Status
        || a.StatusReason != b.StatusReason
        || a.Attempts?.Count != b.Attempts?.Count
        || !SameSummary(a.ArrayProperties?.StatusSummary, b.ArrayProperties?.StatusSummary);

    private static bool SameSummary(IReadOnlyDictionary<string, int>? a, IReadOnlyDictionary<string, int>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a is null || a.All(entry => b!.TryGetValue(entry.Key, out int n) && n == entry.Value));
}

/// <summary>How often to ask for a job: often while it changes, seldom while it does not.</summary>
/// <param name="First">The wait after a change.</param>
/// <param name="Longest">The longest wait.</param>
public sealed record PollPace(TimeSpan First, TimeSpan Longest)
{
    private const double Growth = 1.5;

    /// <summary>For AWS: 1 s after a change, 15 s at most, far below the account's 50 requests a second.</summary>
    public static PollPace Remote { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

    /// <summary>For an engine in another process of this machine.</summary>
    public static PollPace ThisMachine { get; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));

    /// <summary>For the engine in this process, where a question costs next to nothing.</summary>
    public static PollPace InProcess { get; } = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100));

    internal TimeSpan After(TimeSpan wait) => TimeSpan.FromTicks(Math.Min((long)(wait.Ticks * Growth), Longest.Ticks));
}
