using Refrag.Composition.Overrides;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>Looks through a configuration for what would go wrong later.</summary>
internal static class CompositionCheck
{
    private const string HydraKey = "hydra";

    /// <summary>Values that must still be given. Hydra's own are given when a job starts.</summary>
    public static void CheckOpen(ConfigMapping config, ProblemList problems)
    {
        foreach (var entry in config)
        {
            if (entry.Key != HydraKey) CheckOpen(entry.Value, KeyPath.Join([entry.Key.ToString()]), problems);
        }
    }

    /// <summary>Of two overrides that set one key, or a key and what holds it, the first does nothing.</summary>
    public static void CheckOverridden(IReadOnlyList<Override> overrides, ProblemList problems)
    {
        var later = new Dictionary<string, Override>(StringComparer.Ordinal);
        foreach (var item in overrides.Reverse())
        {
            bool replaces = item.Kind != OverrideKind.ExtendList && item.Value is not DictionaryValue;
            if (item.Kind != OverrideKind.Delete && Winner(later, item.Key) is { } winner)
                problems.Add(OverrideProblems.WithoutEffect(item, winner));
            else if (replaces) later.TryAdd(item.Key, item);
        }
    }

    /// <summary>Of two overrides that choose an option of one group the first does nothing.</summary>
    public static void CheckChosenTwice(IReadOnlyList<Override> overrides, IReadOnlyList<Override> ofValues, ProblemList problems)
    {
        var later = new Dictionary<string, Override>(StringComparer.Ordinal);
        foreach (var item in overrides.Where(item => item is { Kind: OverrideKind.Change, IsSweep: false } && !ofValues.Contains(item))
            .Reverse())
        {
            if (!later.TryAdd(item.QualifiedKey, item)) problems.Add(OverrideProblems.WithoutEffect(item, later[item.QualifiedKey]));
        }
    }

    // Who sets the key, or what holds it, as a whole.
    private static Override? Winner(Dictionary<string, Override> later, string key)
    {
        IReadOnlyList<string> parts = KeyPath.Split(key);
        for (int length = parts.Count; length > 0; length--)
        {
            if (later.TryGetValue(KeyPath.Join(parts.Take(length)), out var winner)) return winner;
        }
        return null;
    }

    private static void CheckOpen(ConfigNode node, string path, ProblemList problems)
    {
        if (node.IsMissing) problems.Add(ComposeProblems.StillOpen(path, node.Origin));
        if (node is ConfigMapping mapping)
        {
            foreach (var entry in mapping) CheckOpen(entry.Value, KeyPath.Join(path, entry.Key.ToString()), problems);
        }
        else if (node is ConfigList list)
        {
            for (int i = 0; i < list.Count; i++) CheckOpen(
                list[i], KeyPath.Join(path, i.ToString(System.Globalization.CultureInfo.InvariantCulture)), problems);
        }
    }
}
