using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition.Search;

/// <summary>All sources of a search path, looked through in order.</summary>
internal sealed class ConfigRepository(IReadOnlyList<SourceIndex> sources)
{
    /// <summary>The sources, for people.</summary>
    public string SearchPath =>
        sources.Where(source => !source.Source.IsBuiltIn).Select(source => source.Source.Name).ToList() is { Count: > 0 } names
            ? string.Join(", ", names)
            : "an empty search path";

    public IReadOnlyList<SourceIndex> Sources => sources;

    public bool HasGroup(string path)
    {
        foreach (var source in sources)
        {
            if (source.HasGroup(path)) return true;
        }
        return false;
    }

    public bool HasConfig(string path)
    {
        foreach (var source in sources)
        {
            if (source.HasConfig(path)) return true;
        }
        return false;
    }

    /// <summary>The options of a group, of all sources, sorted.</summary>
    public IReadOnlyList<string> Options(string group) => Sorted(sources.SelectMany(source => source.Options(group)));

    /// <summary>The groups directly below a group, of all sources, sorted.</summary>
    public IReadOnlyList<string> Groups(string group) => Sorted(sources.SelectMany(source => source.Groups(group)));

    /// <summary>The file of the first source that has it; null if none does.</summary>
    public ConfigFile? Load(string path)
    {
        if (path.EndsWith(".yml", StringComparison.Ordinal)) return ConfigFileReader.WrongExtension(path);
        foreach (var source in sources)
        {
            if (source.Load(path) is { } file) return file;
        }
        return null;
    }

    private static List<string> Sorted(IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
