using System.Globalization;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Completion;

/// <summary>Completes keys of a configuration and, after the equals sign, their present values.</summary>
internal static class KeyCompletion
{
    public static IEnumerable<string> Complete(ConfigMapping config, string word)
    {
        if (word.EndsWith('=')) return Select(config, word[..^1]) is { } value ? Inside(value).Select(match => word + match) : [];
        int dot = word.LastIndexOf('.');
        if (dot < 0) return Names(config, word);
        string parent = word[..dot];
        return Select(config, parent) is { } node ? Names(node, word[(dot + 1)..]).Select(match => $"{parent}.{match}") : [];
    }

    // A value that is still to be given completes to nothing more; one that is null or cannot be resolved to nothing at all.
    private static ConfigNode? Select(ConfigMapping config, string key)
    {
        var interpolator = new Interpolator(config);
        if (!interpolator.Select(key).TryGet(out ConfigNode? node, out _)) return null;
        if (!node.IsNull) return node;
        return interpolator.Select(key, throwOnMissing: true).IsSuccess ? null : ConfigScalar.Of("");
    }

    private static IEnumerable<string> Inside(ConfigNode value) => value switch
    {
        ConfigScalar { Kind: ScalarKind.Boolean } boolean => [boolean.Boolean == true ? "true" : "false"],
        ConfigScalar scalar => [PythonText.Str(scalar)],
        _ => Names(value, ""),
    };

    private static IEnumerable<string> Names(ConfigNode node, string start) => node switch
    {
        ConfigMapping mapping =>
            mapping.Select(entry => (Name: entry.Key.ToString(), entry.Value))
                .Where(entry => entry.Name.StartsWith(start, StringComparison.Ordinal)).Select(entry => entry.Name + Ending(entry.Value)),
        ConfigList list =>
            list.Select((item, index) => (Name: index.ToString(CultureInfo.InvariantCulture), Item: item))
                .Where(item => item.Name.StartsWith(start, StringComparison.Ordinal)).Select(item => item.Name + Ending(item.Item)),
        _ => [],
    };

    private static string Ending(ConfigNode value) => value is ConfigScalar ? "=" : ".";
}
