using Refrag.History;

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

    /// <summary>Of it, what AWS's bill allocates to their tasks.</summary>
    public decimal BilledUsd { get; set; }

    /// <summary>Of it, what was computed from the instances that they ran on.</summary>
    public decimal MeasuredUsd { get; set; }

    /// <summary>Of it, what attempts that failed have cost.</summary>
    public decimal FailedUsd { get; set; }

    /// <summary>How many jobs ran but have no price.</summary>
    public int Unpriced { get; set; }

    /// <summary>How many jobs Batch does not know any more, and the history does.</summary>
    public int Remembered { get; set; }

    /// <summary>
    /// Whether the amount is <c>billed</c>, <c>measured</c> or <c>assumed</c>, with each one's part where it is several; <c>unknown</c>
    /// where nothing has a price, <c>none</c> where nothing ran.
    /// </summary>
    public string Basis => CostBasis.Of(BilledUsd, MeasuredUsd, Usd - BilledUsd - MeasuredUsd, Unpriced > 0);
}

/// <summary>Adds up what jobs have cost, by a tag or by queue. Holds one entry a group, however many jobs there are.</summary>
/// <param name="by"><c>queue</c>, or the name of a tag (<c>app</c>, <c>user</c>).</param>
/// <param name="now">For jobs that still run.</param>
public sealed class CostReport(string by, DateTimeOffset now)
{
    private readonly Dictionary<string, CostGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The groups, the dearest first.</summary>
    public IReadOnlyList<CostGroup> Groups => [.. _groups.Values.OrderByDescending(g => g.Usd).ThenBy(g => g.Key, StringComparer.Ordinal)];

    /// <summary>Where prices come from, and what was assumed for them, each once.</summary>
    public SortedSet<string> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>What all groups together rest on.</summary>
    public string Basis => CostBasis.Of(
        _groups.Values.Sum(g => g.BilledUsd), _groups.Values.Sum(g => g.MeasuredUsd),
        _groups.Values.Sum(g => g.Usd - g.BilledUsd - g.MeasuredUsd), _groups.Values.Any(g => g.Unpriced > 0));

    /// <summary>Counts a job.</summary>
    /// <param name="job">A job of one container, a multi-node job, or one child of an array.</param>
    /// <param name="costing">The costs on its queue.</param>
    /// <param name="isRemembered">Whether Batch does not know it any more; if it ran still when it was last seen, it counts until
    /// then.</param>
    public void Add(RecordedJob job, RecordedCosting costing, bool isRemembered = false)
    {
        DateTimeOffset until = isRemembered ? job.SeenAt : now;
        string key = by == "queue" ? job.Queue : job.Tags.GetValueOrDefault(by) ?? "(none)";
        if (!_groups.TryGetValue(key, out CostGroup? group)) _groups[key] = group = new CostGroup { Key = key };
        RecordedCost cost = costing.Of(job, until);
        group.Jobs++;
        if (isRemembered) group.Remembered++;
        group.Attempts += job.OfJob.Count();
        group.Ran += new TimeSpan(job.OfJob.Sum(attempt => attempt.Ran(until).Ticks));
        group.Usd += cost.Usd;
        group.BilledUsd += cost.BilledUsd;
        group.MeasuredUsd += cost.MeasuredUsd;
        group.FailedUsd += cost.FailedUsd;
        if (cost.HasUnpriced) group.Unpriced++;
        Sources.UnionWith(cost.Sources);
    }
}
