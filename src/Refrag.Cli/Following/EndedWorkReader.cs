using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;

namespace Refrag.Cli.Following;

/// <summary>A job of Batch that was followed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Last">As it was last seen; null if it was not.</param>
/// <param name="Children">The children of an array that count; null for all.</param>
internal sealed record FollowedJob(string Id, string Name, JobDetail? Last, IReadOnlySet<int>? Children = null);

/// <summary>How many jobs there are of each kind.</summary>
internal sealed record WorkCounts(int Succeeded, int Failed, int Unfinished, int Unknown);

/// <summary>Reads from Batch how work ended.</summary>
/// <param name="context">The process.</param>
/// <param name="batch">Where the jobs are.</param>
/// <param name="endpoint">Where that is, as the history names it; null if the jobs cost nothing, because they run on this machine.</param>
/// <param name="region">Whose prices count.</param>
internal sealed class EndedWorkReader(CliContext context, IAwsTransport batch, string? endpoint, string region)
{
    private const int MostIds = 100;

    /// <summary>Reads the parts of all jobs and what they cost.</summary>
    /// <param name="jobs">The jobs, one at least, in the order in which they are named.</param>
    /// <param name="exitCode">What the command returns for them.</param>
    /// <param name="counts">How many there are, if a sweep knows; null to count them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EndedWork> ReadAsync(
        IReadOnlyList<FollowedJob> jobs, int exitCode, WorkCounts? counts, CancellationToken cancellationToken)
    {
        List<JobDetail> parts = [];
        int unknown = 0;
        foreach (FollowedJob job in jobs)
        {
            IReadOnlyList<JobDetail> known = await PartsAsync(job, cancellationToken) ?? [];
            parts.AddRange(known);
            // Batch leaves out what it does not know.
            unknown += Math.Max(0, Expected(job) - known.Count);
        }
        counts ??= new WorkCounts(
            parts.Count(part => part.Status == JobStatus.Succeeded), parts.Count(part => part.Status == JobStatus.Failed),
            parts.Count(part => !JobStates.IsFinished(part.Status)), unknown);
        CostReport? report = await CostAsync(parts, cancellationToken);
        bool isPriced = report?.Groups.Any(group => group.Usd > 0) == true;
        return Of(jobs, counts, exitCode) with
        {
            Reason = parts.Find(part => part.Status == JobStatus.Failed)?.StatusReason is { Length: > 0 } reason ? reason : null,
            Seconds = Seconds(parts, counts.Unfinished > 0),
            UsdAtLeast = isPriced ? JsonOutput.Rounded(report!.Groups.Sum(group => group.Usd)) : null,
            CostBasis = isPriced ? report!.Basis : null,
            Unpriced = report?.Groups.Sum(group => group.Unpriced),
        };
    }

    /// <summary>What can be said of jobs that Batch could not be asked about.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="exitCode">What the command returns for them.</param>
    /// <param name="counts">How many there are, if a sweep knows; null if of none anything is known.</param>
    /// <param name="reason">Why not.</param>
    public static EndedWork Unknown(IReadOnlyList<FollowedJob> jobs, int exitCode, WorkCounts? counts, string reason) =>
        Of(jobs, counts ?? new WorkCounts(0, 0, 0, jobs.Count), exitCode) with { Reason = reason };

    private static EndedWork Of(IReadOnlyList<FollowedJob> jobs, WorkCounts counts, int exitCode)
    {
        int names = jobs.Select(job => job.Name).Distinct(StringComparer.Ordinal).Count();
        return new EndedWork
        {
            Name = jobs[0].Name,
            OtherNames = names > 1 ? names - 1 : null,
            JobIds = [.. jobs.Select(job => job.Id).Take(MostIds)],
            Jobs = counts.Succeeded + counts.Failed + counts.Unfinished + counts.Unknown,
            Succeeded = counts.Succeeded,
            Failed = counts.Failed,
            Unfinished = counts.Unfinished,
            Unknown = counts.Unknown,
            ExitCode = exitCode,
        };
    }

    // How many jobs count for one.
    private static int Expected(FollowedJob job) =>
        job.Children?.Count ?? (job.Last?.ArrayProperties?.Size is { } size and > 0 ? size : 1);

    // Null if they are not known: the job itself, or the children of an array.
    private async Task<IReadOnlyList<JobDetail>?> PartsAsync(FollowedJob job, CancellationToken cancellationToken)
    {
        if (job.Last is not { } last) return null;
        if (last.ArrayProperties?.Size is not > 0) return [last];
        try
        {
            IReadOnlyList<JobDetail> children =
                await new JobHandle(batch, context.Time, job.Id, job.Name).PartsAsync(last, int.MaxValue, cancellationToken);
            return [.. children.Where(child => job.Children is not { } wanted || wanted.Contains(NumberOf(child.JobId)))];
        }
        catch (AwsException)
        {
            return null;
        }
    }

    /// <summary>The number of an array's child, which stands behind the colon of its id.</summary>
    public static int NumberOf(string childId) =>
        int.TryParse(childId.AsSpan(childId.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : -1;

    // What the environments are may be hidden from the one who follows: then the cost is not known, and nothing else is lost.
    private async Task<CostReport?> CostAsync(IReadOnlyList<JobDetail> parts, CancellationToken cancellationToken)
    {
        if (endpoint is null) return null;
        try
        {
            DateTimeOffset now = context.Time.GetUtcNow();
            CostReport report = new("queue", now);
            using HistoryStore? history = UserHistory.OpenToRead(context);
            KnownCosts costs = new(new QueueCostings(context, batch, region), endpoint, history);
            foreach (JobDetail part in await AskedNodes.ReadAsync(batch, parts, cancellationToken))
                report.Add(costs.Recall(part, now), await costs.OnAsync(part.JobQueue, cancellationToken));
            return report;
        }
        catch (AwsException)
        {
            return null;
        }
    }

    private double? Seconds(IReadOnlyList<JobDetail> parts, bool isUnfinished)
    {
        long[] begun = [.. parts.Select(part => part.CreatedAt ?? 0).Where(at => at > 0)];
        long[] ended = [.. parts.Select(part => part.StoppedAt ?? 0).Where(at => at > 0)];
        if (begun.Length == 0 || (ended.Length == 0 && !isUnfinished)) return null;
        long last = isUnfinished ? context.Time.GetUtcNow().ToUnixTimeMilliseconds() : ended.Max();
        return Math.Max(0, last - begun.Min()) / 1000.0;
    }
}
