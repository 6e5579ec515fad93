using Refrag.Composition.Overrides;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>Looks through a configuration for what would go wrong later.</summary>
internal sealed class CompositionCheck(ConfigMapping config, IReadOnlyList<Override> overrides)
{
    private readonly ProblemList _problems = new();

    public IReadOnlyList<Problem> Run()
    {
        CheckOpen(config, "");
        CheckOverridden();
        return _problems.Items;
    }

    private void CheckOpen(ConfigNode node, string path)
    {
        if (node.IsMissing) _problems.Add(ComposeProblems.StillOpen(path, node.Origin));
        if (node is ConfigMapping mapping)
        {
            foreach (var entry in mapping) CheckOpen(entry.Value, path.Length == 0 ? entry.Key.ToString() : $"{path}.{entry.Key}");
        }
        else if (node is ConfigList list)
        {
            for (int i = 0; i < list.Count; i++) CheckOpen(list[i], $"{path}.{i}");
        }
    }

    // Of two overrides of one key the first does nothing.
    private void CheckOverridden()
    {
        var later = new Dictionary<string, Override>(StringComparer.Ordinal);
        foreach (var item in overrides.Reverse())
        {
            if (later.TryGetValue(item.Key, out var winner) && winner.Value is not (DictionaryValue or ListExtension) && item.Value is not DictionaryValue)
                _problems.Add(ComposeProblems.WithoutEffect(item, winner));
            else if (item.Kind != OverrideKind.ExtendList)
                later.TryAdd(item.Key, item);
        }
    }
}
