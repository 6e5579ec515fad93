using System.Collections.Concurrent;
using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition.Search;

/// <summary>One source with what was already listed and read, so that each directory is listed and each file parsed once.</summary>
internal sealed class SourceIndex(SearchSource source)
{
    private const string Extension = ".yaml";

    private readonly ConcurrentDictionary<string, Dictionary<string, SourceEntryKind>?> _groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConfigFile?> _files = new(StringComparer.Ordinal);

    public SearchSource Source { get; } = source;

    public bool HasGroup(string path) => Canonical(path) is { } group && Group(group) is not null;

    public bool HasConfig(string path) => Find(path, out _) == SourceEntryKind.File;

    /// <summary>The names of the files in a group that can be options, without extension.</summary>
    public IEnumerable<string> Options(string group) => Entries(group)
        .Where(entry => entry.Value == SourceEntryKind.File && entry.Key.EndsWith(Extension, StringComparison.Ordinal)
        && !IsSchema(entry.Key))
        .Select(entry => entry.Key[..^Extension.Length]);

    /// <summary>The names of the groups directly below a group.</summary>
    public IEnumerable<string> Groups(string group) => Entries(group)
        .Where(entry => entry.Value == SourceEntryKind.Group && !IsSchema(entry.Key))
        .Select(entry => entry.Key);

    /// <summary>The file; null if the source does not have it.</summary>
    public ConfigFile? Load(string path) => _files.GetOrAdd(path, LoadFile);

    private ConfigFile? LoadFile(string path) => Find(path, out string file) switch
    {
        SourceEntryKind.File => ConfigFileReader.Read(path, Source.Read(file), Source.Name),
        SourceEntryKind.Outside => ConfigFileReader.Outside(path, file, Source.Name),
        _ => null,
    };

    private static bool IsSchema(string name) => name is "_schema" or "_schema.yaml";

    private SourceEntryKind? Find(string path, out string file)
    {
        file = Canonical(path.EndsWith(Extension, StringComparison.Ordinal) ? path : path + Extension) ?? "";
        int slash = file.LastIndexOf('/');
        if (Group(slash < 0 ? "" : file[..slash])?.TryGetValue(file[(slash + 1)..], out var kind) != true) return null;
        return kind;
    }

    private Dictionary<string, SourceEntryKind> Entries(string path) => (Canonical(path) is { } group ? Group(group) : null) ?? [];

    // Names are only ever looked up in listings, from the root down. So a name cannot lead out, whatever it is made of.
    private Dictionary<string, SourceEntryKind>? Group(string group) => _groups.GetOrAdd(group, List);

    private Dictionary<string, SourceEntryKind>? List(string group)
    {
        if (group.Length > 0)
        {
            int slash = group.LastIndexOf('/');
            if (Group(slash < 0 ? "" : group[..slash])?.GetValueOrDefault(
                group[(slash + 1)..], SourceEntryKind.File) != SourceEntryKind.Group) return null;
        }
        return Source.List(group)?.ToDictionary(entry => entry.Name, entry => entry.Kind, StringComparer.Ordinal);
    }

    // Doubled slashes and '.' mean nothing, as on disk; '..' leads up to the root and never out of it.
    private static string? Canonical(string path)
    {
        if (path.Length == 0 || !NeedsCanonical(path)) return path;
        var parts = new List<string>();
        foreach (string part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..") parts.Add(part);
            else if (parts.Count == 0) return null;
            else parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }

    private static bool NeedsCanonical(string path) =>
        path.Contains("//", StringComparison.Ordinal) || path.Contains("./", StringComparison.Ordinal) || path[0] is '/' or '.'
            || path[^1] is '/' or '.';
}
