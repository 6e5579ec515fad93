using System.Globalization;

namespace Refrag.Composition;

/// <summary>The names of types, and how sizes and durations are written.</summary>
internal static class SchemaTypes
{
    private static readonly (string Unit, decimal MiB)[] SizeUnits = [("TiB", 1024m * 1024), ("GiB", 1024), ("MiB", 1)];
    private static readonly (string Unit, decimal Seconds)[] DurationUnits = [("ms", 0.001m), ("s", 1), ("m", 60), ("h", 3600),
        ("d", 86400)];

    public static IEnumerable<string> Names => Enum.GetValues<SchemaType>().Select(NameOf);

    public static string NameOf(SchemaType type) => type switch
    {
        SchemaType.Int => "int",
        SchemaType.Number => "number",
        SchemaType.Bool => "bool",
        SchemaType.String => "string",
        SchemaType.List => "list",
        SchemaType.Mapping => "mapping",
        SchemaType.Size => "size",
        SchemaType.Duration => "duration",
        _ => "any",
    };

    public static SchemaType? Parse(string name)
    {
        foreach (var type in Enum.GetValues<SchemaType>())
        {
            if (NameOf(type) == name) return type;
        }
        return null;
    }

    /// <summary>A size in MiB; null where the text is none.</summary>
    public static decimal? ParseSize(string text) => ParseUnit(text, SizeUnits);

    /// <summary>A duration in seconds; null where the text is none.</summary>
    public static decimal? ParseDuration(string text) => ParseUnit(text, DurationUnits);

    /// <summary>A limit as a user would write the value.</summary>
    public static string Show(decimal limit, SchemaType type)
    {
        string number = limit.ToString("0.############", CultureInfo.InvariantCulture);
        return type switch { SchemaType.Size => $"{number} MiB", SchemaType.Duration => $"{number} s", _ => number };
    }

    private static decimal? ParseUnit(string text, (string Unit, decimal Factor)[] units)
    {
        string trimmed = text.Trim();
        decimal factor = 1;
        foreach (var (unit, value) in units)
        {
            if (!trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            (trimmed, factor) = (trimmed[..^unit.Length].TrimEnd(), value);
            break;
        }
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(trimmed, Plain, CultureInfo.InvariantCulture, out decimal number)) return null;
        // A number beyond what decimal holds is no size of anything.
        return Math.Abs(number) > 1_000_000_000_000_000m ? null : number * factor;
    }
}
