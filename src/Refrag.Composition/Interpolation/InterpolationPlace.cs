using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>The place of a part of a scalar.</summary>
internal static class InterpolationPlace
{
    /// <summary>The part's own place where the text stands in its line as it is, else the scalar's.</summary>
    /// <param name="node">The scalar.</param>
    /// <param name="at">Where in its text the part begins, from 0.</param>
    /// <param name="length">How long the part is.</param>
    public static Place? Of(ConfigNode node, int at, int length)
    {
        Place? place = node.Origin;
        if (node is not ConfigScalar { Text: { } text }) return place;
        return place switch
        {
            FilePlace { LineText: { } line } file when Offset(line, file.Column, text) is { } offset =>
                file with { Column = file.Column + offset + at, Length = Math.Max(1, length) },
            ArgumentPlace argument when Offset(argument.Text, argument.Column, text) is { } offset =>
                argument with { Column = argument.Column + offset + at, Length = Math.Max(1, length) },
            _ => place,
        };
    }

    // 0 for text without quotes, 1 behind a quote; none where escapes or line breaks make the text another than what is written.
    private static int? Offset(string line, int column, string text)
    {
        for (int offset = 0; offset <= 1; offset++)
        {
            int start = column - 1 + offset;
            if (start <= line.Length && line.AsSpan(start).StartsWith(text, StringComparison.Ordinal)) return offset;
        }
        return null;
    }
}
