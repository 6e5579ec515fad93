using System.Collections.Frozen;
using System.Reflection;
using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition;

/// <summary>A tree held in memory: file name with slashes → text.</summary>
internal sealed class MemorySource : SearchSource
{
    private readonly FrozenDictionary<string, string> _files;
    private readonly FrozenDictionary<string, List<SourceEntry>> _groups;

    public MemorySource(string name, IEnumerable<KeyValuePair<string, string>> files) : base(name)
    {
        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
        _groups = GroupsOf(_files.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The resources whose names begin with <paramref name="prefix"/>; a resource's name is taken with <c>/</c> between its parts.
    /// </summary>
    public static MemorySource FromResources(Assembly assembly, string prefix)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            files[name[prefix.Length..].TrimStart('/')] = reader.ReadToEnd();
        }
        return new MemorySource($"{assembly.GetName().Name}:{prefix}", files);
    }

    internal override IReadOnlyList<SourceEntry>? List(string group) => _groups.GetValueOrDefault(group);

    internal override SourceText Read(string path) => new($"{Name}/{path}", _files[path]);

    private static FrozenDictionary<string, List<SourceEntry>> GroupsOf(IEnumerable<string> files)
    {
        var groups = new Dictionary<string, List<SourceEntry>>(StringComparer.Ordinal) { [""] = [] };
        foreach (string file in files)
        {
            int slash = file.LastIndexOf('/');
            GroupOf(slash < 0 ? "" : file[..slash], groups).Add(new SourceEntry(file[(slash + 1)..], SourceEntryKind.File));
        }
        return groups.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<SourceEntry> GroupOf(string group, Dictionary<string, List<SourceEntry>> groups)
    {
        if (groups.TryGetValue(group, out var entries)) return entries;
        int slash = group.LastIndexOf('/');
        GroupOf(slash < 0 ? "" : group[..slash], groups).Add(new SourceEntry(group[(slash + 1)..], SourceEntryKind.Group));
        return groups[group] = [];
    }
}
