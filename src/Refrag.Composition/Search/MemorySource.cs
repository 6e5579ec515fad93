using System.Reflection;
using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition;

/// <summary>A tree held in memory: file name with slashes → text, which is made once, when it is asked for.</summary>
internal sealed class MemorySource : SearchSource
{
    private readonly Dictionary<string, Lazy<string>> _files;
    private readonly Dictionary<string, List<SourceEntry>> _groups;

    public MemorySource(string name, IEnumerable<KeyValuePair<string, string>> files)
        : this(name, files.ToDictionary(file => file.Key, file => new Lazy<string>(file.Value), StringComparer.Ordinal))
    {
    }

    private MemorySource(string name, Dictionary<string, Lazy<string>> files) : base(name)
    {
        _files = files;
        _groups = GroupsOf(files.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The resources whose names begin with <paramref name="prefix"/>; a resource's name is taken with <c>/</c> between its parts.
    /// </summary>
    public static MemorySource FromResources(Assembly assembly, string prefix)
    {
        var files = new Dictionary<string, Lazy<string>>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                files[name[prefix.Length..].TrimStart('/')] = new Lazy<string>(() => Text(assembly, name));
        }
        return new MemorySource($"{assembly.GetName().Name}:{prefix}", files);
    }

    internal override IReadOnlyList<SourceEntry>? List(string group) => _groups.GetValueOrDefault(group);

    internal override SourceText Read(string path) => new($"{Name}/{path}", _files[path].Value);

    private static string Text(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        // As long as the text, so that one read has all of it.
        using var reader = new StreamReader(stream, bufferSize: Math.Max(1, (int)stream.Length));
        return reader.ReadToEnd();
    }

    private static Dictionary<string, List<SourceEntry>> GroupsOf(IEnumerable<string> files)
    {
        var groups = new Dictionary<string, List<SourceEntry>>(StringComparer.Ordinal) { [""] = [] };
        foreach (string file in files)
        {
            int slash = file.LastIndexOf('/');
            GroupOf(slash < 0 ? "" : file[..slash], groups).Add(new SourceEntry(file[(slash + 1)..], SourceEntryKind.File));
        }
        return groups;
    }

    private static List<SourceEntry> GroupOf(string group, Dictionary<string, List<SourceEntry>> groups)
    {
        if (groups.TryGetValue(group, out var entries)) return entries;
        int slash = group.LastIndexOf('/');
        GroupOf(slash < 0 ? "" : group[..slash], groups).Add(new SourceEntry(group[(slash + 1)..], SourceEntryKind.Group));
        return groups[group] = [];
    }
}
