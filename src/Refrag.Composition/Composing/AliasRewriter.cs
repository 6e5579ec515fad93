using Refrag.Composition.Overrides;
using Refrag.Composition.Search;

namespace Refrag.Composition.Composing;

/// <summary>Replaces other names by the real ones. The argument's text stays, so that problems point at what was typed.</summary>
internal sealed class AliasRewriter(ComposerOptions options, ConfigRepository repository)
{
    public Override Rewrite(Override item)
    {
        foreach (var alias in options.KeyAliases)
        {
            if (Rest(item.Key, alias.Alias) is not { } rest || repository.HasGroup(alias.Alias)) continue;
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
