namespace Refrag.Scheduling.Catalogue;

/// <summary>The instance types that are known, by name and by family. Immutable.</summary>
public sealed class InstanceCatalogue
{
    // UG instance-type-compute-table; since 2025-11-01 "optimal" means the same as default_x86_64.
    private static readonly string[] s_x64Families = ["m6i", "c6i", "r6i", "c7i"];
    private static readonly string[] s_armFamilies = ["m6g", "c6g", "r6g", "c7g"];

    private readonly Dictionary<string, InstanceType> _types;
    private readonly Dictionary<string, InstanceType[]> _families;

    /// <summary>A catalogue of these types. Throws <see cref="ArgumentException"/> where a name comes twice.</summary>
    public InstanceCatalogue(IEnumerable<InstanceType> types)
    {
        Types = [.. types];
        Offered = Types;
        _types = Types.ToDictionary(type => type.Name, StringComparer.Ordinal);
        _families = Types.GroupBy(type => type.Family, StringComparer.Ordinal)
            .ToDictionary(family => family.Key, family => family.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>All types, in the order of the table: by family, then by size.</summary>
    public IReadOnlyList<InstanceType> Types { get; }

    /// <summary>The types that may be suggested: all, or those that a region offers.</summary>
    public IReadOnlyList<InstanceType> Offered { get; private init; }

    /// <summary>The families.</summary>
    public IReadOnlyCollection<string> Families => _families.Keys;

    /// <summary>The table that the project carries; its source and date stand in its first lines.</summary>
    public static InstanceCatalogue Load() => Parse(Csv.Resource("instance-types.csv"));

    /// <summary>
    /// Reads a table with the columns type, vcpus, memory_mib, architecture, gpus, gpu_model, gpu_memory_mib, spot. Throws
    /// <see cref="FormatException"/> where a number is none.
    /// </summary>
    public static InstanceCatalogue Parse(string csv) => new(Csv.Rows(csv).Select(cells => new InstanceType
    {
        Name = cells[0],
        VCpus = Csv.Number(cells[1]),
        InstalledMiB = Csv.Number(cells[2]),
        Architecture = cells[3] == "arm64" ? Architecture.Arm64 : Architecture.X64,
        Gpus = Csv.Number(cells[4]),
        GpuModel = cells[5].Length == 0 ? null : cells[5],
        GpuMemoryMiB = Csv.Number(cells[6]),
        HasSpot = cells[7] == "yes",
    }));

    /// <summary>
    /// The catalogue with these types over its own: known names are replaced where they stand, new ones come after, by family and size.
    /// </summary>
    /// <param name="newer">Types, each name once.</param>
    public InstanceCatalogue With(IEnumerable<InstanceType> newer)
    {
        Dictionary<string, InstanceType> over = newer.ToDictionary(type => type.Name, StringComparer.Ordinal);
        return new InstanceCatalogue([
            .. Types.Select(type => over.GetValueOrDefault(type.Name, type)),
            .. over.Values
                .Where(type => !_types.ContainsKey(type.Name))
                .OrderBy(type => type.Family, StringComparer.Ordinal)
                .ThenBy(type => type.VCpus).ThenBy(type => type.Name, StringComparer.Ordinal),
        ]);
    }

    /// <summary>The catalogue that suggests what a region offers alone; it knows every type as before.</summary>
    /// <param name="offers">What the region offers.</param>
    public InstanceCatalogue Offering(Func<InstanceType, bool> offers) => new(Types) { Offered = [.. Types.Where(offers)] };

    /// <summary>The type of a name; null if it is not known.</summary>
    public InstanceType? Find(string name) => _types.GetValueOrDefault(name);

    /// <summary>
    /// The types that a compute environment's <c>instanceTypes</c> name: types, families, <c>optimal</c>, <c>default_x86_64</c> and
    /// <c>default_arm64</c>; each type once, in the order of the list. A name that is not known is a problem RF4601.
    /// </summary>
    public Result<IReadOnlyList<InstanceType>> Resolve(IEnumerable<string> names)
    {
        List<InstanceType> found = [];
        List<Problem> problems = [];
        foreach (string name in names)
        {
            if (Expand(name) is { } types) found.AddRange(types.Where(type => !found.Contains(type)));
            else problems.Add(Unknown(name));
        }
        return problems.Count == 0
            ? Result<IReadOnlyList<InstanceType>>.Success(found)
            : Result<IReadOnlyList<InstanceType>>.Failure(problems);
    }

    private IEnumerable<InstanceType>? Expand(string name) => name switch
    {
        "optimal" or "default_x86_64" => s_x64Families.SelectMany(Family),
        "default_arm64" => s_armFamilies.SelectMany(Family),
        _ when _types.TryGetValue(name, out InstanceType? type) => [type],
        _ when _families.TryGetValue(name, out InstanceType[]? family) => family,
        _ => null,
    };

    private InstanceType[] Family(string name) => _families.GetValueOrDefault(name) ?? [];

    private Problem Unknown(string name) => new()
    {
        Code = "RF4601",
        What = $"{name} is not an instance type or family of the catalogue",
        Cure = "Name a type such as m6i.xlarge, a family such as g5, or "
            + $"optimal.{Suggestion.Sentence(name, _types.Keys.Concat(_families.Keys))}",
    };
}
