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

    /// <summary>A size in MiB; null if the text is none.</summary>
    public static decimal? ParseSize(string text) => ParseUnit(text, SizeUnits);

    /// <summary>
    /// The same number in a unit that counts by 1,024, as <c>64GiB</c> for <c>64GB</c>; null if the text is not such a size.
    /// </summary>
    public static string? InBinaryUnit(string text)
    {
        string number = text.Trim().TrimEnd('b', 'B');
        if (number.Length < 2 || number[..^1].TrimEnd() is not { Length: > 0 } digits || ParseUnit(digits, []) is null) return null;
        return char.ToUpperInvariant(number[^1]) is 'M' or 'G' or 'T' ? $"{digits}{char.ToUpperInvariant(number[^1])}iB" : null;
    }

    /// <summary>A duration in seconds; null if the text is none.</summary>
    public static decimal? ParseDuration(string text) => ParseUnit(text, DurationUnits);

    /// <summary>A limit as a user would write the value.</summary>
    public static string Show(decimal limit, SchemaType type)
    {
        string number = limit.ToString("0.############", CultureInfo.InvariantCulture);
        return type switch { SchemaType.Size => $"{number} MiB", SchemaType.Duration => $"{number} s", _ => number };
    }

    /// <summary>The values that a key allows, as they stand in a sentence: <c>a whole number from 0 to 8, or null</c>.</summary>
    public static string Phrase(SchemaKey key)
    {
        string phrase = key.Choices.Count > 0 ? $"one of {string.Join(", ", key.Choices)}" : Noun(key) + Range(key);
        return phrase + (key.IsNullable ? ", or null" : "");
    }

    /// <summary>A value that a key without choices allows, as it is written in an override.</summary>
    public static string Example(SchemaKey key) => key.Type switch
    {
        SchemaType.Int => Show(Near(1, key), key.Type),
        SchemaType.Number => Show(Near(0.5m, key), key.Type),
        SchemaType.Bool => "true",
        SchemaType.List => $"[{(key.Items is null ? "a" : Example(key.Items))}]",
        SchemaType.Mapping => "{a: 1}",
        SchemaType.Size => Show(Near(512, key), key.Type).Replace(" ", "", StringComparison.Ordinal),
        SchemaType.Duration => Show(Near(60, key), key.Type).Replace(" ", "", StringComparison.Ordinal),
        _ => key.Choices is [var first, ..] ? first : "text",
    };

    private static decimal Near(decimal usual, SchemaKey key) =>
        Math.Max(Math.Min(usual, key.Max ?? usual), key.Min ?? decimal.MinValue);

    private static string Noun(SchemaKey key) => key.Type switch
    {
        SchemaType.Int => "a whole number",
        SchemaType.Number => "a number",
        SchemaType.Bool => "true or false",
        SchemaType.String => "a string",
        SchemaType.List => key.Items is null ? "a list" : $"a list, each item {Phrase(key.Items)}",
        SchemaType.Mapping => "a mapping",
        SchemaType.Size => "a size such as 512MiB",
        SchemaType.Duration => "a duration such as 90m",
        _ => "a value",
    };

    private static string Range(SchemaKey key)
    {
        (string from, string to, string least, string most) = key.Type switch
        {
            SchemaType.String => (" of ", " to ", " of at least ", " of at most "),
            SchemaType.List or SchemaType.Mapping => (" with ", " to ", " with at least ", " with at most "),
            _ => (" from ", " to ", " of at least ", " of at most "),
        };
        string unit = key.Type switch
        {
            SchemaType.String => " characters",
            SchemaType.List or SchemaType.Mapping => " items",
            _ => "",
        };
        return (key.Min, key.Max) switch
        {
            ({ } min, { } max) => $"{from}{Show(min, key.Type)}{to}{Show(max, key.Type)}{unit}",
            ({ } min, null) => $"{least}{Show(min, key.Type)}{unit}",
            (null, { } max) => $"{most}{Show(max, key.Type)}{unit}",
            _ => "",
        };
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
