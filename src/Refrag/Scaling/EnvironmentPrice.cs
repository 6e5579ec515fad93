using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;

namespace Refrag.Scaling;

/// <summary>What a vCPU of a compute environment costs.</summary>
public static class EnvironmentPrice
{
    /// <summary>
    /// USD an hour of a vCPU on the dearest of its instance types, so that a maximum that is paid for is paid for whatever is launched;
    /// null if none of them has a price. Of a Spot environment the Spot price, as far as it is known.
    /// </summary>
    public static decimal? PerVCpuHour(ComputeEnvironment environment, InstanceCatalogue types, PriceTable prices)
    {
        if (!types.Resolve(environment.InstanceTypes).TryGet(out IReadOnlyList<InstanceType>? found, out _)) return null;
        return found.Select(type => Hourly(environment, prices.Find(type.Name, environment.Region)) / type.VCpus).Max();
    }

    private static decimal? Hourly(ComputeEnvironment environment, Price? price) =>
        environment.Kind is ComputeEnvironmentKind.Spot ? price?.Spot ?? price?.OnDemand : price?.OnDemand;
}
