namespace Refrag.Scheduling.Catalogue;

/// <summary>Which instance types each region offers, as far as it is known. Immutable.</summary>
public sealed class RegionOfferings
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Lazy<RegionOfferings> s_carried = new(() => Parse(Csv.Resource("offerings.csv")));

    private readonly Dictionary<string, char> _letters;
    private readonly Dictionary<string, string> _offered;

    private RegionOfferings(Dictionary<string, char> letters, Dictionary<string, string> offered) =>
        (_letters, _offered) = (letters, offered);

    /// <summary>The regions that are known.</summary>
    public IReadOnlyCollection<string> Regions => _letters.Keys;

    /// <summary>The table that the project carries; its source and date stand in its first lines.</summary>
    public static RegionOfferings Load() => s_carried.Value;

    // The first row has the regions, and each other row a type or a family with a letter for each region: a for the first. A type's own row
    // counts before that of its family.
    private static RegionOfferings Parse(string csv)
    {
        string[][] rows = [.. Csv.Rows(csv)];
        return new RegionOfferings(
            rows[0][1].Split(' ').Index().ToDictionary(one => one.Item, one => Letters[one.Index], StringComparer.Ordinal),
            rows.Skip(1).ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal));
    }

    /// <summary>
    /// Whether a region is known not to offer a type: the table has both. A type that stands in no row, as a new one or one of the past, is
    /// not excluded.
    /// </summary>
    public bool Excludes(string region, InstanceType type) =>
        _letters.TryGetValue(region, out char letter) && Row(type) is { } row && !row.Contains(letter, StringComparison.Ordinal);

    /// <summary>Whether a region offers a type; of a region that is not in the table every type is taken to be offered.</summary>
    public bool Offers(string region, InstanceType type) =>
        !_letters.TryGetValue(region, out char letter) || Row(type)?.Contains(letter, StringComparison.Ordinal) == true;

    private string? Row(InstanceType type) => _offered.GetValueOrDefault(type.Name) ?? _offered.GetValueOrDefault(type.Family);
}
