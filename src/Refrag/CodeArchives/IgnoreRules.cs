namespace Refrag.CodeArchives;

/// <summary>Patterns of what to leave out of a folder, in the language of gitignore(5). The last one that matches decides.</summary>
internal sealed class IgnoreRules
{
    private readonly List<Rule> _rules = [];

    /// <summary>Whether a pattern takes files back, as <c>!train.py</c> does.</summary>
    public bool HasExceptions => _rules.Exists(rule => rule.IsException);

    /// <summary>Adds the lines of a file with patterns.</summary>
    /// <param name="folder">Where the file lies, relative to the root; empty for the root itself.</param>
    /// <param name="text">Its content.</param>
    public IgnoreRules Add(string folder, string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (Rule.Parse(folder, line.TrimEnd('\r')) is { } rule) _rules.Add(rule);
        }
        return this;
    }

    /// <summary>
    /// True if a path is ignored, false if a pattern takes it back, null if no pattern names it. Folders above are not asked.
    /// </summary>
    /// <param name="path">The path relative to the root, with slashes.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public bool? Decide(string path, bool isFolder)
    {
        string[]? parts = null;
        for (int i = _rules.Count - 1; i >= 0; i--)
        {
            if (_rules[i].Matches(path, isFolder, ref parts)) return !_rules[i].IsException;
        }
        return null;
    }

    private sealed record Rule(string[] Folder, string[] Segments, bool IsException, bool IsForFolders)
    {
        public static Rule? Parse(string folder, string line)
        {
            string pattern = WithoutTrailingSpaces(line);
            if (pattern.Length == 0 || pattern[0] == '#') return null;
            bool isException = pattern[0] == '!';
            if (isException) pattern = pattern[1..];
            bool isForFolders = pattern.EndsWith('/');
            pattern = pattern.TrimEnd('/');
            if (pattern.Length == 0) return null;
            // Without a slash but at its end it may match at any depth.
            bool isAnchored = pattern.Contains('/', StringComparison.Ordinal);
            string[] segments = pattern.TrimStart('/').Split('/');
            string[] above = folder.Length > 0 ? folder.Split('/') : [];
            return new Rule(above, isAnchored ? segments : ["**", .. segments], isException, isForFolders);
        }

        // The parts of the path are made when the first rule needs them: most files need none.
        public bool Matches(string path, bool isFolder, ref string[]? parts)
        {
            if (IsForFolders && !isFolder) return false;
            if (Folder.Length == 0 && Segments is ["**", var name] && name != "**")
                return NamePattern.Matches(name, path.AsSpan(path.LastIndexOf('/') + 1));
            ReadOnlySpan<string> all = parts ??= path.Split('/');
            return all.Length > Folder.Length && all[..Folder.Length].SequenceEqual(Folder) && Matches(Segments, all[Folder.Length..]);
        }

        private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
        {
            if (pattern.Length == 0) return path.Length == 0;
            if (pattern[0] != "**")
                return path.Length > 0 && NamePattern.Matches(pattern[0], path[0]) && Matches(pattern[1..], path[1..]);
            // At the end it is everything within.
            if (pattern.Length == 1) return path.Length > 0;
            for (int skipped = 0; skipped <= path.Length; skipped++)
            {
                if (Matches(pattern[1..], path[skipped..])) return true;
            }
            return false;
        }

        private static string WithoutTrailingSpaces(string line)
        {
            int end = line.Length;
            while (end > 0 && line[end - 1] == ' ' && !(end > 1 && line[end - 2] == '\\')) end--;
            return line[..end];
        }
    }
}
