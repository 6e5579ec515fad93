namespace Refrag.Composition.Tests.Composing;

/// <summary>Trees of files written as one text, for tests that are tables: <c>== path</c> begins a file.</summary>
internal static class Tree
{
    public static Dictionary<string, string> Files(string text)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split("== ", StringSplitOptions.RemoveEmptyEntries))
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal);
            files[$"{part[..end].Trim()}.yaml"] = part[(end + 1)..];
        }
        return files;
    }

    /// <summary>The resolved configuration in one line, or the codes of the problems.</summary>
    public static string Compose(string files, string overrides, ComposerOptions? options = null)
    {
        var composed = new Composer(SearchPath.FromMemory(Files(files)), options ?? new ComposerOptions { Environment = _ => null })
            .Compose("config", overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (!composed.TryGet(out var composition, out var problems)) return Codes(problems);
        return composition.Resolve(allowMissing: true).TryGet(out var resolved, out problems) ? OneLine.Of(resolved) : Codes(problems);
    }

    private static string Codes(IEnumerable<Problem> problems) =>
        string.Join(' ', problems.Select(problem => problem.Code).Distinct(StringComparer.Ordinal));
}
