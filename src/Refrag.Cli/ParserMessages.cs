using System.Text.RegularExpressions;

namespace Refrag.Cli;

/// <summary>The parser's messages in words for users: without names of .NET's types.</summary>
internal static partial class ParserMessages
{
    public static string Kinder(string message) => Unreadable().Match(message) is { Success: true } match
        ? $"{match.Groups["option"].Value} {match.Groups["value"].Value} is not {Kind(match.Groups["type"].Value)}"
        : message.TrimEnd('.');

    private static string Kind(string type) =>
        type.Contains("Int", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
        : type.Contains("Double", StringComparison.Ordinal) || type.Contains("Decimal", StringComparison.Ordinal) ? "a number"
        : "understood";

    [GeneratedRegex(@"^Cannot parse argument '(?<value>.*)' for option '(?<option>[^']+)' as expected type '(?<type>.+)'\.?",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unreadable();
}
