using Refrag.Composition.Overrides.Grammar;

namespace Refrag.Composition.Overrides;

/// <summary>What can be wrong with the writing of an override. RF110x.</summary>
internal static class OverrideProblems
{
    /// <summary>An override whose key a later one sets again.</summary>
    public static Problem WithoutEffect(Override item, Override winner) => new()
    {
        Code = "RF1622",
        What = $"{item.Text} has no effect: {winner.Text} comes later",
        Cure = "Keep one of them.",
        Place = item.KeyPlace,
    };

    public static Problem Unexpected(string text, Token token, Token? open) => token.Fault switch
    {
        TokenFault.UnclosedQuote => UnclosedQuote(text, token),
        TokenFault.UnclosedInterpolation => new Problem
        {
            Code = "RF1103",
            What = "the interpolation '${' is not closed",
            Cure = @"Close it with '}', or write \$\{ for the characters themselves.",
            Place = token.Span.In(text),
        },
        TokenFault.ControlCharacter => new Problem
        {
            Code = "RF1105",
            What = $"the control character U+{(int)text[token.Start]:X4} cannot stand outside quotes",
            Cure = "Put the value in quotes: key='…'.",
            Place = token.Span.In(text),
        },
        TokenFault.UnexpectedCharacter => new Problem
        {
            Code = "RF1101",
            What = $"'{text[token.Start]}' cannot stand here",
            Cure = "Put the value in quotes: key='…'.",
            Place = token.Span.In(text),
        },
        _ => token.Kind == TokenKind.End ? UnexpectedEnd(text, token, open) : UnexpectedToken(text, token, open),
    };

    public static Problem NoEquals(string text, TextSpan key, TextSpan place) => text.Length == 0 ? Empty(text) : new Problem
    {
        Code = "RF1104",
        What = $"'{text}' gives no value",
        Cause = place.Start < text.Length ? $"the key ends at '{text[place.Start]}', which no key can hold" : null,
        Cure = place.Start < text.Length
            ? "Write key=value; a key holds letters, digits, _, -, $, dots, one / between group names, and one @ before a package."
            : $"Write {text}=VALUE, or ~{text[key.Start..]} to delete it.",
        Place = place.In(text),
    };

    private static Problem Empty(string text) => new()
    {
        Code = "RF1104",
        What = "the argument is empty",
        Cause = "often a variable of the shell that is not set",
        Cure = "Leave it out, or write key=value.",
        Place = new ArgumentPlace(text),
    };

    public static Problem BadKey(string text, TextSpan place) => new()
    {
        Code = "RF1106",
        What = place.Start < text.Length
            ? $"the key cannot continue with '{text.Substring(place.Start, Math.Max(1, place.Length))}'"
            : "the key is not complete",
        Cause = "a key is a path with dots (db.port) or a group with slashes (db/engine), either with @package; dots and slashes do not "
            + "mix",
        Cure = "Write key=value, such as db.port=3306 or db/engine@backup=innodb.",
        Place = place.In(text),
    };

    public static Problem OnlySpace(string text, TextSpan place) => new()
    {
        Code = "RF1101",
        What = "there is only white space where a value must be",
        Cure = "Give a value, or '' for an empty string.",
        Place = place.In(text),
    };

    public static Problem TooManyDigits(string text, TextSpan place, int most) => new()
    {
        Code = "RF1107",
        What = $"the integer has {place.Length} digits; {most} are the most",
        Cure = "Put it in quotes to keep it as a string.",
        Place = new TextSpan(place.Start, 1).In(text),
    };

    public static Problem TooDeep(string text, TextSpan place, int most) => new()
    {
        Code = "RF1108",
        What = $"the value is nested more than {most} deep",
        Cure = "Put the value into a configuration file, or flatten it.",
        Place = place.In(text),
    };

    public static Problem QuotedDictionaryKey(string text, TextSpan place) => new()
    {
        Code = "RF1109",
        What = "a dictionary key cannot stand in quotes",
        Cure = $"Write it without: {{{OverridePrinter.Escape(QuotedText.Unquote(text.AsSpan(place.Start, place.Length)))}: …}}. Blanks, "
            + "commas, colons and brackets take a backslash.",
        Place = place.In(text),
    };

    public static Problem NoColon(string text, TextSpan place) => new()
    {
        Code = "RF1110",
        What = "a dictionary entry has no value",
        Cause = text[place.Start..place.End].Trim() == "=" ? "an entry is written key: value, with a colon" : null,
        Cure = "Write {key: value, key: value}.",
        Place = place.In(text),
    };

    public static Problem PositionalAfterNamed(string text, TextSpan place, string before) => new()
    {
        Code = "RF1111",
        What = $"an argument without a name follows the named argument {before}=",
        Cure = "Put the arguments without names first.",
        Place = place.In(text),
    };

    public static Problem ExtendWithSign(string text, TextSpan place, string sign) => new()
    {
        Code = "RF1112",
        What = $"extend_list cannot stand with '{sign}'",
        Cause = "it appends to a list that is there already",
        Cure = $"Leave out the sign: {text[place.Start..]}.",
        Place = new TextSpan(0, sign.Length).In(text),
    };

    private static Problem UnclosedQuote(string text, Token token)
    {
        char quote = text[token.Start];
        return new Problem
        {
            Code = "RF1102",
            What = $"the quote {quote} is not closed",
            Cause = text.AsSpan(token.Start).EndsWith($"\\{quote}") ? $"a backslash before {quote} makes it part of the string" : null,
            Cure = quote == '\''
                ? "Close it, or put the whole value in the other quotes: key=\"…'…\"."
                : "Close it, or put the whole value in the other quotes: key='…\"…'.",
            Place = new TextSpan(token.Start, 1).In(text),
        };
    }

    private static Problem UnexpectedEnd(string text, Token token, Token? open) => open is { } opening
        ? new Problem
        {
            Code = "RF1103",
            What = $"the '{Sign(text, opening)}' at column {opening.Start + Blanks(text, opening) + 1} is not closed",
            Cure = $"Close it with '{Closing(Sign(text, opening))}', or write \\{Sign(text, opening)} for the character itself.",
            Place = token.Span.In(text),
        }
        : new Problem
        {
            Code = "RF1101",
            What = "the value ends where another one must follow",
            Cure = "Give the missing value, or leave out the comma.",
            Place = token.Span.In(text),
        };

    private static Problem UnexpectedToken(string text, Token token, Token? open)
    {
        string shown = text.Substring(token.Start, token.Length).Trim();
        bool afterQuote = token.Start > 0 && text[token.Start - 1] is ('\'' or '"');
        return new Problem
        {
            Code = "RF1101",
            What = token.Kind == TokenKind.Quoted ? $"{shown} cannot stand here" : $"'{shown}' cannot stand here",
            Cause = Cause(token.Kind, afterQuote, open is not null),
            Cure = token.Kind == TokenKind.Comma
                ? "Leave out the comma, or write \\, for the character itself."
                : "Put the whole value in quotes (key='…'), or write a backslash before each of ()[]{}:=, that is text.",
            Place = token.Span.In(text),
        };
    }

    private static string? Cause(TokenKind kind, bool afterQuote, bool inside) => kind switch
    {
        TokenKind.Quoted => "quotes surround a whole value; they cannot stand inside one",
        TokenKind.BracketClose or TokenKind.BraceClose or TokenKind.ParenClose =>
            inside ? "another bracket is open" : "nothing that it closes is open",
        TokenKind.Comma => "a value is missing before it",
        TokenKind.ParenOpen => "only a function's name goes before a parenthesis",
        _ => afterQuote ? "nothing can follow a closing quote but a comma or a bracket" : null,
    };

    private static int Blanks(string text, Token token) => token.Length - text.AsSpan(token.Start, token.Length).TrimStart().Length;

    private static char Sign(string text, Token token) => text[token.Start + Blanks(text, token)];

    private static char Closing(char open) => open switch
    {
        '(' => ')',
        '[' => ']',
        _ => '}',
    };
}
