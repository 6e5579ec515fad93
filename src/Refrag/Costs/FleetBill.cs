using Refrag.Aws.Batch;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Costs;

/// <summary>What the instances of simulated fleets cost whole, from launch to end: what a report of jobs can be compared with.</summary>
/// <param name="Usd">USD, of the instances that have a price.</param>
/// <param name="Hours">Hours of instances, those without a price too.</param>
/// <param name="Unpriced">Types without a price.</param>
public sealed record FleetBill(decimal Usd, double Hours, IReadOnlyList<string> Unpriced)
{
    /// <summary>Prices what a fleet has taken.</summary>
    public static FleetBill Of(IReadOnlyList<FleetUsageLine> usage, string region, PriceTable prices)
    {
        (FleetUsageLine Line, decimal? Hourly)[] lines = [.. usage.Select(line => (line, Hourly(line, region, prices)))];
        return new FleetBill(
            lines.Sum(l => (l.Hourly ?? 0) * (decimal)l.Line.Hours), usage.Sum(l => l.Hours),
            [.. lines.Where(l => l.Hourly is null).Select(l => l.Line.Type).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>What the fleet cost beyond its jobs, in USD: idle time, start-up and jobs that were not counted; never below 0.</summary>
    /// <param name="jobs">What the jobs cost by their shares, in USD.</param>
    public decimal Beyond(decimal jobs) => Math.Max(0, Usd - jobs);

    private static decimal? Hourly(FleetUsageLine line, string region, PriceTable prices) =>
        prices.Find(line.Type, region) is { } price ? line.IsSpot ? price.Spot ?? price.OnDemand : price.OnDemand : null;
}
