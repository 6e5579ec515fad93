using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary>A word where a command is expected, and none of that name.</summary>
internal static class UnknownVerbs
{
    /// <summary>The problem RF5006; null if the word after the last command is no command's place.</summary>
    public static Problem? In(CliContext context, ParseResult parsed, string help)
    {
        Command above = parsed.CommandResult.Command;
        if (above.Subcommands.Count == 0 || parsed.UnmatchedTokens is not [var word, ..]) return null;
        string[] known = [.. above.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)];
        bool isFile = above is RootCommand && File.Exists(Path.Combine(context.WorkingDirectory, word));
        IReadOnlyList<string>? command = isFile ? MeantCommand.Of(context, word) : null;
        return new Problem
        {
            Code = "RF5006",
            What = $"{VerbHelp.NameOf(above)} has no command {word}",
            Cure = $"See {help}.{Suggestion.Sentence(word, known)}"
                + (command is null ? "" : $" To run a command, write: refrag run -- {string.Join(' ', command.Select(ShellWord.Quote))}."),
            Place = new ArgumentPlace(word, 1, Math.Max(1, word.Length)),
        };
    }
}
