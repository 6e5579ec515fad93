using System.Text.Json.Nodes;
using Refrag.Composition.Overrides;

namespace Refrag.Composition.Conformance;

/// <summary>Override values in the vectors' JSON.</summary>
internal static class CanonicalJson
{
    public static JsonNode? Of(OverrideValue? value) => value switch
    {
        null or NullValue => null,
        BooleanValue boolean => JsonValue.Create(boolean.Value),
        // As text, whatever its size: JSON numbers have none.
        IntegerValue => JsonNode.Parse(OverridePrinter.Print(value)),
        FloatValue => new JsonObject { ["$f"] = OverridePrinter.Print(value) },
        TextValue text => JsonValue.Create(text.Text),
        QuotedValue quoted => new JsonObject { ["$q"] = quoted.Text, ["c"] = quoted.Quote.ToString() },
        ListValue list => List(list.Items),
        DictionaryValue dictionary =>
            new JsonObject
            {
                ["$d"] = new JsonArray([.. dictionary.Entries.Select(entry => new JsonArray(Of(entry.Key), Of(entry.Value)))]),
            },
        ListExtension extension => new JsonObject { ["$extend"] = List(extension.Items) },
        ChoiceSweep choice =>
            new JsonObject
            {
                ["$choice"] = List(choice.Items),
                ["simple"] = choice.IsSimple,
                ["shuffle"] = choice.Shuffle,
                ["tags"] = Texts(choice.Tags),
            },
        RangeSweep range =>
            new JsonObject
            {
                ["$range"] = List([range.Start, range.Stop, range.Step]),
                ["shuffle"] = range.Shuffle,
                ["tags"] = Texts(range.Tags),
            },
        IntervalSweep interval => new JsonObject { ["$interval"] = List([interval.Start, interval.End]), ["tags"] = Texts(interval.Tags) },
        GlobSweep glob =>
            new JsonObject { ["$glob"] = new JsonObject { ["include"] = Texts(glob.Include), ["exclude"] = Texts(glob.Exclude) } },
        _ => new JsonObject { ["$ours"] = OverridePrinter.Print(value) },
    };

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static JsonArray List(IEnumerable<OverrideValue> items) => new([.. items.Select(Of)]);
}
