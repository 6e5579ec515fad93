using System.CommandLine;
using System.CommandLine.Completions;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Composition.Completion;

namespace Refrag.Cli.Commands.Completion;

/// <summary>
/// What the last word of a command line can become: verbs, options, groups, keys, values, files and jobs. Starts nothing; only for a word
/// that is a job, Batch is asked.
/// </summary>
internal sealed class CommandLineCompletion(CliContext context, Command root)
{
    private const string UsualManifests = "outputs/sweeps";

    /// <summary>The whole words that the last word can become.</summary>
    /// <param name="words">The words after the program's name up to the cursor; the last is the one to complete, empty for a new
    /// one.</param>
    /// <returns>Whole words, sorted; those that end in <c>=</c>, <c>.</c> or <c>/</c> are to be continued.</returns>
    public async Task<IReadOnlyList<string>> CompleteAsync(IReadOnlyList<string> words)
    {
        string word = words.Count == 0 ? "" : words[^1];
        // What stands behind -- is another program's.
        if (words.SkipLast(1).Contains("--")) return Sorted(Files(word));
        (Command verb, int depth) = Descend(words);
        List<string> before = [.. words.Take(Math.Max(0, words.Count - 1)).Skip(depth).Select(Unquoted)];
        CompletionInput input = CompletionInput.Read(verb, before);
        List<string> found = [.. Candidates(verb, input, word)];
        if (input.Open is null && IsJob(verb, word) && JobCompletion.TakesManifests(verb.Name)) found.AddRange(Manifests(word));
        if (input.Open is null && IsJob(verb, word))
            found.AddRange((await JobCompletion.ReadAsync(context, input, JobCompletion.TakesIds(verb.Name))).Where(Starts(word)));
        return Sorted(found);
    }

    private static bool IsJob(Command verb, string word) => JobCompletion.Verbs.Contains(verb.Name)
        && verb.Arguments.Any(argument => argument is OverridesArgument)
        && !word.StartsWith('-') && !word.StartsWith('+') && !word.StartsWith('~') && !word.Contains('=', StringComparison.Ordinal);

    private static List<string> Sorted(IEnumerable<string> words) =>
        [.. words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private (Command Verb, int Depth) Descend(IReadOnlyList<string> words)
    {
        (Command verb, int depth) = (root, 0);
        while (depth < words.Count - 1 && verb.Subcommands.FirstOrDefault(c => c.Name == words[depth]) is { } inner)
            (verb, depth) = (inner, depth + 1);
        return (verb, depth);
    }

    private IEnumerable<string> Candidates(Command verb, CompletionInput before, string word)
    {
        if (before.Open is { } option) return ValuesOf(option, before, word);
        if (word.StartsWith('-')) return Options(verb, before, word);
        if (verb.Subcommands.Count > 0) return verb.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Where(Starts(word));
        return Arguments(verb, before, word);
    }

    private IEnumerable<string> Arguments(Command verb, CompletionInput before, string word)
    {
        Argument? argument = verb.Arguments.Skip(before.Plain.Count).FirstOrDefault()
            ?? verb.Arguments.LastOrDefault(a => a.Arity.MaximumNumberOfValues > 1);
        if (argument is null) return [];
        if (argument is not OverridesArgument && argument.Name is not (ConfigOptions.KeyName or ConfigOptions.GroupName))
            return argument.GetCompletions(CompletionContext.Empty).Select(c => c.Label).Where(Starts(word));
        // Without its folders nothing can be known; the verb itself will say that they are not there.
        if (!Configurations.Composer(context, before.Folders).TryGet(out Composer? composer, out _)) return [];
        return argument.Name switch
        {
            ConfigOptions.GroupName =>
                ConfigGroups.Of(Configurations.OfOthers(context, composer, before.Folders, before.ConfigName) ?? composer)
                    .Where(Starts(word)),
            ConfigOptions.KeyName => Overrides(composer, before, [], word).Where(w => !w.EndsWith('/')).Select(w => w.TrimEnd('=')),
            _ => Overrides(composer, before, [.. before.Plain.Skip(verb.Arguments.Count - 1)], word),
        };
    }

    private static IEnumerable<string> Overrides(Composer composer, CompletionInput before, IReadOnlyList<string> overrides, string word) =>
        Configurations.Aliases.Complete(
            word, real =>
                new OverrideCompletion(composer).Complete(
                    before.ConfigName, overrides, real, before.IsMultirun ? ComposeMode.Sweep : ComposeMode.Run));

    private IEnumerable<string> Options(Command verb, CompletionInput before, string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return verb.Options.Where(o => !o.Hidden).Select(o => o.Name).Append("--help").Where(Starts(word));
        string name = word[..equals];
        return verb.Options.FirstOrDefault(o => o.Name == name) is { } option
            ? ValuesOf(option, before, word[(equals + 1)..]).Select(value => $"{name}={value}")
            : [];
    }

    private IEnumerable<string> ValuesOf(Option option, CompletionInput before, string word) => option.Name switch
    {
        "--config-dir" or "--state" or "--job-folder" or "--directory" => Folders(word),
        "--manifest" or "--scenario" or "--export" or "--import" or "--events-file" or "--var-file" => Files(word),
        "--resume" => Manifests(word),
        "--config-name" =>
            Configurations.Composer(context, before.Folders).TryGet(out Composer? composer, out _)
                ? composer.Options("").Where(Starts(word))
                : [],
        _ => option.GetCompletions(CompletionContext.Empty).Select(c => c.Label).Where(Starts(word)),
    };

    private IEnumerable<string> Folders(string word) => Entries(word, static entry => entry is DirectoryInfo);

    private IEnumerable<string> Files(string word) => Entries(word, static _ => true);

    // Those at the usual place, and any other file of the kind.
    private IEnumerable<string> Manifests(string word)
    {
        IEnumerable<string> usual = Entries($"{UsualManifests}/", IsManifest).Where(Starts(word));
        return usual.Concat(Entries(word, static entry => entry is DirectoryInfo || IsManifest(entry)));
    }

    private static bool IsManifest(FileSystemInfo entry) => entry is FileInfo { Extension: ".jsonl" };

    // What lies in the folder that the word names and begins as the word does; folders with a slash, to be continued.
    private IEnumerable<string> Entries(string word, Func<FileSystemInfo, bool> isWanted)
    {
        string parent = word[..(word.LastIndexOf('/') + 1)];
        string folder = Path.Combine(context.WorkingDirectory, parent);
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(isWanted)
                .Select(entry => $"{parent}{entry.Name}{(entry is DirectoryInfo ? "/" : "")}").Where(Starts(word))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Func<string, bool> Starts(string word) => name => name.StartsWith(word, StringComparison.Ordinal);

    // Where a shell passes words as they were typed, quotes around a whole word are the shell's.
    private static string Unquoted(string word) => word is ['\'', .., '\''] or ['"', .., '"'] ? word[1..^1] : word;
}
