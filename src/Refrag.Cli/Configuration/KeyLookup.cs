using System.Globalization;
using Refrag.Composition.Tree;

namespace Refrag.Cli.Configuration;

/// <summary>Looks keys up in a configuration, and lists those that exist if one does not.</summary>
internal static class KeyLookup
{
    // More names than these do not help a user who mistyped one.
    private const int MostNames = 20;

    /// <summary>The value of a key as it was written; null if the key is not there.</summary>
    public static ConfigNode? Find(ConfigNode root, string key)
    {
        ConfigNode? node = root;
        foreach (string part in KeyPath.Split(key)) node = node is null ? null : Child(node, part);
        return node;
    }

    /// <summary>Problem RF5002 for a key that is not there, with those that are.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="key">The key, by its real name.</param>
    /// <param name="typed">The same as it was typed.</param>
    /// <param name="place">Where that stands.</param>
    public static Problem NoKey(ConfigNode root, string key, string typed, ArgumentPlace place)
    {
        IReadOnlyList<string> parts = KeyPath.Split(key);
        int depth = 0;
        while (depth < parts.Count && Child(root, parts[depth]) is { } child) (root, depth) = (child, depth + 1);
        string parent = depth == 0 ? "the configuration" : KeyPath.Join(parts.Take(depth));
        string part = depth < parts.Count ? parts[depth] : "";
        List<string> known = [.. Children(root).Select(c => c.Name)];
        return new Problem
        {
            Code = "RF5002",
            What = $"There is no key '{part}' in {parent}",
            Cause = known.Count is > 0 and <= MostNames ? $"There are {string.Join(", ", known)}" : null,
            Cure = $"Name a key that `refrag config show` prints, with dots between its parts.{Suggestion.Sentence(part, known)}",
            Place = place with { Column = place.Column + At(key, typed, part), Length = Math.Max(1, part.Length) },
        };
    }

    // What was typed differs in its beginning at most, where it is another name of the same key.
    private static int At(string key, string typed, string part) =>
        part.Length > 0 && key.LastIndexOf(part, StringComparison.Ordinal) is > 0 and var at
            ? Math.Max(0, at + typed.Length - key.Length)
            : 0;

    private static ConfigNode? Child(ConfigNode node, string name) => Children(node).FirstOrDefault(c => c.Name == name).Value;

    private static IEnumerable<(string Name, ConfigNode Value)> Children(ConfigNode node) => node switch
    {
        ConfigMapping mapping => mapping.Select(entry => (entry.Key.ToString(), entry.Value)),
        ConfigList list => list.Select((item, index) => (index.ToString(CultureInfo.InvariantCulture), item)),
        _ => [],
    };
}
