using System.Globalization;
using System.Text;

namespace Refrag.Composition.Tree;

/// <summary>Values as Python prints them: OmegaConf puts this text where a value becomes part of a longer one.</summary>
public static class PythonText
{
    // Python's repr changes to an exponent here; .NET would do so at other numbers.
    private const int FirstExponentAbove = 16;
    private const int LastExponentBelow = -4;

    /// <summary>The value as <c>str()</c> gives it.</summary>
    public static string Str(ConfigNode node)
    {
        if (node is ConfigScalar { Text: { } text }) return text;
        var builder = new StringBuilder();
        AppendRepr(builder, node);
        return builder.ToString();
    }

    /// <summary>The value as <c>repr()</c> gives it: text in quotes.</summary>
    public static string Repr(ConfigNode node)
    {
        var builder = new StringBuilder();
        AppendRepr(builder, node);
        return builder.ToString();
    }

    /// <summary>A floating-point number as <c>repr()</c> gives it: the shortest digits that read back as the same number.</summary>
    public static string Float(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return double.IsNegative(value) ? "-0.0" : "0.0";
        (string digits, int exponent) = Digits(value.ToString("R", CultureInfo.InvariantCulture));
        string sign = value < 0 ? "-" : "";
        if (exponent is >= FirstExponentAbove or < LastExponentBelow) return sign + WithExponent(digits, exponent);
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1) return $"{sign}{digits.PadRight(exponent + 1, '0')}.0";
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string WithExponent(string digits, int exponent)
    {
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        string power = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{power}";
    }

    // The significant digits, and the power of ten of the first of them.
    private static (string Digits, int Exponent) Digits(string shortest)
    {
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = (e < 0 ? shortest : shortest[..e]).TrimStart('-');
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? mantissa : mantissa[..point];
        string digits = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        string significant = digits.TrimStart('0');
        exponent += whole.Length - 1 - (digits.Length - significant.Length);
        return (significant.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0", exponent);
    }

    private static void AppendRepr(StringBuilder builder, ConfigNode node)
    {
        switch (node)
        {
            case ConfigScalar scalar:
                AppendScalar(builder, scalar);
                break;
            case ConfigList list:
                builder.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    if (i > 0) builder.Append(", ");
                    AppendRepr(builder, list[i]);
                }
                builder.Append(']');
                break;
            case ConfigMapping mapping:
                AppendMapping(builder, mapping);
                break;
        }
    }

    private static void AppendMapping(StringBuilder builder, ConfigMapping mapping)
    {
        builder.Append('{');
        for (int i = 0; i < mapping.Count; i++)
        {
            if (i > 0) builder.Append(", ");
            AppendScalar(builder, mapping[i].Key.Scalar);
            builder.Append(": ");
            AppendRepr(builder, mapping[i].Value);
        }
        builder.Append('}');
    }

    private static void AppendScalar(StringBuilder builder, ConfigScalar scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                builder.Append("None");
                break;
            case ScalarKind.Boolean:
                builder.Append(scalar.Boolean == true ? "True" : "False");
                break;
            case ScalarKind.Integer:
                builder.Append(scalar.Integer.GetValueOrDefault().ToString(CultureInfo.InvariantCulture));
                break;
            case ScalarKind.Float:
                builder.Append(Float(scalar.Float.GetValueOrDefault()));
                break;
            case ScalarKind.String:
                PythonQuotes.Append(builder, scalar.Text!);
                break;
            case ScalarKind.Bytes:
                PythonQuotes.Append(builder, scalar.Bytes.Span);
                break;
        }
    }
}
