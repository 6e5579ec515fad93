using System.CommandLine;
using System.CommandLine.Parsing;

namespace Refrag.Cli.Configuration;

/// <summary>
/// The words that make a job: overrides of refrag's configuration, and behind <c>--</c> a command that runs instead of an app. A manifest
/// keeps them as they stand on a command line.
/// </summary>
/// <param name="Overrides">What stands before <c>--</c>.</param>
/// <param name="Command">The program and its arguments; null if there is no <c>--</c>.</param>
internal sealed record JobWords(IReadOnlyList<string> Overrides, IReadOnlyList<string>? Command)
{
    private const string Separator = "--";

    /// <summary>All words, as on a command line.</summary>
    public IReadOnlyList<string> All => Command is null ? Overrides : [.. Overrides, Separator, .. Command];

    /// <summary>Splits words at the first <c>--</c>.</summary>
    public static JobWords Of(IReadOnlyList<string> words)
    {
        int at = words.TakeWhile(word => word != Separator).Count();
        return at == words.Count ? new JobWords(words, Command: null) : new JobWords([.. words.Take(at)], [.. words.Skip(at + 1)]);
    }

    /// <summary>The same of what was typed: the parser leaves <c>--</c> out of the values of an argument.</summary>
    public static JobWords Of(ParseResult parsed, Argument<string[]> words)
    {
        string[] all = parsed.GetValue(words) ?? [];
        List<Token> behind = [.. parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash)];
        if (behind.Count == 0) return new JobWords(all, Command: null);
        int count = behind.Count - 1;
        return new JobWords(all[..^count], all[^count..]);
    }
}
