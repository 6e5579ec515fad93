using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition.Defaults;

/// <summary>
/// An entry in its place: under the file that lists it, in that file's group and package. From these follow the file that is meant, the
/// package that its content goes to, and the key by which others can override it.
/// </summary>
internal sealed class DefaultsNode(DefaultsEntry entry, string baseGroup, string parentPackage, DefaultsNode? parent)
{
    private const string Global = "_global_";
    private const string Group = "_group_";
    private const string OptionName = "_name_";

    public DefaultsEntry Entry { get; } = entry;

    /// <summary>The node of the file that lists this one; null for a root.</summary>
    public DefaultsNode? Parent { get; } = parent;

    /// <summary>How many files lead here.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>Where what the node lists is found in the final order; null for a leaf.</summary>
    public List<DefaultsNode>? Children { get; set; }

    public bool IsPrimary { get; init; }

    /// <summary>The rules that the whole tree is read by.</summary>
    public HydraReading Reading { get; init; } = parent?.Reading ?? HydraReading.Released;

    /// <summary>The node above the primary configuration and Hydra's own; it stands for no file.</summary>
    public bool IsVirtual { get; init; }

    public bool IsDeleted { get; set; }

    /// <summary>The file, once it was loaded.</summary>
    public ConfigFile? File { get; set; }

    /// <summary>The override keys that were known where an interpolated entry stood.</summary>
    public HashSet<string>? EligibleOverrides { get; set; }

    public string BaseGroup { get; } = baseGroup;

    public string ParentPackage { get; } = parentPackage;

    /// <summary>The name within the group: the option, or a path's last part.</summary>
    public string? Name => Entry.IsGroup ? Entry.Option : Entry.Path[(Entry.Path.LastIndexOf('/') + 1)..];

    public bool IsMissing => Entry.Options is null && Name == "???";

    public string GroupPath => Entry.IsGroup ? Below(Entry.Path) : Below(Head(Entry.Path));

    public string ConfigPath
    {
        get
        {
            if (IsVirtual) return "<root>";
            return Entry.IsGroup ? $"{GroupPath}/{Entry.Option}" : Below(Entry.Path);
        }
    }

    /// <summary>The package that the content goes to; empty for the root.</summary>
    public string Package => PackageWith(WrittenPackage ?? Header);

    /// <summary>
    /// What others write to override the option: <c>db</c>, or <c>db@backup</c> where the package is not the group's own.
    /// </summary>
    public string OverrideKey
    {
        get
        {
            // The header is the file's affair, and the file is what an override changes: it has no say in the key.
            string package = PackageWith(WrittenPackage);
            string group = GroupPath;
            if (package == group.Replace('/', '.')) return group;
            return $"{group}@{(package.Length == 0 ? Global : package)}";
        }
    }

    // In an entry (and nowhere else) _group_ stands for the group's own package, wherever the entry stands.
    private string? WrittenPackage => Entry.Package is { } package && package.Contains(Group, StringComparison.Ordinal)
        ? $"{Global}.{package.Replace(Group, GroupPath.Replace('/', '.'), StringComparison.Ordinal)}"
        : Entry.Package;

    // A package header is always absolute. The words of Hydra 1.0 in it have no other use, so that no version need be known for them.
    private string? Header => Words(File?.PackageHeader) switch
    {
        null => null,
        Global => Global,
        { } header when header.StartsWith(Global + ".", StringComparison.Ordinal) => header,
        { } header => $"{Global}.{header}",
    };

    private string? Words(string? header)
    {
        if (header is null || Reading == HydraReading.Development) return header;
        return header == Group ? null : header
            .Replace(Group, GroupPath.Replace('/', '.'), StringComparison.Ordinal)
            .Replace(OptionName, Name, StringComparison.Ordinal);
    }

    public DefaultsNode With(DefaultsEntry changed) =>
        new(changed, BaseGroup, ParentPackage, Parent) { IsPrimary = IsPrimary, EligibleOverrides = EligibleOverrides };

    private string PackageWith(string? package)
    {
        package ??= RelativeGroup.Replace('/', '.');
        string joined = Join(IsAbsolute ? "" : ParentPackage, package, '.');
        int global = joined.LastIndexOf(Global, StringComparison.Ordinal);
        return global < 0 ? joined : joined[Math.Min(joined.Length, global + Global.Length + 1)..];
    }

    private bool IsAbsolute => Entry.IsAppended && Reading == HydraReading.Development;

    private string RelativeGroup => Entry.IsGroup ? Entry.Path.TrimStart('/') : Head(Entry.Path.TrimStart('/'));

    private string Below(string path) => path.StartsWith('/') ? path[1..] : Join(IsAbsolute ? "" : BaseGroup, path, '/');

    private static string Head(string path) =>
        path.LastIndexOf('/') is var slash and >= 0 ? path[..Math.Max(slash, path[0] == '/' ? 1 : 0)] : "";

    private static string Join(string left, string right, char separator)
    {
        if (left.Length == 0) return right;
        return right.Length == 0 ? left : $"{left}{separator}{right}";
    }
}
