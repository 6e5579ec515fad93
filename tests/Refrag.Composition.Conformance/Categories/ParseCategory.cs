using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>parse</c>: one override, or one rule of the grammar.</summary>
internal sealed class ParseCategory : ICategory
{
    private static readonly OverrideOptions Reference = new() { Dialect = OverrideDialect.Hydra };

    public IReadOnlyList<string> Names { get; } = ["parse"];

    public Outcome Run(VectorCase vector)
    {
        string text = vector.Text("input");
        return vector.Text("rule") switch
        {
            "override" => Override(text),
            "key" => Key(text, KeyRule.Key, key => new JsonObject { ["$key"] = key.Path, ["package"] = key.Package }),
            "packageOrGroup" => Key(text, KeyRule.PackageOrGroup, key => key.Path),
            "package" => Key(text, KeyRule.Package, key => key.Path),
            "value" => Value(text, ValueRule.Value),
            "element" => Value(text, ValueRule.Element),
            "primitive" => Value(text, ValueRule.Primitive),
            "listContainer" => Value(text, ValueRule.List),
            "dictContainer" => Value(text, ValueRule.Dictionary),
            "function" => Value(text, ValueRule.Function),
            "simpleChoiceSweep" => Value(text, ValueRule.SimpleChoiceSweep),
            var rule => throw new FormatException($"There is no rule '{rule}'."),
        };
    }

    private static Outcome Override(string text)
    {
        Result<Override> plain = OverrideParser.Parse(text, Reference);
        if (!OverrideParser.Parse(text).TryGet(out Override? value, out IReadOnlyList<Problem> problems))
            return Failed(problems, plain.Problems, text);
        return new Outcome.Answer(Describe(value), value.Extensions == OverrideExtensions.None ? null : value.Extensions.ToString());
    }

    private static Outcome Value(string text, ValueRule rule)
    {
        Result<OverrideValue> plain = OverrideParser.ParseValue(text, rule, Reference);
        if (!OverrideParser.ParseValue(text, rule).TryGet(out OverrideValue? value, out IReadOnlyList<Problem> problems))
            return Failed(problems, plain.Problems, text);
        // A rule has no flags of its own; the same text as an override shows them.
        string? extension = plain.IsSuccess || !OverrideParser.Parse($"key={text}").TryGet(out Override? whole, out _)
            ? null
            : whole.Extensions.ToString();
        return new Outcome.Answer(new JsonObject { ["value"] = CanonicalJson.Of(value) }, extension);
    }

    private static Outcome Key(string text, KeyRule rule, Func<OverrideKey, JsonNode> describe)
    {
        Result<OverrideKey> plain = OverrideParser.ParseKey(text, rule, Reference);
        if (!OverrideParser.ParseKey(text, rule).TryGet(out OverrideKey? key, out IReadOnlyList<Problem> problems))
            return Failed(problems, plain.Problems, text);
        string? extension = key.IsValuePath
            ? nameof(OverrideExtensions.KeyPath)
            : plain.IsSuccess ? null : nameof(OverrideExtensions.Unicode);
        return new Outcome.Answer(new JsonObject { ["value"] = describe(key) }, extension);
    }

    private static Outcome.Error Failed(IReadOnlyList<Problem> problems, IReadOnlyList<Problem> plain, string text) =>
        Outcome.Problems(problems, text) with { ReferenceColumn = Outcome.Problems(plain, text).Column };

    private static JsonObject Describe(Override value)
    {
        // The reference holds a list extension as the list.
        OverrideValue? held = value.Value is ListExtension extension ? new ListValue(extension.Items) : value.Value;
        var json = new JsonObject
        {
            ["type"] = Kind(value.Kind),
            ["key"] = value.Key,
            ["package"] = value.Package,
            ["value_type"] = ValueType(value.Value),
            ["value"] = CanonicalJson.Of(held),
            ["is_sweep"] = value.IsSweep,
            ["key_element"] = value.KeyElement,
        };
        if (!value.IsSweep) json["as_str"] = held is null ? "null" : OverridePrinter.ReferenceText(held);
        else if (Values(value) is { } values) json["sweep"] = values;
        return json;
    }

    // The values of a sweep that can be counted through, in the order in which they are written.
    private static JsonArray? Values(Override value)
    {
        OverrideValue? ordered = value.Value switch
        {
            ChoiceSweep choice => choice with { Shuffle = false },
            RangeSweep range => range with { Shuffle = false },
            var other => other,
        };
        if (!Sweep.Of([value with { Value = ordered }]).TryGet(out Sweep? sweep, out _)) return null;
        return CanonicalJson.Texts(sweep.Jobs().Select(job => job.Overrides[0][(value.KeyElement.Length + 1)..]));
    }

    private static string Kind(OverrideKind kind) => kind switch
    {
        OverrideKind.Change => "CHANGE",
        OverrideKind.Add => "ADD",
        OverrideKind.ForceAdd => "FORCE_ADD",
        OverrideKind.Delete => "DEL",
        OverrideKind.ExtendList => "EXTEND_LIST",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    private static string? ValueType(OverrideValue? value) => value switch
    {
        null => null,
        ChoiceSweep { IsSimple: true } => "SIMPLE_CHOICE_SWEEP",
        ChoiceSweep => "CHOICE_SWEEP",
        GlobSweep => "GLOB_CHOICE_SWEEP",
        RangeSweep => "RANGE_SWEEP",
        IntervalSweep => "INTERVAL_SWEEP",
        _ => "ELEMENT",
    };
}
