namespace Refrag.Scheduling.Catalogue;

/// <summary>Which instance types each region offers, as far as it is known. Immutable.</summary>
public sealed class RegionOfferings
{
<<<<<<< HEAD
    private const int MostRegions = 64;

    // A bit for each region: sets of names would take a hundred times as much.
    private readonly FrozenDictionary<string, ulong> _rows;
    private readonly Dictionary<string, ulong> _bits = new(StringComparer.Ordinal);

    private RegionOfferings(IEnumerable<(string Name, string[] Regions)> rows) => _rows = rows.ToFrozenDictionary(
        row => row.Name, row => row.Regions.Aggregate(0UL, (set, region) => set | BitOf(region)), StringComparer.Ordinal);
=======
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Lazy<RegionOfferings> s_carried = new(() => Parse(Csv.Resource("offerings.csv")));

    private readonly Dictionary<string, char> _letters;
    private readonly Dictionary<string, string> _offered;

    private RegionOfferings(Dictionary<string, char> letters, Dictionary<string, string> offered) =>
        (_letters, _offered) = (letters, offered);

    /// <summary>The regions that are known.</summary>
    public IReadOnlyCollection<string> Regions => _letters.Keys;
>>>>>>> b2494269f8708f8ca147ec62ce6d96d8e27eceb1

    /// <summary>The table that the project carries; its source and date stand in its first lines.</summary>
    public static RegionOfferings Load() => s_carried.Value;

<<<<<<< HEAD
    /// <summary>
    /// Reads a table with the columns name, regions: a type or a family, and regions between spaces. A type's own row counts before that
    /// of its family. Throws <see cref="FormatException"/> where it names more than 64 regions.
    /// </summary>
    public static RegionOfferings Parse(string csv) => new(Csv.Rows(csv).Select(cells =>
        (cells[0], cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))));
=======
    // The first row has the regions, and each other row a type or a family with a letter for each region: a for the first. A type's own row
    // counts before that of its family.
    private static RegionOfferings Parse(string csv)
    {
        string[][] rows = [.. Csv.Rows(csv)];
        return new RegionOfferings(
            rows[0][1].Split(' ').Index().ToDictionary(one => one.Item, one => Letters[one.Index], StringComparer.Ordinal),
            rows.Skip(1).ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal));
    }
>>>>>>> b2494269f8708f8ca147ec62ce6d96d8e27eceb1

    /// <summary>
    /// Whether a region is known not to offer a type: the table has both. A type that stands in no row, as a new one or one of the past, is
    /// not excluded.
    /// </summary>
    public bool Excludes(string region, InstanceType type) =>
        _bits.TryGetValue(region, out ulong bit) && Row(type) is { } row && (row & bit) == 0;

    /// <summary>Whether a region offers a type; of a region that is not in the table every type is taken to be offered.</summary>
<<<<<<< HEAD
    public bool Offers(string region, InstanceType type) => !_bits.TryGetValue(region, out ulong bit) || ((Row(type) ?? 0) & bit) != 0;

    private ulong? Row(InstanceType type) =>
        _rows.TryGetValue(type.Name, out ulong row) || _rows.TryGetValue(type.Family, out row) ? row : null;

    private ulong BitOf(string region)
    {
        if (_bits.TryGetValue(region, out ulong bit)) return bit;
        if (_bits.Count == MostRegions) throw new FormatException($"The table names more than {MostRegions} regions.");
        return _bits[region] = 1UL << _bits.Count;
    }
=======
    public bool Offers(string region, InstanceType type) =>
        !_letters.TryGetValue(region, out char letter)
        || (_offered.GetValueOrDefault(type.Name) ?? _offered.GetValueOrDefault(type.Family))
            ?.Contains(letter, StringComparison.Ordinal) == true;
>>>>>>> b2494269f8708f8ca147ec62ce6d96d8e27eceb1
}
