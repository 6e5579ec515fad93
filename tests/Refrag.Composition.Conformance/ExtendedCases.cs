namespace Refrag.Composition.Conformance;

/// <summary>
/// What we accept on purpose though the reference rejects it: a table of two columns, separated by a tab, with a reason in the second. The
/// first is a vector's id, or <c>uses:NAME</c> for whatever the library itself says it accepted by its extension NAME.
/// </summary>
internal sealed class ExtendedCases
{
    private readonly HashSet<string> _ids;

    private ExtendedCases(HashSet<string> ids) => _ids = ids;

    /// <summary>Reads the table that is built into the program.</summary>
    public static ExtendedCases Read()
    {
        using Stream stream = typeof(ExtendedCases).Assembly.GetManifestResourceStream("extended.tsv")
            ?? throw new InvalidOperationException("The table of extensions is not built in.");
        using var reader = new StreamReader(stream);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            string[] columns = line.Split('\t');
            if (columns.Length != 2 || columns[1].Length == 0)
                throw new FormatException($"extended.tsv: '{line}' is not an id, a tab and a reason.");
            ids.Add(columns[0]);
        }
        return new ExtendedCases(ids);
    }

    public bool Has(string id, string? extension) =>
        _ids.Contains(id) || (extension is not null && extension.Split(", ").All(name => _ids.Contains($"uses:{name}")));
}
