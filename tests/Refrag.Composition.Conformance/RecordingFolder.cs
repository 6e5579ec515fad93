using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance;

/// <summary>
/// The directory in which the reference ran when completions were recorded, built anew on disk, for the library to list. Nothing but the
/// vectors that ask for the whole directory (<c>abc=./</c>) says what was in it, so their answers name the files; what else is asked of it
/// (<c>abc=./fo</c>) is then for the library to find.
/// </summary>
internal sealed class RecordingFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-conformance-");

    public RecordingFolder(IEnumerable<VectorCase> vectors)
    {
        foreach (List<string> names in vectors.Where(vector => vector.Category == "completion")
            .Select(vector => Listed(vector).ToList()).Where(names => names.Count > 0))
        {
            NamesFromAnswers++;
            foreach (string name in names) File.WriteAllText(System.IO.Path.Combine(_folder.FullName, name), "");
        }
    }

    /// <summary>How many cases say what is in the folder, and so cannot show whether it is listed rightly.</summary>
    public int NamesFromAnswers { get; }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    // Names alone: an answer does not write outside of the folder, nor below a folder of its own.
    private static IEnumerable<string> Listed(VectorCase vector)
    {
        string word = vector.Text("line").Split(' ')[^1];
        return word.EndsWith("=./", StringComparison.Ordinal)
            ? vector.Expected["completions"]!
            .AsArray()
            .Select(item => item!.GetValue<string>()[word.Length..])
            .Where(name => name.IndexOfAny(['/', '\\']) < 0 && name is not ("" or "." or ".."))
            : [];
    }
}
