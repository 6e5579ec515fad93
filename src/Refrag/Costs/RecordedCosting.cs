using System.Globalization;
using Refrag.History;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Costs;

/// <summary>What a job has cost, by what is known of its parts: attempts, and of a multi-node job each node of an attempt.</summary>
public sealed record RecordedCost
{
    /// <summary>USD that AWS's bill allocates to its tasks.</summary>
    public decimal BilledUsd { get; init; }

    /// <summary>USD of parts whose instance was measured.</summary>
    public decimal MeasuredUsd { get; init; }

    /// <summary>USD of parts whose instance is assumed.</summary>
    public decimal AssumedUsd { get; init; }

    /// <summary>Of all of it, what attempts that failed have cost.</summary>
    public decimal FailedUsd { get; init; }

    /// <summary>Whether some part ran and has no price.</summary>
    public bool HasUnpriced { get; init; }

    /// <summary>Where the figures come from, each once, in a few words.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>All of it.</summary>
    public decimal Usd => BilledUsd + MeasuredUsd + AssumedUsd;

    /// <summary>What it rests on: a word of <see cref="CostBasis"/>, or several with their parts.</summary>
    public string Basis => CostBasis.Of(BilledUsd, MeasuredUsd, AssumedUsd, HasUnpriced);
}

/// <summary>
/// Costs of jobs of one queue from what the history knows: billed, measured or assumed, part by part. A measured part costs its time at its
/// share of the instance that it ran on, at the price of that type and market.
/// </summary>
/// <param name="queue">What is assumed where nothing is known.</param>
/// <param name="bill">AWS's bill; null if it is not at hand.</param>
public sealed class RecordedCosting(JobCosting queue, SplitBill? bill = null)
{
    /// <summary>What a job has cost until a time.</summary>
    public RecordedCost Of(RecordedJob job, DateTimeOffset now)
    {
        RecordedCost cost = new();
        HashSet<string> sources = new(StringComparer.Ordinal);
        foreach ((_, RecordedCost one) in Each(job, now))
        {
            cost = Sum(cost, one);
            sources.UnionWith(one.Sources);
        }
        return cost with { Sources = [.. sources] };
    }

    /// <summary>What each part of a job has cost until a time: its attempts, and of a multi-node job each node of them.</summary>
    internal IEnumerable<(RecordedAttempt Part, RecordedCost Cost)> Each(RecordedJob job, DateTimeOffset now)
    {
        foreach (RecordedAttempt part in Parts(job))
        {
            if (part.Ran(now) <= TimeSpan.Zero) continue;
            (RecordedCost one, string source) = Of(job, part, now);
            yield return (part, one with { FailedUsd = part.HasFailed == true ? one.Usd : 0, Sources = [source] });
        }
    }

    // Each node of a multi-node job is a part of its own: as it was recorded, or as long as the attempt of the job where it was not.
    private static IEnumerable<RecordedAttempt> Parts(RecordedJob job)
    {
        if (job.Needs.Nodes <= 1 || job.IsNode) return job.OfJob;
        var nodes = job.Attempts.Where(a => a.Node != RecordedAttempt.WholeJob).ToDictionary(a => (a.Node, a.Number));
        return job.OfJob.SelectMany(attempt => Enumerable.Range(0, job.Needs.Nodes).Select(node =>
            nodes.TryGetValue((node, attempt.Number), out RecordedAttempt? own)
                // A node that was last seen while it ran has ended with its job.
                ? own with { HasFailed = attempt.HasFailed, StoppedAt = own.StoppedAt ?? attempt.StoppedAt }
                : attempt with { Node = node, Instance = null, Task = null }));
    }

    private (RecordedCost, string) Of(RecordedJob job, RecordedAttempt part, DateTimeOffset now)
    {
        if (bill?.Of(part) is { } billed) return (new RecordedCost { BilledUsd = billed }, "billed: AWS's split cost allocation data");
        decimal hours = (decimal)part.Ran(now).TotalHours;
        if (part.Instance is { } instance && queue.TypeOf(instance.Type) is { } type && HourlyOf(part, instance) is { } price)
        {
            decimal share = (decimal)HostCost.ShareOf(job.Needs, type);
            return (new RecordedCost { MeasuredUsd = hours * share * price.Usd }, price.Source);
        }
        return job.Platform == HostPlatform.Ec2 && queue.RateOf(job.Needs) is { } rate
            ? (new RecordedCost { AssumedUsd = hours * rate.Hourly }, rate.Assumption)
            : (new RecordedCost { HasUnpriced = true }, Unpriced(job.Platform));
    }

    private (decimal Usd, string Source)? HourlyOf(RecordedAttempt part, HostInstance instance)
    {
        Price? listed = queue.PriceOf(instance.Type);
        string date = listed?.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated";
        return instance.Market switch
        {
            HostInstance.Spot when part.SpotUsd is { } usd => (usd, $"measured: {instance.Type} on Spot, the Spot price of its zone then"),
            HostInstance.Spot when listed?.Spot is { } usd => (usd, $"measured: {instance.Type} on Spot, Spot price of the list of {date}"),
            HostInstance.OnDemand when listed?.OnDemand is { } usd => (usd, $"measured: {instance.Type} on demand, list price of {date}"),
            // A capacity block is paid beforehand, and a reservation by other rules.
            _ => null,
        };
    }

    private static string Unpriced(HostPlatform platform) => platform switch
    {
        HostPlatform.Fargate => "unknown: Fargate has no instance to ask for, and its prices are not in the table",
        HostPlatform.Eks => "unknown: the nodes of an EKS cluster are not ECS's",
        _ => "unknown: no instance type of the queue that can host the job has a price",
    };

    private static RecordedCost Sum(RecordedCost a, RecordedCost b) => new()
    {
        BilledUsd = a.BilledUsd + b.BilledUsd,
        MeasuredUsd = a.MeasuredUsd + b.MeasuredUsd,
        AssumedUsd = a.AssumedUsd + b.AssumedUsd,
        FailedUsd = a.FailedUsd + b.FailedUsd,
        HasUnpriced = a.HasUnpriced || b.HasUnpriced,
    };
}
