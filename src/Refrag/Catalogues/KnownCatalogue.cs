using Refrag.Scheduling.Catalogue;

namespace Refrag.Catalogues;

/// <summary>All instance types and prices that are known here. Immutable.</summary>
public sealed class KnownCatalogue
{
    internal KnownCatalogue(IReadOnlyList<RegionCatalogue> regions, IReadOnlyList<Problem> problems)
    {
        (Regions, Problems) = (regions, problems);
        // What a type is does not depend on the region; where two files differ, the later one knows better.
        InstanceType[] types = [.. regions.OrderByDescending(r => r.TakenAt).SelectMany(r => r.Types).DistinctBy(t => t.Name)];
        Types = InstanceCatalogue.Load().With(types);
        Prices = PriceTable.Load().With(regions.DistinctBy(r => r.Region).SelectMany(r => r.Prices));
    }

    /// <summary>The user's own, a region each; empty where none was ever read.</summary>
    public IReadOnlyList<RegionCatalogue> Regions { get; }

    /// <summary>Files that could not be read.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The types, of the project and of all regions' files.</summary>
    public InstanceCatalogue Types { get; }

    /// <summary>The prices; a region's own file counts more than the project's table.</summary>
    public PriceTable Prices { get; }
}
