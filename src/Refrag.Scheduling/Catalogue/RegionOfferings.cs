using System.Collections.Frozen;

namespace Refrag.Scheduling.Catalogue;

/// <summary>Which instance types each region offers, as far as it is known. Immutable.</summary>
public sealed class RegionOfferings
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _regions;
    private readonly FrozenSet<string> _known;

    private RegionOfferings(IEnumerable<(string Name, string[] Regions)> rows)
    {
        _regions = rows.ToFrozenDictionary(
            row => row.Name, row => row.Regions.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        _known = _regions.Values.SelectMany(regions => regions).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The table that the project carries; its source and date stand in its first lines.</summary>
    public static RegionOfferings Load() => Parse(Csv.Resource("offerings.csv"));

    /// <summary>
    /// Reads a table with the columns name, regions: a type or a family, and regions between spaces. A type's own row counts before that
    /// of its family.
    /// </summary>
    public static RegionOfferings Parse(string csv) => new(Csv.Rows(csv).Select(cells =>
        (cells[0], cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    /// <summary>Whether a region offers a type; of a region that is not in the table every type is taken to be offered.</summary>
    public bool Offers(string region, InstanceType type) =>
        !_known.Contains(region)
        || (_regions.GetValueOrDefault(type.Name) ?? _regions.GetValueOrDefault(type.Family))?.Contains(region) == true;
}
