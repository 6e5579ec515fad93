using Refrag.Scheduling.Catalogue;

namespace Refrag.Catalogues;

/// <summary>All instance types and prices that are known here. Immutable.</summary>
public sealed class KnownCatalogue
{
    internal KnownCatalogue(IReadOnlyList<RegionCatalogue> regions, IReadOnlyList<Problem> problems) =>
        (Regions, Problems) = (regions, problems);

    /// <summary>The user's own, a region each; empty where none was ever read.</summary>
    public IReadOnlyList<RegionCatalogue> Regions { get; }

    /// <summary>Files that could not be read.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The types, of the project and of all regions' files.</summary>
    // What a type is does not depend on the region; where two files differ, the later one knows better.
    public InstanceCatalogue Types => field ??= Regions.Count == 0
        ? InstanceCatalogue.Load()
        : InstanceCatalogue.Load().With(Regions.OrderByDescending(r => r.TakenAt).SelectMany(r => r.Types).DistinctBy(t => t.Name));

    /// <summary>
    /// The types. Only those that a region offers are suggested: as its own file says, else as the project's table does.
    /// </summary>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    public InstanceCatalogue TypesIn(string region)
    {
        if (Regions.FirstOrDefault(r => r.Region == region) is { } own)
        {
            HashSet<string> names = [.. own.Types.Select(t => t.Name)];
            return Types.Offering(type => names.Contains(type.Name));
        }
        return Types.Offering(type => RegionOfferings.Load().Offers(region, type));
    }

    /// <summary>
    /// Which types a region is known not to offer: as its own file says, else as the project's table does. What neither knows is not
    /// excluded.
    /// </summary>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    public Predicate<InstanceType> ExcludedIn(string region)
    {
        if (Regions.FirstOrDefault(r => r.Region == region) is not { } own) return type => RegionOfferings.Load().Excludes(region, type);
        HashSet<string> names = [.. own.Types.Select(t => t.Name)];
        return type => !names.Contains(type.Name);
    }

    /// <summary>The prices; a region's own file counts more than the project's table.</summary>
    public PriceTable Prices => field ??= Regions.Count == 0
        ? PriceTable.Load()
        : PriceTable.Load().With(Regions.DistinctBy(r => r.Region).SelectMany(r => r.Prices));

    /// <summary>Whether a price of a region is known.</summary>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    // The project's table has prices of its default region, and need not be read for that.
    public bool HasPricesOf(string region) => (Regions.Count == 0 && region == PriceTable.DefaultRegion)
        || Prices.Prices.Any(price => price.Region == region && (price.OnDemand ?? price.Spot) is not null);
}
