namespace Refrag.Composition.Yaml;

/// <summary>How a text may be written in YAML outside of flow style, by what characters stand where in it.</summary>
/// <param name="AllowsPlain">Whether it may stand without quotes.</param>
/// <param name="AllowsSingleQuotes">Whether it may stand in single quotes.</param>
/// <param name="HasLineBreaks">Whether it has more than one line.</param>
internal readonly record struct YamlScalarShape(bool AllowsPlain, bool AllowsSingleQuotes, bool HasLineBreaks)
{
    public static YamlScalarShape Of(string text)
    {
        if (text.Length == 0) return new YamlScalarShape(true, true, false);
        bool indicators = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal);
        bool breaks = false, special = false, breakSpace = false, spaceBreak = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool beforeSpace = i + 1 >= text.Length || IsSpace(text[i + 1]);
            bool afterSpace = i == 0 || IsSpace(text[i - 1]);
            indicators |= i == 0 ? IsFirstIndicator(c, beforeSpace) : (c == ':' && beforeSpace) || (c == '#' && afterSpace);
            special |= !IsPrintable(text, i);
            breaks |= IsBreak(c);
            breakSpace |= c == ' ' && i > 0 && IsBreak(text[i - 1]);
            spaceBreak |= IsBreak(c) && i > 0 && text[i - 1] == ' ';
        }
        bool atEdges = IsEdge(text[0]) || IsEdge(text[^1]);
        bool onlyDouble = spaceBreak || special;
        return new YamlScalarShape(!indicators && !breaks && !atEdges && !breakSpace && !onlyDouble, !breakSpace && !onlyDouble, breaks);
    }

    private static bool IsFirstIndicator(char c, bool beforeSpace) =>
        "#,[]{}&*!|>'\"%@`".Contains(c) || (c is '?' or ':' or '-' && beforeSpace);

    private static bool IsEdge(char c) => c == ' ' || IsBreak(c);

    private static bool IsBreak(char c) => c is '\n' or '\x85' or '\u2028' or '\u2029';

    private static bool IsSpace(char c) => c is '\0' or ' ' or '\t' or '\r' || IsBreak(c);

    private static bool IsPrintable(string text, int i)
    {
        char c = text[i];
        if (c == '\n' || c is >= ' ' and <= '~' || c == '\x85') return true;
        if (char.IsSurrogate(c))
            return (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                || (i > 0 && char.IsSurrogatePair(text[i - 1], c));
        return c != '\uFEFF' && c is (>= '\xA0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD') && c != '\uFEFF';
    }
}
