namespace Refrag.Composition.Overrides.Functions;

/// <summary>Kinds of values, to say what a parameter takes.</summary>
[Flags]
internal enum Types
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Float = 8,
    String = 16,
    List = 32,
    Dictionary = 64,
    Choice = 128,
    Range = 256,
    Interval = 512,
    Glob = 1024,
    Extension = 2048,
    Zip = 4096,
    Replacement = 8192,

    // A boolean counts as a number, as in the reference.
    Number = Boolean | Integer | Float,
    Scalar = Number | String,
    Element = Scalar | List | Dictionary,
    Sweep = Choice | Range | Interval | Zip,
    Castable = Null | Element | Sweep,
    Any = Castable | Glob | Extension | Replacement,
}

internal static class ValueTypes
{
    public static Types Of(OverrideValue value) => value switch
    {
        NullValue => Types.Null,
        BooleanValue => Types.Boolean,
        IntegerValue => Types.Integer,
        FloatValue => Types.Float,
        TextValue or QuotedValue => Types.String,
        ListValue => Types.List,
        DictionaryValue => Types.Dictionary,
        ChoiceSweep => Types.Choice,
        RangeSweep => Types.Range,
        IntervalSweep => Types.Interval,
        GlobSweep => Types.Glob,
        ListExtension => Types.Extension,
        ZipSweep => Types.Zip,
        Replacement => Types.Replacement,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), message: null),
    };

    public static bool IsIn(this Types type, Types types) => (type & types) != Types.None;

    /// <summary>In words: "a string or a list".</summary>
    public static string Words(Types types)
    {
        string[] names = [.. Names(types)];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private static IEnumerable<string> Names(Types types)
    {
        if ((types & Types.Number) == Types.Number) yield return "a number";
        else if (types.HasFlag(Types.Boolean)) yield return "true or false";
        if (types.HasFlag(Types.String)) yield return "a string";
        if (types.HasFlag(Types.List)) yield return "a list";
        if (types.HasFlag(Types.Dictionary)) yield return "a dictionary";
        if (types.HasFlag(Types.Null)) yield return "null";
        if (types.HasFlag(Types.Choice)) yield return "a choice";
        if (types.HasFlag(Types.Range)) yield return "a range";
        if (types.HasFlag(Types.Interval)) yield return "an interval";
        if (types.HasFlag(Types.Zip)) yield return "a zip";
        if (types.HasFlag(Types.Glob)) yield return "a glob";
        if (types.HasFlag(Types.Replacement)) yield return "a replacement";
        if (types.HasFlag(Types.Extension)) yield return "a list extension";
        if ((types & Types.Number) is Types.Integer) yield return "an integer";
        if ((types & Types.Number) is Types.Float) yield return "a float";
    }
}
