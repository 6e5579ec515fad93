using System.Globalization;

namespace Refrag.Composition.Yaml.Scanning;

/// <summary>What can be wrong with the syntax of a document, in words for people.</summary>
internal static class YamlFaults
{
    private const string QuoteIt = "Put quotes around the value to have it as text.";

    public static YamlSyntaxException Forbidden(char c, YamlPosition at) => Fault(
        string.Create(CultureInfo.InvariantCulture, $"The character U+{(int)c:X4} cannot stand in a YAML file"),
        null,
        string.Create(CultureInfo.InvariantCulture, $"Remove it, or write \\u{(int)c:x4} in double quotes."),
        at);

    public static YamlSyntaxException CannotStart(char c, bool inFlow, YamlPosition at) => c switch
    {
        '\t' => Fault("A tab stands where a key or a value should begin", "YAML indents and separates with spaces only",
            "Replace the tab by spaces.", at),
        '|' or '>' when inFlow => Fault($"A text block '{c}' cannot stand inside [] or {{}}", null, QuoteIt, at),
        _ => Fault($"A value cannot begin with '{c}'", "YAML keeps the character for itself", QuoteIt, at),
    };

    public static YamlSyntaxException NoColon(YamlPosition at) => Fault(
        "This line is in a mapping and is no 'key: value'",
        "a line at this indentation is a key, a colon, a space and a value, all in one line",
        "Add the colon and a space behind it, or indent the line further where it continues with the value above.",
        at);

    public static YamlSyntaxException NoItemHere(YamlPosition at) => Fault(
        "A list cannot begin here", "its first '- ' stands on a line of its own", "Move the list to the line below, or write [a, b].", at);

    public static YamlSyntaxException NoKeyHere(YamlPosition at) => Fault(
        "A mapping cannot begin here", "its first key stands on a line of its own", "Move it to the line below, further indented.", at);

    public static YamlSyntaxException NoValueHere(YamlPosition at) => Fault(
        "A colon with a space stands inside of a value",
        "it would begin a mapping, and a mapping begins on a line of its own",
        "Put quotes around the whole value, or move the mapping to the line below, further indented.",
        at);

    public static YamlSyntaxException Unclosed(char quote, YamlPosition opening) => Fault(
        $"The quote {quote} that opens here is never closed",
        null,
        quote == '"' ? "Close it; a quote inside is written \\\"." : "Close it; a quote inside is written twice: ''.",
        opening);

    public static YamlSyntaxException DocumentMarkInQuotes(YamlPosition at) => Fault(
        "A line of --- or ... stands inside of quotes", "such a line begins or ends a document",
        "Close the quotes before it, or indent the line.", at);

    public static YamlSyntaxException BadEscape(char c, YamlPosition at) => Fault(
        CursorIsEnd(c) ? "A backslash stands at the end" : $"\\{c} means nothing in double quotes",
        null,
        "Write \\\\ for a backslash, or use single quotes, in which nothing is escaped.",
        at);

    public static YamlSyntaxException BadCode(int digits, YamlPosition at) =>
        Fault($"{digits} hexadecimal digits of a character's code are expected here", null,
            "Write all digits, as in \\x41 or \\u20AC, or \\\\ for a backslash.", at);

    public static YamlSyntaxException BadName(char mark, YamlPosition at) => Fault(
        mark == '*' ? "An alias * needs a name of letters, digits, - and _" : "An anchor & needs a name of letters, digits, - and _",
        $"a value that begins with {mark} is "
            + $"{(mark == '*' ? "an alias: it repeats what has the anchor" : "an anchor: a name for what follows")}",
        $"Put quotes around a value that is meant as text, as in '{(mark == '*' ? "*.txt" : "&c")}'.",
        at);

    public static YamlSyntaxException BadTag(YamlPosition at) => Fault(
        "This is not a tag", "a value that begins with ! has a tag, such as !!str, and a space behind it",
        "Put quotes around a value that is meant as text.", at);

    public static YamlSyntaxException UnknownHandle(string handle, YamlPosition at) =>
        Fault($"The tag handle {handle} is not declared", null,
            $"Declare it with %TAG, or put quotes around a value that is meant as text.", at);

    public static YamlSyntaxException BadDirective(YamlPosition at) => Fault(
        "This line is not a directive", "a line that begins with % is one: %YAML 1.1 or %TAG ! PREFIX",
        "Remove the line, or put quotes around a value that begins with %.", at);

    public static YamlSyntaxException TwiceDirective(string name, YamlPosition at) =>
        Fault($"{name} is declared twice", null, "Keep one of them.", at);

    public static YamlSyntaxException Version(string version, YamlPosition at) =>
        Fault($"This document is YAML {version}", "YAML 1.1 is read", "Write %YAML 1.1, or leave the line out.", at);

    public static YamlSyntaxException BlockHeader(YamlPosition at) => Fault(
        "Behind | or > only +, -, a digit from 1 to 9 and a comment can stand", null,
        "Begin the text on the next line, further indented, or put quotes around it.", at);

    public static YamlSyntaxException Unseparated(bool list, YamlToken opening, YamlToken found) => Fault(
        found.Kind == YamlTokenKind.StreamEnd
            ? string.Create(CultureInfo.InvariantCulture, $"The '{(list ? '[' : '{')}' of line {opening.Start.Line} is never closed")
            : $"A ',' or '{(list ? ']' : '}')}' is missing before {Name(found)}",
        null,
        list ? "Separate items by ',' and end the list with ']'." : "Separate pairs by ',' and end the mapping with '}'.",
        found.Kind == YamlTokenKind.StreamEnd ? opening.Start : found.Start);

    public static YamlSyntaxException NotInBlock(bool list, YamlToken opening, YamlToken found) => Fault(
        list ? $"An item of the list is expected, and {Name(found)} stands here" : $"A key is expected, and {Name(found)} stands here",
        string.Create(CultureInfo.InvariantCulture,
            $"the {(list ? "list" : "mapping")} begins in line {opening.Start.Line}, column {opening.Start.Column + 1}"),
        list
            ? "Begin the line with '- ', or indent it like what is around the list."
            : "Indent the line like the other keys; put quotes around a value that continues behind a quote.",
        found.Start);

    public static YamlSyntaxException NoContent(YamlToken found) =>
        Fault($"A value is expected, and {Name(found)} stands here", null, "Write the value, or put quotes around one that begins so.",
            found.Start);

    public static YamlSyntaxException AfterDocument(YamlToken found) => Fault(
        $"The document has ended, and {Name(found)} follows", null,
        "Put quotes around a value that continues behind a quote or a bracket; indent keys alike.", found.Start);

    public static YamlSyntaxException TooDeep(int depth, YamlPosition at) =>
        new("RF1208", $"Lists and mappings lie more than {depth} deep one in another", null, "Write the configuration flatter.", at);

    private static YamlSyntaxException Fault(string what, string? cause, string cure, YamlPosition at) =>
        new("RF1201", what, cause, cure, at);

    private static bool CursorIsEnd(char c) => c is '\0' or '\n' or '\r';

    private static string Name(YamlToken token) => token.Kind switch
    {
        YamlTokenKind.StreamEnd => "the end of the file",
        YamlTokenKind.DocumentStart => "'---'",
        YamlTokenKind.DocumentEnd => "'...'",
        YamlTokenKind.BlockSequenceStart or YamlTokenKind.BlockEntry => "'-'",
        YamlTokenKind.BlockMappingStart or YamlTokenKind.Key => "a key",
        YamlTokenKind.BlockEnd => "a line that is indented less",
        YamlTokenKind.FlowSequenceStart => "'['",
        YamlTokenKind.FlowSequenceEnd => "']'",
        YamlTokenKind.FlowMappingStart => "'{'",
        YamlTokenKind.FlowMappingEnd => "'}'",
        YamlTokenKind.FlowEntry => "','",
        YamlTokenKind.Value => "':'",
        YamlTokenKind.Alias => $"*{token.Text}",
        YamlTokenKind.Anchor => $"&{token.Text}",
        YamlTokenKind.Tag => "a tag",
        YamlTokenKind.Scalar => token.Text!.Length is > 0 and <= 40 && !token.Text.Contains('\n') ? $"'{token.Text}'" : "a text",
        _ => "'%'",
    };
}
