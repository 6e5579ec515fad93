namespace Refrag.Composition.Completion;

/// <summary>Completes groups of options and, after the equals sign, options.</summary>
internal static class GroupCompletion
{
    /// <summary>What a word can become by groups and options alone.</summary>
    /// <param name="composer">Where the groups are.</param>
    /// <param name="typed">The word, with its sign.</param>
    /// <param name="onlyOptions">Whether the word is the choice of a group that there is, so that no key can be meant.</param>
    public static IReadOnlyList<string> Complete(Composer composer, string typed, out bool onlyOptions)
    {
        string sign = typed.Length > 0 && typed[0] is ('+' or '~') ? typed[..1] : "";
        string word = typed[sign.Length..];
        int equals = word.LastIndexOf('=');
        if (equals >= 0) return Options(composer, sign, word, word[..equals], out onlyOptions);
        onlyOptions = false;
        int slash = word.LastIndexOf('/');
        string parent = slash < 0 ? "" : word[..slash];
        return [.. composer.Groups(parent)
            .Select(group => slash < 0 ? group : $"{parent}/{group}")
            .Where(group => group.StartsWith(word, StringComparison.Ordinal))
            .Select(group => sign + group + Ending(composer, group, isDeletion: sign == "~"))];
    }

    private static string[] Options(Composer composer, string sign, string word, string group, out bool onlyOptions)
    {
        IReadOnlyList<string> options = composer.Options(group.Split('@')[0]);
        onlyOptions = options.Count > 0;
        return [.. options.Select(option => $"{group}={option}")
            .Where(name => name.StartsWith(word, StringComparison.Ordinal)).Select(name => sign + name)];
    }

    // Options but no groups inside: a choice follows. Groups but no options: more of the path. Both: the user decides. A deletion needs no
    // choice.
    private static string Ending(Composer composer, string group, bool isDeletion)
    {
        bool hasOptions = composer.Options(group).Count > 0;
        bool hasGroups = composer.Groups(group).Count > 0;
        if (hasGroups) return hasOptions ? "" : "/";
        return hasOptions && !isDeletion ? "=" : "";
    }
}
