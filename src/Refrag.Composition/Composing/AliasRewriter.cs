using Refrag.Composition.Defaults;
using Refrag.Composition.Overrides;
using Refrag.Composition.Search;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>Replaces other names by the real ones. The argument's text stays, so that problems point at what was typed.</summary>
/// <param name="options">The other names.</param>
/// <param name="repository">Where a group or an option may really be called so.</param>
/// <param name="configName">The primary file, where a key may; null for none.</param>
internal sealed class AliasRewriter(ComposerOptions options, ConfigRepository repository, string? configName)
{
    private readonly Dictionary<string, bool> _isKey = new(StringComparer.Ordinal);

    /// <summary>Rewrites what was typed.</summary>
    public IEnumerable<Override> Rewrite(IReadOnlyList<Override> items)
    {
        List<Override> others = [.. items.Where(item => !options.KeyAliases.Any(alias => Rest(item.Key, alias.Alias) is not null))];
        return items.Select(item => Rewrite(item, others));
    }

    private Override Rewrite(Override item, List<Override> others)
    {
        foreach (var alias in options.KeyAliases)
        {
            if (Rest(item.Key, alias.Alias) is not { } rest || repository.HasGroup(alias.Alias) || IsKey(alias.Alias, others)) continue;
            item = item with { Key = alias.Key + rest };
            break;
        }
        foreach (var alias in options.OptionAliases)
        {
            if (item.Key == alias.Group && item.Value is { } value && !repository.HasConfig($"{alias.Group}/{alias.Alias}"))
                item = item with { Value = Rewrite(value, alias) };
        }
        return item;
    }

    // Whether a file that is composed has the key itself: then it is a project's own, and the alias would set another one in silence.
    private bool IsKey(string alias, List<Override> others)
    {
        if (!_isKey.TryGetValue(alias, out bool found))
        {
            var builder = new DefaultsListBuilder(repository, options.Reading, new ProblemList(), new ProblemList());
            ExpandedDefaults defaults = builder.Build(configName, others, prependHydra: false, skipMissing: true);
            _isKey[alias] = found = defaults.Items.Any(item => Has(item, alias));
        }
        return found;
    }

    private static bool Has(ResolvedDefault item, string key) => item.Package.Length == 0
        ? item.File?.Body is ConfigMapping body && body.Any(entry => entry.Key.Text == key)
        : item.Package == key || item.Package.StartsWith($"{key}.", StringComparison.Ordinal);

    private static string? Rest(string key, string alias)
    {
        if (!key.StartsWith(alias, StringComparison.Ordinal)) return null;
        string rest = key[alias.Length..];
        return rest.Length == 0 || rest[0] is '.' or '/' or '[' ? rest : null;
    }

    private static OverrideValue Rewrite(OverrideValue value, OptionAlias alias) => value switch
    {
        TextValue text when text.Text == alias.Alias => new TextValue(alias.Option),
        QuotedValue text when text.Text == alias.Alias => text with { Text = alias.Option },
        ListValue list => new ListValue([.. list.Items.Select(item => Rewrite(item, alias))]),
        ChoiceSweep sweep => sweep with { Items = [.. sweep.Items.Select(item => Rewrite(item, alias))] },
        _ => value,
    };
}
