using System.Globalization;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>The operations on a tree that composing needs.</summary>
internal static class ConfigOperations
{
    public static ConfigMapping Merge(ConfigMapping into, ConfigMapping from)
    {
        if (into.Count == 0) return from;
        var builder = into.ToBuilder();
        foreach (var entry in from)
        {
            if (!builder.TryGet(entry.Key, out var known)) builder.Set(entry);
            else if (known.Value is ConfigMapping left && entry.Value is ConfigMapping right) builder.Set(known with { Value = Merge(left, right) });
            else if (!entry.Value.IsMissing) builder.Set(entry);
        }
        return builder.Build(into.Mark);
    }

    public static IReadOnlyList<string> Split(string key) => key.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');

    public static ConfigNode? Select(ConfigNode root, string key)
    {
        ConfigNode? node = root;
        foreach (string name in Split(key)) node = Child(node, name);
        return node;
    }

    public static ConfigNode? Child(ConfigNode? node, string name) => node switch
    {
        ConfigMapping mapping => mapping[name],
        ConfigList list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < list.Count => list[i],
        _ => null,
    };

    public static ConfigNode Update(ConfigNode? node, ReadOnlySpan<string> path, ConfigNode value)
    {
        if (path.IsEmpty) return node is ConfigMapping left && value is ConfigMapping right ? Merge(left, right) : value;
        var child = Update(Child(node, path[0]), path[1..], value);
        if (node is ConfigList list && int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < list.Count) return list.With(i, child);
        return (node as ConfigMapping ?? ConfigMapping.Empty).With(path[0], child);
    }

    public static ConfigNode Delete(ConfigNode node, ReadOnlySpan<string> path)
    {
        if (path.Length > 1) return Update(node, path[..1], Delete(Child(node, path[0])!, path[1..]));
        return node is ConfigList list ? list.Without(int.Parse(path[0], CultureInfo.InvariantCulture)) : ((ConfigMapping)node).Without(path[0]);
    }
}
