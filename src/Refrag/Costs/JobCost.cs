using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Costs;

/// <summary>What a job has cost, as far as Batch reports it.</summary>
/// <param name="Usd">USD.</param>
/// <param name="Ran">How long, all attempts together; of an array or a multi-node job, all parts that were counted.</param>
/// <param name="Assumption">What is assumed, in a few words: Batch reports neither the instance type nor who shared the instance.</param>
public sealed record JobCost(decimal Usd, TimeSpan Ran, string Assumption);

/// <summary>What an hour of a job is assumed to cost.</summary>
/// <param name="Hourly">USD.</param>
/// <param name="Assumption">What is assumed, in a few words.</param>
public sealed record AssumedRate(decimal Hourly, string Assumption);

/// <summary>Costs of jobs on the environments of one queue.</summary>
/// <param name="environments">The queue's environments, in order.</param>
/// <param name="region">Whose prices count.</param>
/// <param name="catalogue">The instance types.</param>
/// <param name="prices">The prices.</param>
public sealed class JobCosting(
    IReadOnlyList<ComputeEnvironmentDetail> environments, string region, InstanceCatalogue catalogue, PriceTable prices)
{
    private readonly Dictionary<Requirement, AssumedRate?> _known = [];

    /// <summary>The cost so far; null if no type has a price or the job has not run.</summary>
    public JobCost? Of(JobDetail job, DateTimeOffset now)
    {
        TimeSpan ran = JobTimeline.Ran(job, now);
        if (ran <= TimeSpan.Zero) return null;
        Requirement needs = JobNeeds.Of(job);
        if (RateOf(needs) is not { } found) return null;
        int nodes = job.NodeProperties?.NumNodes ?? 1;
        return new JobCost(found.Hourly * (decimal)ran.TotalHours * nodes, ran * nodes, found.Assumption);
    }

    /// <summary>
    /// What an hour of a job, or of one node, is assumed to cost: on the cheapest host of the first environment that has one, at the share
    /// of it that the job takes. Null if no type has a price.
    /// </summary>
    public AssumedRate? RateOf(Requirement needs)
    {
        if (!_known.TryGetValue(needs, out AssumedRate? rate)) _known[needs] = rate = Rate(needs);
        return rate;
    }

    /// <summary>The prices of a type in the region; null if there are none.</summary>
    internal Price? PriceOf(string type) => prices.Find(type, region);

    /// <summary>An instance type; null if it is not known.</summary>
    internal InstanceType? TypeOf(string type) => catalogue.Find(type);

    private AssumedRate? Rate(Requirement needs)
    {
        foreach (ComputeEnvironmentDetail environment in environments)
        {
            bool spot = environment.ComputeResources?.Type == CRType.Spot;
            if (!Fit.Check(needs, environment.ComputeResources?.InstanceTypes ?? [], catalogue).TryGet(out Fit? fit, out _)) continue;
            (decimal Hourly, InstanceType Type, double Share, Price Price)? best = null;
            foreach (TypeFit host in fit.Hosts)
            {
                if (prices.Find(host.Type.Name, region) is not { } price
                    || (spot ? price.Spot ?? price.OnDemand : price.OnDemand) is not { } hourly) continue;
                double share = HostCost.ShareOf(needs, host.Type);
                if (best is null || hourly * (decimal)share < best.Value.Hourly) best = (hourly * (decimal)share, host.Type, share, price);
            }
            if (best is { } found)
            {
                string date = found.Price.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated";
                return new AssumedRate(found.Hourly, string.Create(CultureInfo.InvariantCulture,
                    $"assumed: {found.Share:P0} of a {found.Type.Name} {(spot ? "on Spot" : "on demand")}, {region} prices of {date}"));
            }
        }
        return null;
    }
}
