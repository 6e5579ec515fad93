using System.Text;

namespace Refrag.ShippedApps.Training;

/// <summary>One field of a line, without surrounding spaces and quotation marks.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Column">Where it begins in the line, from 1.</param>
internal readonly record struct CsvField(string Text, int Column)
{
    /// <summary>The fields of a line; null if a quotation mark is not closed. Two marks within marks are one. (RFC 4180)</summary>
    public static List<CsvField>? Split(string line)
    {
        List<CsvField> fields = [];
        int position = 0;
        while (true)
        {
            while (position < line.Length && line[position] == ' ') position++;
            int start = position;
            string? text = position < line.Length && line[position] == '"' ? Quoted(line, ref position) : null;
            if (text is null && position > start) return null;
            int end = line.IndexOf(',', position);
            text = (text ?? "") + line[position..(end < 0 ? line.Length : end)].Trim();
            fields.Add(new CsvField(text, start + 1));
            if (end < 0) return fields;
            position = end + 1;
        }
    }

    // The text between marks, with the position after the closing one; null, and the position moved, where it never closes.
    private static string? Quoted(string line, ref int position)
    {
        var text = new StringBuilder();
        for (position++; position < line.Length; position++)
        {
            if (line[position] != '"')
            {
                text.Append(line[position]);
                continue;
            }
            position++;
            if (position == line.Length || line[position] != '"') return text.ToString();
            text.Append('"');
        }
        return null;
    }
}
