using Refrag.Composition;

namespace Refrag.Cli.Configuration;

/// <summary>
/// Other names of keys and options, where they are typed outside of overrides: as the key to explain, as half a word to complete.
/// </summary>
internal sealed class AliasNames(ComposerOptions options)
{
    private static readonly string[] s_signs = ["++", "+", "~"];

    /// <summary>The key that a name stands for: <c>env.gpus</c> for <c>launcher.gpus</c>.</summary>
    public string Key(string typed) => KeyAliasOf(typed) is { } alias ? alias.Key + typed[alias.Alias.Length..] : typed;

    /// <summary>What a word can become, in the words in which it was begun.</summary>
    /// <param name="word">The word.</param>
    /// <param name="complete">Completes words in the real names.</param>
    public IEnumerable<string> Complete(string word, Func<string, IEnumerable<string>> complete)
    {
        string sign = s_signs.FirstOrDefault(sign => word.StartsWith(sign, StringComparison.Ordinal)) ?? "";
        string body = word[sign.Length..];
        if (KeyAliasOf(body) is { } alias)
        {
            string real = sign + alias.Key;
            return complete(real + body[alias.Alias.Length..]).Select(found => sign + alias.Alias + found[real.Length..]);
        }
        List<string> found = [.. complete(word)];
        // The documented name comes first; the other one only where nothing else can be meant.
        return found.Count > 0
            ? found
            : options.OptionAliases
            .Select(option => $"{option.Group}={option.Alias}")
            .Where(other => body.Contains('=') && other.StartsWith(body, StringComparison.Ordinal)).Select(other => sign + other);
    }

    private KeyAlias? KeyAliasOf(string typed) => options.KeyAliases.FirstOrDefault(alias =>
        typed.StartsWith(alias.Alias, StringComparison.Ordinal)
            && (typed.Length == alias.Alias.Length || typed[alias.Alias.Length] is '.' or '[' or '='));
}
