namespace Refrag.Aws;

/// <summary>What an API model says of one shape: members, known values, sizes.</summary>
internal abstract record ShapeRule
{
    public static ShapeRule Anything { get; } = new AnyRule();

    public static ShapeRule Structure(params (string Name, string Shape, bool Required)[] members) => new StructureRule(members);

    public static ShapeRule OneOf(IReadOnlyList<string> values) => new EnumerationRule(values);

    public static ShapeRule ListOf(string element, long? min, long? max) => new ListRule(element, min, max);

    public static ShapeRule MapOf(string key, string element, long? min, long? max) => new MapRule(key, element, min, max);

    public static ShapeRule Text(long? min, long? max, string? pattern) => new TextRule(min, max, pattern);

    public static ShapeRule Number(long? min, long? max) => new NumberRule(min, max);
}

internal sealed record AnyRule : ShapeRule;

internal sealed record StructureRule(IReadOnlyList<(string Name, string Shape, bool Required)> Members) : ShapeRule;

internal sealed record EnumerationRule(IReadOnlyList<string> Values) : ShapeRule;

internal sealed record ListRule(string Element, long? Min, long? Max) : ShapeRule;

internal sealed record MapRule(string Key, string Element, long? Min, long? Max) : ShapeRule;

internal sealed record TextRule(long? Min, long? Max, string? Pattern) : ShapeRule;

internal sealed record NumberRule(long? Min, long? Max) : ShapeRule;
