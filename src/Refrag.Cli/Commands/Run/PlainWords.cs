using Refrag.Cli.Configuration;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Run;

/// <summary>
/// A word that is no override, as in <c>refrag run train.py</c>, <c>refrag run python train.py</c> or <c>refrag run mine</c>: answered with
/// the command line that was most likely meant.
/// </summary>
internal static class PlainWords
{
    /// <summary>The problem RF5054 of the first such word; null if there is none.</summary>
    public static Problem? In(CliContext context, JobSource source, JobWords words)
    {
        int at = words.Overrides.TakeWhile(word => word.Contains('=', StringComparison.Ordinal) || word.StartsWith('~')).Count();
        if (at == words.Overrides.Count) return null;
        string word = words.Overrides[at];
        IReadOnlyList<string> apps = source.Composer.Options("app");
        string[] others = [.. words.Overrides.Where((_, index) => index != at)];
        string[] behind = [.. words.Overrides.Skip(at + 1), .. words.Command ?? []];
        return new Problem
        {
            Code = "RF5054",
            What = $"{word} is not an override",
            Cause = "An override changes a key or chooses an option, as lr=0.1 or env=awsbatch",
            Cure = apps.Contains(word) ? $"To run this app, write: {Line([$"app={word}", .. others])}."
                : MeantCommand.Of(context, word) is { } command
                    ? $"To run this command, write: {Line([.. words.Overrides.Take(at), "--", .. command, .. behind])}."
                    : $"Choose an app with app=NAME ({string.Join(", ", apps)}), or run a command: {Line(["--", word])}."
                        + Suggestion.Sentence(word, apps),
            Place = new ArgumentPlace(word, 1, Math.Max(1, word.Length)),
        };
    }

    private static string Line(IEnumerable<string> words) =>
        $"refrag run {string.Join(' ', words.Select(word => word == "--" ? word : ShellWord.Quote(word)))}";
}
