using System.Globalization;
using System.Text;

namespace Refrag.Composition.Overrides.Functions;

/// <summary>
/// JSON as the reference's <c>json_str</c> writes it: a blank after comma and colon, everything beyond ASCII escaped, <c>NaN</c> and
/// <c>Infinity</c> bare.
/// </summary>
internal static class JsonText
{
    /// <summary>Writes, or gives false for what JSON cannot hold: sweeps.</summary>
    public static bool TryWrite(OverrideValue value, out string json)
    {
        var text = new StringBuilder();
        bool written = Write(text, value);
        json = text.ToString();
        return written;
    }

    private static bool Write(StringBuilder text, OverrideValue value)
    {
        switch (value)
        {
            case ListValue list: return WriteAll(text, '[', list.Items, ']', Write);
            case DictionaryValue dictionary: return WriteAll(text, '{', dictionary.Entries, '}', WriteEntry);
            case TextValue plain: WriteString(text, plain.Text); return true;
            case QuotedValue quoted: WriteString(text, quoted.Text); return true;
            case NullValue or BooleanValue or IntegerValue or FloatValue: text.Append(Scalar(value)); return true;
            default: return false;
        }
    }

    private static bool WriteAll<T>(StringBuilder text, char open, IReadOnlyList<T> items, char close, Func<StringBuilder, T, bool> write)
    {
        text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            if (!write(text, items[i])) return false;
        }
        text.Append(close);
        return true;
    }

    private static bool WriteEntry(StringBuilder text, DictionaryEntry entry)
    {
        WriteString(text, entry.Key is TextValue key ? key.Text : Scalar(entry.Key));
        text.Append(": ");
        return Write(text, entry.Value);
    }

    private static string Scalar(OverrideValue value) => value switch
    {
        BooleanValue boolean => boolean.Value ? "true" : "false",
        FloatValue { Value: double.NaN } => "NaN",
        FloatValue { Value: double.PositiveInfinity } => "Infinity",
        FloatValue { Value: double.NegativeInfinity } => "-Infinity",
        _ => OverridePrinter.ReferenceText(value),
    };

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c is >= ' ' and < '\x7f') text.Append(c);
            else text.Append(Escape(c));
        }
        text.Append('"');
    }

    private static string Escape(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        // DEL is ASCII and stays as it is.
        '\x7f' => "\x7f",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
