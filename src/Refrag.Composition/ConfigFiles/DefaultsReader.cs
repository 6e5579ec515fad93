using Refrag.Composition.Tree;

namespace Refrag.Composition.ConfigFiles;

/// <summary>Reads the <c>defaults:</c> list of one file.</summary>
internal sealed class DefaultsReader(string file, List<Problem> problems)
{
    private static readonly string[] Keywords = ["optional", "override"];

    public IReadOnlyList<DefaultsEntry> Read(ConfigNode list)
    {
        if (list is not ConfigList items)
        {
            string what = list is ConfigMapping ? "a mapping" : "one value";
            Report("RF1501", list.Origin, $"The defaults of {file} are {what} and not a list", "Write one '- group: option' a line.");
            return [];
        }
        var entries = new List<DefaultsEntry>(items.Count);
        foreach (var item in items)
        {
            if (ReadItem(item) is { } entry) entries.Add(entry);
        }
        return entries;
    }

    private DefaultsEntry? ReadItem(ConfigNode item) => item switch
    {
        ConfigScalar { Text: { } text } => ReadFile(text, item.Origin),
        ConfigMapping { Count: 1 } mapping when mapping[0].Key.Text is { } key => ReadGroup(key, mapping[0]),
        ConfigMapping { Count: > 1 } mapping => Report(
            "RF1502", mapping.Origin, $"One entry of the defaults has {mapping.Count} keys",
            "Begin each entry with '- '; write 'optional group: option' for an optional one."),
        _ => Report("RF1502", item.Origin, $"{Shown(item)} is not a valid entry of a defaults list",
            "Write '- group: option' or '- path/to/file'."),
    };

    private DefaultsEntry? ReadFile(string text, Place? place)
    {
        var (path, package) = SplitPackage(text);
        if (path == DefaultsEntry.SelfPath && package is not null)
            return Report("RF1521", place, "_self_ has no package of its own", "Write '# @package NAME' in the file's first line.");
        return new DefaultsEntry { Path = path, Package = package, Place = place };
    }

    private DefaultsEntry? ReadGroup(string key, ConfigEntry item)
    {
        var place = item.KeyMark.ToPlace() ?? item.Value.Origin;
        var (words, package) = SplitPackage(key);
        string[] parts = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return Report("RF1502", place, "An entry of the defaults has no group", "Write '- group: option'.");
        var keywords = parts.AsSpan(0, parts.Length - 1);
        foreach (string word in keywords)
        {
            if (!Keywords.Contains(word))
                return Report("RF1502", place, $"'{word}' is not a keyword of a defaults list",
                    $"The keywords are optional and override.{Suggestion.Sentence(word, Keywords)}");
        }
        bool isOptional = keywords.Contains("optional"), isOverride = keywords.Contains("override");
        if (isOptional && isOverride)
            return Report("RF1502", place, "An override cannot be optional", "Say optional where the group is first listed.");
        if (!TryOptions(item.Value, out string? option, out var options))
            return Report("RF1502", item.Value.Origin ?? place, $"{Shown(item.Value)} is not an option of {parts[^1]}",
                "An option is a name, a list of names, or null. Put quotes around a name that YAML reads as something else, as no, on "
                    + "and 1.");
        return new DefaultsEntry
        {
            IsGroup = true,
            Path = parts[^1],
            Package = package,
            Option = option,
            Options = options,
            IsOptional = isOptional,
            IsOverride = isOverride,
            Place = item.Value.Origin ?? place,
        };
    }

    private static string Shown(ConfigNode value) => value switch
    {
        ConfigScalar { Kind: ScalarKind.Boolean } boolean => $"The truth value {(boolean.Boolean == true ? "true" : "false")}",
        ConfigScalar { IsNull: true } => "Nothing",
        ConfigScalar => $"The number {value}",
        ConfigList => "A list",
        _ => "A mapping",
    };

    // 'group@here:there' is an old way to rename; only the first name counts.
    private static (string Path, string? Package) SplitPackage(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return (text, null);
        string package = text[(at + 1)..];
        if (package.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0) package = package[..colon];
        return (text[..at], package == "_here_" ? "" : package);
    }

    private static bool TryOptions(ConfigNode value, out string? option, out IReadOnlyList<string>? options)
    {
        (option, options) = ((value as ConfigScalar)?.Text, null);
        if (option is not null || value.IsNull) return true;
        if (value is not ConfigList list || list.Any(item => item is not ConfigScalar { Text: not null })) return false;
        options = [.. list.Select(item => ((ConfigScalar)item).Text!)];
        return true;
    }

    private DefaultsEntry? Report(string code, Place? place, string what, string cure)
    {
        problems.Add(new Problem { Code = code, What = what, Cure = cure, Place = place });
        return null;
    }
}
