namespace Refrag.Scheduling.Catalogue;

/// <summary>The instance types that are known, by name and by family. Immutable.</summary>
public sealed class InstanceCatalogue
{
    // UG instance-type-compute-table; since 2025-11-01 "optimal" means the same as default_x86_64.
    private static readonly string[] s_x64Families = ["m6i", "c6i", "r6i", "c7i"];
    private static readonly string[] s_armFamilies = ["m6g", "c6g", "r6g", "c7g"];

    // Parsed by the first command that needs it, and shared: the catalogue is immutable.
    private static readonly Lazy<InstanceCatalogue> s_carried = new(() => Parse(Csv.Resource("instance-types.csv")));

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
    public static InstanceCatalogue Load() => s_carried.Value;

    // A row a family: its architecture, marks, accelerator, and sizes. The first lines of the table say what a size has.
    private static InstanceCatalogue Parse(string csv) => new(
        from cells in Csv.Rows(csv)
        from size in cells[4].Split(' ')
        select Type(cells, size.Split(':')));

    private static InstanceType Type(string[] family, string[] size)
    {
        string marks = Csv.Cell(size, 6);
        return new InstanceType
        {
            Name = $"{family[0]}.{size[0]}",
            VCpus = Csv.Number(size[1]),
            InstalledMiB = Csv.Number(size[2]),
            Architecture = family[1].StartsWith("arm64", StringComparison.Ordinal) ? Architecture.Arm64 : Architecture.X64,
            IsMac = family[1].EndsWith("_mac", StringComparison.Ordinal),
            IsCurrent = !family[2].Contains('p', StringComparison.Ordinal),
            Accelerator = family[3].Length == 0 ? null : family[3],
            LocalStorageGB = Csv.Number(Csv.Cell(size, 3)),
            Accelerators = Csv.Number(Csv.Cell(size, 4)),
            AcceleratorMemoryMiB = Csv.Number(Csv.Cell(size, 5)),
            HasEfa = marks.Contains('e', StringComparison.Ordinal),
            HasSpot = !marks.Contains('o', StringComparison.Ordinal),
        };
    }

    /// <summary>
    /// The catalogue with these types over its own: known names are replaced where they stand, new ones come after, by family and size.
    /// What a newer type leaves open stays known: accelerators, disks, EFA and the generation.
    /// </summary>
    /// <param name="newer">Types, each name once.</param>
    public InstanceCatalogue With(IEnumerable<InstanceType> newer)
    {
        Dictionary<string, InstanceType> over = newer.ToDictionary(type => type.Name, StringComparer.Ordinal);
        return new InstanceCatalogue([
            .. Types.Select(type => over.TryGetValue(type.Name, out InstanceType? other) ? Over(type, other) : type),
            .. over.Values
                .Where(type => !_types.ContainsKey(type.Name))
                .OrderBy(type => type.Family, StringComparer.Ordinal)
                .ThenBy(type => type.VCpus).ThenBy(type => type.Name, StringComparer.Ordinal),
        ]);
    }

    private static InstanceType Over(InstanceType known, InstanceType newer)
    {
        InstanceType accelerated = newer.Accelerator is null ? known : newer;
        return newer with
        {
            Accelerator = accelerated.Accelerator,
            Accelerators = accelerated.Accelerators,
            AcceleratorMemoryMiB = accelerated.AcceleratorMemoryMiB,
            LocalStorageGB = known.LocalStorageGB,
            HasEfa = known.HasEfa,
            IsCurrent = known.IsCurrent,
            IsMac = known.IsMac,
        };
    }

    /// <summary>The catalogue that suggests what a region offers alone; it knows every type as before.</summary>
    /// <param name="offers">What the region offers.</param>
    public InstanceCatalogue Offering(Func<InstanceType, bool> offers) => new(Types) { Offered = [.. Types.Where(offers)] };

    /// <summary>The type of a name; null if it is not known.</summary>
    public InstanceType? Find(string name) => _types.GetValueOrDefault(name);

    /// <summary>
    /// The types that a compute environment's <c>instanceTypes</c> name: types, families, <c>optimal</c>, <c>default_x86_64</c> and
    /// <c>default_arm64</c>; each type once, in the order of the list. A name that is not known is a problem RF4601. A family is without
    /// its bare metal types, which are named one by one. (UG compute_environment_parameters, instanceTypes)
    /// </summary>
    public Result<IReadOnlyList<InstanceType>> Resolve(IEnumerable<string> names)
    {
        List<InstanceType> found = [];
        HashSet<string> seen = [];
        List<Problem> problems = [];
        foreach (string name in names)
        {
            if (Expand(name) is { } types) found.AddRange(types.Where(type => seen.Add(type.Name)));
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
        _ when _families.ContainsKey(name) => Family(name),
        _ => null,
    };

    private IEnumerable<InstanceType> Family(string name) =>
        (_families.GetValueOrDefault(name) ?? []).Where(type => !type.IsBareMetal);

    private Problem Unknown(string name) => new()
    {
        Code = "RF4601",
        What = $"{name} is not an instance type or family of the catalogue",
        Cure = "Name a type such as m6i.xlarge, a family such as g5, or "
            + (InstanceTypeName.IsPlausible(name) ? "optimal; `refrag catalog refresh` reads types that are newer." : "optimal.")
            + $"{Suggestion.Sentence(name, _types.Keys.Concat(_families.Keys))}",
    };
}
