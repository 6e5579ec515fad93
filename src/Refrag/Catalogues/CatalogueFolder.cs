using Refrag.Scheduling.Catalogue;

namespace Refrag.Catalogues;

/// <summary>The user's own catalogues: a file a region, <c>REGION.csv</c>, over the tables that the project carries.</summary>
/// <param name="path">The folder; need not exist.</param>
public sealed class CatalogueFolder(string path)
{
    /// <summary>The file of a region.</summary>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    public string FileOf(string region) => Path.Combine(path, region + ".csv");

    /// <summary>
    /// The project's tables with the user's files over them. A file that cannot be read is left out, and is a problem RF5040 in the answer.
    /// </summary>
    public KnownCatalogue Load()
    {
        List<RegionCatalogue> found = [];
        List<Problem> problems = [];
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*.csv") : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            try
            {
                found.Add(RegionCatalogue.Parse(File.ReadAllText(file)));
            }
            catch (Exception e) when (e is FormatException or OverflowException or IOException or UnauthorizedAccessException)
            {
                problems.Add(Unreadable(file, e.Message));
            }
        }
        return new KnownCatalogue(found, problems);
    }

    /// <summary>Writes a region's file whole or not at all: beside its place first, then over it.</summary>
    /// <param name="catalogue">What was read.</param>
    /// <param name="cancellationToken">Gives up; the old file then stays.</param>
    public async Task WriteAsync(RegionCatalogue catalogue, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        string file = FileOf(catalogue.Region);
        string beside = $"{file}.{Environment.ProcessId}.new";
        try
        {
            await File.WriteAllTextAsync(beside, catalogue.ToText(), cancellationToken);
            File.Move(beside, file, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static Problem Unreadable(string file, string cause) => new()
    {
        Code = "RF5040",
        What = $"the catalogue {file} cannot be read; the project's own figures count instead",
        Cause = cause,
        Cure = "Run `refrag catalog refresh`, or remove the file.",
    };
}
