using System.CommandLine;
using System.CommandLine.Parsing;

namespace Refrag.Cli;

/// <summary>
/// Words that begin as options do and are none. No override begins with a hyphen, so none of them can have been meant as one.
/// </summary>
internal static class UnknownOptions
{
    /// <summary>A problem RF5004 for each; empty if there is none.</summary>
    public static IReadOnlyList<Problem> In(ParseResult parsed)
    {
        List<string> words = [.. Words(parsed).Where(word => word is ['-', _, ..])];
        if (words.Count == 0) return [];
        // What stands behind -- was not meant as an option.
        int end = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Count();
        HashSet<string> typed = [.. parsed.Tokens.Take(end).Select(token => token.Value)];
        Command verb = parsed.CommandResult.Command;
        return [.. words.Where(typed.Contains).Distinct(StringComparer.Ordinal).Select(word => Unknown(verb, word))];
    }

    // The words that no option took.
    private static IEnumerable<string> Words(ParseResult parsed)
    {
        foreach (SymbolResult child in parsed.CommandResult.Children)
        {
            if (child is not ArgumentResult argument) continue;
            foreach (Token token in argument.Tokens) yield return token.Value;
        }
        foreach (string word in parsed.UnmatchedTokens) yield return word;
    }

    private static Problem Unknown(Command verb, string word)
    {
        string name = word.Split('=')[0];
        List<string> known = [.. verb.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)),
            "--help"];
        return new Problem
        {
            Code = "RF5004",
            What = $"{verb.Name} has no option {name}",
            Cure = $"See refrag {Path(verb)}--help.{Suggestion.Sentence(name, known)}{OfAProgram(verb)}",
            Place = new ArgumentPlace(word, 1, name.Length),
        };
    }

    // Who forgets the two hyphens types the program's options to `refrag run`.
    private static string OfAProgram(Command verb) =>
        verb.Name == "run" ? " A program and its options stand behind --: refrag run -- python train.py --lr 0.1." : "";

    private static string Path(Command verb) =>
        verb is RootCommand
            ? ""
            : string.Concat(
            verb.Parents
                .OfType<Command>().Where(parent => parent is not RootCommand).Reverse().Append(verb).Select(command => $"{command.Name} "));
}
