using System.Globalization;
using System.Text;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Yaml;

/// <summary>
/// Scalars as PyYAML writes them: plain where that reads back as the same text, else in single quotes, else in double quotes.
/// </summary>
internal sealed class YamlScalarWriter(StringBuilder text)
{
    // PyYAML's line width, and how long a key may be that stands on one line with its value.
    private const int Width = 80;
    private const int LongestSimpleKey = 128;

    /// <summary>Writes a value; lines of a longer one begin at an indent.</summary>
    public void Value(ConfigScalar scalar, int indent) => Write(scalar, indent, key: false);

    /// <summary>Writes a key. False where it needed the long form, with a question mark.</summary>
    public bool Key(ConfigScalar scalar, int indent)
    {
        bool simple = scalar.Text is { } key
            ? key.Length < LongestSimpleKey && !YamlScalarShape.Of(key).HasLineBreaks
            : scalar.Kind != ScalarKind.Bytes;
        if (!simple) text.Append("? ");
        Write(scalar, indent, simple);
        return simple;
    }

    private void Write(ConfigScalar scalar, int indent, bool key)
    {
        if (scalar.Text is { } value) Text(value, indent, key);
        else if (scalar.Kind == ScalarKind.Bytes) Binary(scalar.Bytes.Span, indent);
        else text.Append(Bare(scalar));
    }

    private static string Bare(ConfigScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Null => "null",
        ScalarKind.Boolean => scalar.Boolean == true ? "true" : "false",
        ScalarKind.Float => Float(scalar.Float.GetValueOrDefault()),
        _ => PythonText.Str(scalar),
    };

    private static string Float(double value)
    {
        if (double.IsNaN(value)) return ".nan";
        if (double.IsInfinity(value)) return value > 0 ? ".inf" : "-.inf";
        string number = PythonText.Float(value);
        // YAML 1.1 takes no number for a float that has an exponent and no point.
        return number.Contains('.') ? number : number.Replace("e", ".0e", StringComparison.Ordinal);
    }

    private void Binary(ReadOnlySpan<byte> bytes, int indent)
    {
        const int LineLength = 76;
        if (bytes.IsEmpty)
        {
            text.Append("!!binary \"\"");
            return;
        }
        string digits = Convert.ToBase64String(bytes);
        text.Append("!!binary |");
        for (int i = 0; i < digits.Length; i += LineLength)
            text.Append('\n').Append(' ', indent).Append(digits.AsSpan(i, Math.Min(LineLength, digits.Length - i)));
    }

    private void Text(string value, int indent, bool key)
    {
        YamlScalarShape shape = YamlScalarShape.Of(value);
        bool plain = shape.AllowsPlain && value.Length > 0 && !YamlQuoting.IsNeeded(value);
        if (plain) Plain(value, indent, split: !key);
        else if (shape.AllowsSingleQuotes && !(key && shape.HasLineBreaks)) SingleQuoted(value, indent, split: !key);
        else DoubleQuoted(value, indent, split: !key);
    }

    private int Column => text.Length - LineStart();

    private int LineStart()
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == '\n') return i + 1;
        }
        return 0;
    }

    private void NewLine(int indent) => text.Append('\n').Append(' ', indent);

    // A line is broken at a single space, the first behind the width.
    private void Plain(string value, int indent, bool split)
    {
        int column = Column;
        for (int at = 0; at < value.Length;)
        {
            int end = RunEnd(value, at);
            bool space = value[at] == ' ';
            if (space && end == at + 1 && column > Width && split) column = Broken(indent);
            else
            {
                text.Append(value, at, end - at);
                column += end - at;
            }
            at = end;
        }
    }

    private int Broken(int indent)
    {
        NewLine(indent);
        return indent;
    }

    private static int RunEnd(string value, int at)
    {
        bool space = value[at] == ' ';
        int end = at + 1;
        while (end < value.Length && value[end] == ' ' == space && !IsBreak(value[end]) && !IsBreak(value[at])) end++;
        return end;
    }

    private void SingleQuoted(string value, int indent, bool split)
    {
        text.Append('\'');
        int column = Column;
        for (int at = 0; at < value.Length;)
        {
            if (IsBreak(value[at]))
            {
                // One more break than there are in the text: the first alone would be read as a space.
                if (value[at] == '\n') text.Append('\n');
                while (at < value.Length && IsBreak(value[at])) text.Append(value[at++]);
                text.Append(' ', indent);
                column = indent;
                continue;
            }
            int end = RunEnd(value, at);
            bool breakHere = value[at] == ' ' && end == at + 1 && column > Width && split && at != 0 && end != value.Length;
            if (breakHere) column = Broken(indent);
            else
            {
                string run = value[at..end].Replace("'", "''", StringComparison.Ordinal);
                text.Append(run);
                column += run.Length;
            }
            at = end;
        }
        text.Append('\'');
    }

    private void DoubleQuoted(string value, int indent, bool split)
    {
        text.Append('"');
        int column = Column;
        for (int at = 0; at < value.Length; at++)
        {
            int length = EscapeOrChar(value, ref at, out bool escaped);
            column += length;
            bool inside = at > 0 && at < value.Length - 1;
            if (!inside || !split) continue;
            // PyYAML breaks before a space, and behind an escape.
            bool nextIsSpace = value[at + 1] == ' ' && at + 1 < value.Length - 1;
            if ((nextIsSpace || escaped) && column > Width)
            {
                text.Append('\\');
                column = Broken(indent);
                if (value[at + 1] == ' ')
                {
                    text.Append('\\');
                    column++;
                }
            }
        }
        text.Append('"');
    }

    private int EscapeOrChar(string value, ref int at, out bool escaped)
    {
        int before = text.Length;
        // Half of a pair, which only an escape can hold.
        int code = Rune.TryGetRuneAt(value, at, out Rune found) ? found.Value : value[at];
        escaped = code is '"' or '\\' or 0x85 or 0x2028 or 0x2029 or 0xFEFF
            || !(code is (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD));
        if (!escaped) text.Append(found.ToString());
        else text.Append(Escape(code));
        if (found.Utf16SequenceLength == 2) at++;
        return text.Length - before;
    }

    private static string Escape(int code) => code switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        0x1B => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        0x85 => "\\N",
        0xA0 => "\\_",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{code:X2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{code:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{code:X8}"),
    };

    private static bool IsBreak(char c) => c is '\n' or '\x85' or '\u2028' or '\u2029';
}
