using System.Globalization;

namespace Refrag.Scheduling.Catalogue;

/// <summary>The project's own tables: lines of cells without quotes, a header, and comments that begin with <c>#</c>.</summary>
internal static class Csv
{
    public static IEnumerable<string[]> Rows(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .Skip(1)
            .Select(line => line.Split(','));

    /// <summary>A cell of a row that is without those that are empty at its end.</summary>
    public static string Cell(string[] cells, int index) => index < cells.Length ? cells[index] : "";

    public static int Number(string cell) => cell.Length == 0 ? 0 : int.Parse(cell, CultureInfo.InvariantCulture);

    public static decimal? Money(string cell) => cell.Length == 0 ? null : decimal.Parse(cell, CultureInfo.InvariantCulture);

    public static string Resource(string name)
    {
        using Stream stream = typeof(Csv).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
