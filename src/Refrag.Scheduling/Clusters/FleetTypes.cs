using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Clusters;

/// <summary>
/// The instance types of a fleet in the order of its allocation strategy. What AWS leaves open is assumed; see docs/concepts/scheduling.md.
/// </summary>
internal static class FleetTypes
{
    // The middle of each class of the Spot Instance Advisor; an unknown one counts as bad.
    private static readonly double[] s_interruptions = [0.25, 0.025, 0.075, 0.125, 0.175, 0.25];

    // More than any price of a vCPU; a thousandth of it is more than there are places.
    private const double Step = 1e6;

    public static FleetType[] Of(
        ComputeEnvironment model, IEnumerable<InstanceType> types, InstanceCatalogue catalogue, PriceTable prices)
    {
        Dictionary<string, int> places = Places(model, catalogue);
        return
        [
            .. types.Where(type => !type.IsMac
                && (model.Kind is not ComputeEnvironmentKind.Spot || (type.HasSpot && !IsAboveBid(type, model, prices))))
                .Select(type => new FleetType(
                    type, type.Usable, Rank(model, type, prices.Find(type.Name, model.Region), places.GetValueOrDefault(type.Name))))
                .OrderBy(type => type.Rank).ThenBy(type => type.Type.VCpus).ThenBy(type => type.Type.InstalledMiB)
                .ThenBy(type => type.Type.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether two types are as good by the strategy, so that the size decides.</summary>
    public static bool AreEqual(FleetType a, FleetType b) => Math.Abs(a.Rank - b.Rank) < 1e-9;

    /// <summary>The types that a fleet could have for a higher bid.</summary>
    public static IReadOnlyList<InstanceType> AboveBid(ComputeEnvironment model, IEnumerable<InstanceType> types, PriceTable prices) =>
        model.Kind is ComputeEnvironmentKind.Spot ? [.. types.Where(type => type.HasSpot && IsAboveBid(type, model, prices))] : [];

    // A price that is not known keeps no type out.
    private static bool IsAboveBid(InstanceType type, ComputeEnvironment model, PriceTable prices) =>
        prices.Find(type.Name, model.Region) is { OnDemand: { } onDemand, Spot: { } spot } && spot > onDemand * model.BidPercentage / 100;

    // Where each type stands in the list, for the strategies that go by it. A type that is named by itself stands where it is named, and
    // not where its family is. (API ComputeResource.allocationStrategy)
    private static Dictionary<string, int> Places(ComputeEnvironment model, InstanceCatalogue catalogue)
    {
        Dictionary<string, int> places = [];
        if (model.Strategy is not (AllocationStrategy.BestFitProgressiveOrdered or AllocationStrategy.SpotCapacityOptimizedPrioritized))
            return places;
        foreach ((int place, string name) in model.InstanceTypes.Index().OrderBy(one => catalogue.Find(one.Item) is null))
        {
            if (!catalogue.Resolve([name]).TryGet(out IReadOnlyList<InstanceType>? types, out _)) continue;
            foreach (InstanceType type in types) places.TryAdd(type.Name, place);
        }
        return places;
    }

    private static double Rank(ComputeEnvironment model, InstanceType type, Price? price, int place)
    {
        decimal? hour = model.Kind is ComputeEnvironmentKind.Spot ? price?.Spot : price?.OnDemand;
        // Types without a price stand behind those with one, and among themselves by size.
        double perHour = hour is { } known ? (double)known : 1000 + type.VCpus;
        double perVCpu = hour is null ? 1000 : Math.Round(perHour / type.VCpus, 5);
        return model.Strategy switch
        {
            AllocationStrategy.BestFit => perHour,
            AllocationStrategy.SpotCapacityOptimized => s_interruptions[(int)(price?.Interruption ?? InterruptionClass.Unknown)],
            AllocationStrategy.SpotPriceCapacityOptimized =>
                perVCpu * (1 + s_interruptions[(int)(price?.Interruption ?? InterruptionClass.Unknown)]),
            AllocationStrategy.BestFitProgressive => perVCpu,
            AllocationStrategy.BestFitProgressiveOrdered => (place * Step) + perVCpu,
            AllocationStrategy.SpotCapacityOptimizedPrioritized =>
                (s_interruptions[(int)(price?.Interruption ?? InterruptionClass.Unknown)] * Step) + place,
            _ => throw new InvalidOperationException($"There is no order of types for {model.Strategy}."),
        };
    }
}
