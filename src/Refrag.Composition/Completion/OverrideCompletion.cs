namespace Refrag.Composition.Completion;

/// <summary>
/// Completes a partial command line: groups and their options, keys and their present values, paths of files. It reads configuration files
/// and starts nothing. What cannot be composed is completed from the groups alone.
/// </summary>
/// <param name="composer">Where the configuration comes from.</param>
/// <param name="directories">Lists directories, for values that are paths; null for those of this machine.</param>
public sealed class OverrideCompletion(Composer composer, DirectoryListing? directories = null)
{
    private readonly DirectoryListing _directories = directories ?? FileCompletion.OnDisk;

    /// <summary>What the word at the end of a command line can become.</summary>
    /// <param name="configName">The primary file without <c>.yaml</c>; null for none.</param>
    /// <param name="overrides">The overrides before the word: they decide which keys there are.</param>
    /// <param name="word">The word as far as it is typed; empty for a new one.</param>
    /// <param name="mode">Whether the command line may sweep.</param>
    /// <returns>Whole words that start with <paramref name="word"/>, sorted, none twice. They end in <c>=</c>, <c>.</c> or <c>/</c> where
    /// more must follow.</returns>
    public IReadOnlyList<string> Complete(
        string? configName, IReadOnlyList<string> overrides, string word, ComposeMode mode = ComposeMode.Run)
    {
        int equals = word.LastIndexOf('=');
        if (equals >= 0 && FileCompletion.IsPath(word[(equals + 1)..]))
            return Sorted(FileCompletion.Complete(word[(equals + 1)..], _directories).Select(path => word[..(equals + 1)] + path));
        List<string> found = [.. GroupCompletion.Complete(composer, word, out bool onlyOptions)];
        if (!onlyOptions && composer.Compose(configName, overrides, mode).TryGet(out Composition? composition, out _))
            found.AddRange(KeyCompletion.Complete(composition.Config, word));
        return Sorted(found);
    }

    /// <summary>
    /// The same for a line as it was typed after the program's name, with Hydra's options before or between the overrides.
    /// </summary>
    /// <param name="configName">The primary file, where the line names no other.</param>
    /// <param name="line">The line up to the cursor.</param>
    public IReadOnlyList<string> CompleteLine(string? configName, string line)
    {
        CompletionLine parsed = CompletionLine.Parse(line);
        return Complete(
            parsed.ConfigName ?? configName, parsed.Before, parsed.Word, parsed.IsMultirun ? ComposeMode.Sweep : ComposeMode.Run);
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> words) =>
        [.. words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
