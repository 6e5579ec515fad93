using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Tests.Clusters;

/// <summary>The order in which a fleet wants its types. (API ComputeResource.allocationStrategy)</summary>
public sealed class FleetTypesTests
{
    [Theory]
    // A family's sizes by price and then size; a type that is named by itself is where it is named, before or behind its family.
    [InlineData("m5.4xlarge m5.large", "m5.4xlarge m5.large")]
    [InlineData("r5.large m5.4xlarge", "r5.large m5.4xlarge")]
    [InlineData("m5.4xlarge m5 r5.large", "m5.4xlarge m5.large m5.xlarge")]
    [InlineData("m5.xlarge r5.large m5.large m5", "m5.xlarge r5.large m5.large m5.2xlarge")]
    public void BestFitProgressiveOrdered_OfAList_KeepsItsOrder(string list, string first)
    {
        ComputeEnvironment fleet = Worlds.Fleet("f", 64, list.Split(' ')) with { Strategy = AllocationStrategy.BestFitProgressiveOrdered };
        Assert.StartsWith(first, Order(fleet), StringComparison.Ordinal);
    }

    [Fact]
    public void BestFitProgressiveOrdered_OfATypeBehindItsFamily_TakesItOutOfTheFamily()
    {
        ComputeEnvironment fleet =
            Worlds.Fleet("f", 64, "m5", "r5.large", "m5.large") with { Strategy = AllocationStrategy.BestFitProgressiveOrdered };
        Assert.EndsWith("r5.large m5.large", Order(fleet), StringComparison.Ordinal);
    }

    [Fact]
    public void SpotCapacityOptimizedPrioritized_OfTypes_PutsCapacityBeforeTheOrder()
    {
        InstanceType[] types = [.. Tables.Types.Types.Where(type => type.HasSpot && Interruption(type) is not null)];
        InstanceType often = types.MaxBy(Interruption)!;
        InstanceType rare = types.MinBy(Interruption)!;
        InstanceType alike = types.First(type => Interruption(type) == Interruption(rare) && type.Name != rare.Name);
        Assert.NotEqual(Interruption(often), Interruption(rare));

        ComputeEnvironment fleet = Worlds.Spot("f", 64, often.Name, alike.Name, rare.Name) with
        {
            Strategy = AllocationStrategy.SpotCapacityOptimizedPrioritized,
        };

        Assert.Equal($"{alike.Name} {rare.Name} {often.Name}", Order(fleet));
    }

    private static InterruptionClass? Interruption(InstanceType type) =>
        Tables.Prices.Find(type.Name, PriceTable.DefaultRegion)?.Interruption is { } known and not InterruptionClass.Unknown ? known : null;

    private static string Order(ComputeEnvironment fleet)
    {
        Assert.True(Tables.Types.Resolve(fleet.InstanceTypes).TryGet(out IReadOnlyList<InstanceType>? types, out _));
        return string.Join(' ', FleetTypes.Of(fleet, types, Tables.Types, Tables.Prices).Select(type => type.Type.Name));
    }
}
