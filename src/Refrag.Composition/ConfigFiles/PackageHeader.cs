namespace Refrag.Composition.ConfigFiles;

/// <summary>
/// Reads the lines <c># @package NAME</c> at a file's beginning. The first line that is neither empty nor such a line ends them.
/// </summary>
internal static class PackageHeader
{
    public static string? Read(SourceText source, List<Problem> problems)
    {
        string? package = null;
        int number = 0;
        foreach (var line in source.Text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.IsEmpty) continue;
            if (trimmed[0] != '#' || !trimmed[1..].TrimStart().StartsWith("@")) break;
            string[] words = trimmed[1..].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length != 2) problems.Add(Malformed(source, number, line.ToString()));
            else if (words[0] == "@package") package = words[1];
        }
        return package;
    }

    private static Problem Malformed(SourceText source, int number, string line) => new()
    {
        Code = "RF1454",
        What = "A header line '# @NAME VALUE' has one value, and this one has none or several",
        Cure = "Write '# @package NAME'; '# @package _global_' is the root.",
        Place = new FilePlace(source.Path, number, line.Length - line.TrimStart().Length + 1, line, Math.Max(1, line.Trim().Length)),
    };
}
