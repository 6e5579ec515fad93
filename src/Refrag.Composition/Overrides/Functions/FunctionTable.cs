using System.Collections.Frozen;

namespace Refrag.Composition.Overrides.Functions;

/// <summary>Every function that there is.</summary>
internal static class FunctionTable
{
    private const Types NumberOrNull = Types.Number | Types.Null;
    private const Types Shuffled = Types.Element | Types.Choice | Types.Range;
    private const Types Patterns = Types.String | Types.List;

    private static readonly FunctionSignature[] All =
    [
        Cast("int", Casts.ToInteger),
        Cast("float", Casts.ToFloat),
        Cast("str", Casts.ToText),
        Cast("bool", Casts.ToBoolean),
        Cast("json_str", Casts.ToJson),
        new("choice", "choice(a,b,c)", Types.Element | Types.Choice, [], SweepFunctions.Choice),
        new("range", "range(stop), range(start,stop) or range(start,stop,step)", null,
            [new("start", Types.Number, IsRequired: true), new("stop", NumberOrNull), new("step", Types.Number)], SweepFunctions.Range),
        new("interval", "interval(start,end)", null,
            [new("start", Types.Number, IsRequired: true), new("end", Types.Number, IsRequired: true)], SweepFunctions.Interval),
        new("glob", "glob(pattern) or glob(include=[a*,b*],exclude=c*)", null,
            [new("include", Patterns, IsRequired: true), new("exclude", Patterns | Types.Null)], SweepFunctions.Glob),
        new("tag", "tag(name,sweep)", Types.String | Types.Sweep, [new("sweep", Types.Sweep | Types.Null)], SweepFunctions.Tag),
        new("shuffle", "shuffle(a,b,c), shuffle(sweep) or shuffle([a,b,c])", Shuffled,
            [new("sweep", Types.Choice | Types.Range | Types.Null), new("list", Types.List | Types.Null)], SweepFunctions.Shuffle),
        new("sort", "sort(a,b,c), sort(sweep) or sort([a,b,c]), each with reverse=true where wanted", Shuffled,
            [new("sweep", Types.Choice | Types.Range | Types.Null), new("list", Types.List | Types.Null), new("reverse", Types.Boolean)],
            Sorting.Sort),
        new("extend_list", "extend_list(a,b,c)", Types.Any, [], arguments => new ListExtension(arguments.Rest)),
        new("replace", "replace({a:1})", null, [new("value", Types.Dictionary | Types.List, IsRequired: true)], Replace),
        new("zip", "zip(a,b,c)", Types.Null | Types.Element | Types.Choice | Types.Range, [], SweepFunctions.Zip),
    ];

    public static FrozenDictionary<string,
        FunctionSignature> ByName
    { get; } = All.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    private static Answer Replace(BoundArguments arguments)
    {
        arguments.Extensions |= OverrideExtensions.Function;
        return new Replacement(arguments["value"]!);
    }

    private static FunctionSignature Cast(string name, Func<OverrideValue, Answer> cast) =>
        new(name, $"{name}(value) or {name}(a,b,c)", Types.Castable, [new("value", Types.Castable)],
            arguments => Casts.Run(arguments, cast));
}
