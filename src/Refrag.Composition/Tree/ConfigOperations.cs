using System.Globalization;

namespace Refrag.Composition.Tree;

/// <summary>Looks into trees by key, without resolving anything, and takes keys away.</summary>
internal static class ConfigOperations
{
    public static ConfigNode? Select(ConfigNode root, string key) => Select(root, KeyPath.Split(key));

    public static ConfigNode? Select(ConfigNode root, IReadOnlyList<string> path)
    {
        ConfigNode? node = root;
        foreach (string name in path) node = Child(node, name);
        return node;
    }

    public static ConfigNode? Child(ConfigNode? node, string name) => node switch
    {
        ConfigMapping mapping => KeyIn(mapping, name) is { } key ? mapping[key] : null,
        ConfigList list => PositionIn(list, name) is >= 0 and var at ? list[at] : null,
        _ => null,
    };

    /// <summary>The tree without a key that is there.</summary>
    public static ConfigNode Without(ConfigNode node, IReadOnlyList<string> path, int at = 0)
    {
        string name = path[at];
        bool isLast = at == path.Count - 1;
        var child = isLast ? null : Without(Child(node, name)!, path, at + 1);
        if (node is ConfigList list) return child is null ? list.Without(PositionIn(list, name)) : list.With(PositionIn(list, name), child);
        var mapping = (ConfigMapping)node;
        return child is null ? mapping.Without(KeyIn(mapping, name)!.Value) : mapping.With(KeyIn(mapping, name)!.Value, child);
    }

    private static int PositionIn(ConfigList list, string name) =>
        ListIndex.Parse(name) is { } index ? ListIndex.Position(index, list.Count) : -1;

    // A key that looks like a number may be one.
    private static ConfigKey? KeyIn(ConfigMapping mapping, string name)
    {
        if (mapping.ContainsKey(name)) return name;
        if (!long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return null;
        var key = new ConfigKey(ConfigScalar.Of(number));
        return mapping.ContainsKey(key) ? key : (ConfigKey?)null;
    }
}
