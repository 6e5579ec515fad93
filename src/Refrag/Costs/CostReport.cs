using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Costs;

/// <summary>What jobs of one kind have cost together.</summary>
public sealed record CostGroup
{
    /// <summary>The tag's value, the queue, the app or the user; <c>(none)</c> for jobs without.</summary>
    public required string Key { get; init; }

    /// <summary>How many jobs.</summary>
    public int Jobs { get; set; }

    /// <summary>How many attempts.</summary>
    public int Attempts { get; set; }

    /// <summary>How long they ran, all attempts together.</summary>
    public TimeSpan Ran { get; set; }

    /// <summary>USD.</summary>
    public decimal Usd { get; set; }

    /// <summary>Of it, what attempts that failed have cost.</summary>
    public decimal FailedUsd { get; set; }

    /// <summary>How many jobs ran but have no price.</summary>
    public int Unpriced { get; set; }
}

/// <summary>Adds up what jobs have cost, by a tag or by queue. Holds one entry a group, however many jobs there are.</summary>
/// <param name="by"><c>queue</c>, or the name of a tag (<c>app</c>, <c>user</c>).</param>
/// <param name="now">For jobs that still run.</param>
public sealed class CostReport(string by, DateTimeOffset now)
{
    private readonly Dictionary<string, CostGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The groups, the dearest first.</summary>
    public IReadOnlyList<CostGroup> Groups => [.. _groups.Values.OrderByDescending(g => g.Usd).ThenBy(g => g.Key, StringComparer.Ordinal)];

    /// <summary>What was assumed for prices, each once.</summary>
    public SortedSet<string> Assumptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts a job: a job of one container, a multi-node job, or one child of an array.</summary>
    public void Add(JobDetail job, JobCosting costing)
    {
        string key = by == "queue" ? AwsNames.Short(job.JobQueue) : job.Tags?.GetValueOrDefault(by) ?? "(none)";
        if (!_groups.TryGetValue(key, out CostGroup? group)) _groups[key] = group = new CostGroup { Key = key };
        group.Jobs++;
        group.Attempts += Math.Max(job.Attempts?.Count ?? 0, job.StartedAt is > 0 ? 1 : 0);
        TimeSpan ran = JobTimeline.Ran(job, now);
        group.Ran += ran;
        if (costing.Of(job, now) is not { } cost)
        {
            if (ran > TimeSpan.Zero) group.Unpriced++;
            return;
        }
        group.Usd += cost.Usd;
        Assumptions.Add(cost.Assumption);
        group.FailedUsd += cost.Usd * FailedPart(job);
    }

    // The part of the time that went into attempts that did not succeed.
    private static decimal FailedPart(JobDetail job)
    {
        IReadOnlyList<AttemptDetail> attempts = job.Attempts ?? [];
        if (attempts.Count == 0) return job.Status == JobStatus.Failed ? 1 : 0;
        static long Ran(AttemptDetail a) => Math.Max(0, (a.StoppedAt ?? 0) - (a.StartedAt ?? a.StoppedAt ?? 0));
        long all = attempts.Sum(Ran);
        long good = job.Status == JobStatus.Succeeded ? Ran(attempts[^1]) : 0;
        return all == 0 ? 0 : (decimal)(all - good) / all;
    }
}
