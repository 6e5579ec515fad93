namespace Refrag.Composition.Conformance;

/// <summary>
/// What we accept on purpose though the reference rejects it: a table of two columns, separated by a tab, with a reason in the second. The
/// first is a vector's id, or <c>uses:NAME</c> for whatever the library itself says it accepted by its extension NAME.
/// </summary>
internal sealed class ExtendedCases
{
    private readonly HashSet<string> _ids;
    private readonly Dictionary<string, string> _kept;

    private ExtendedCases(HashSet<string> ids, Dictionary<string, string> kept) => (_ids, _kept) = (ids, kept);

    /// <summary>Reads the tables that are built into the program.</summary>
    public static ExtendedCases Read(HydraReading reading) => new(
        [.. Rows("extended.tsv", columns: 2).Select(row => row[0])],
        Rows("released.tsv", columns: 3).Where(row => reading == HydraReading.Released || row[1] == "refused")
            .ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal));

    private static IEnumerable<string[]> Rows(string name, int columns)
    {
        using Stream stream = typeof(ExtendedCases).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The table {name} is not built in.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            string[] row = line.Split('\t');
            if (row.Length != columns || row[^1].Length == 0)
                throw new FormatException($"{name}: '{line}' has not {columns} columns with a reason in the last.");
            yield return row;
        }
    }

    /// <summary>
    /// What is answered on purpose instead of the release's answer: <c>development</c> for that of the development version, <c>refused</c>,
    /// or <c>own</c>; null if nothing is.
    /// </summary>
    public string? Kept(string id) => _kept.GetValueOrDefault(id);

    public bool Has(string id, string? extension) =>
        _ids.Contains(id) || (extension is not null && extension.Split(", ").All(name => _ids.Contains($"uses:{name}")));
}
