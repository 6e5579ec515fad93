using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Costs;

/// <summary>What an hour of a job is assumed to cost: Batch reports neither the instance type nor who shared the instance.</summary>
/// <param name="Hourly">USD.</param>
/// <param name="Assumption">What is assumed, in a few words.</param>
public sealed record AssumedRate(decimal Hourly, string Assumption);

/// <summary>What is assumed of jobs on the environments of one queue, as long as their instances are not known.</summary>
/// <param name="environments">The queue's environments, in order.</param>
/// <param name="region">Whose prices count.</param>
/// <param name="catalogue">The instance types.</param>
/// <param name="prices">The prices.</param>
public sealed class JobCosting(
    IReadOnlyList<ComputeEnvironmentDetail> environments, string region, InstanceCatalogue catalogue, PriceTable prices)
{
    private readonly Dictionary<Requirement, AssumedRate?> _known = [];

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
