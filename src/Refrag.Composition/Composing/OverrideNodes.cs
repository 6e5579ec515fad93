using Refrag.Composition.Overrides;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>The value of an override as a node that knows where it was typed.</summary>
internal static class OverrideNodes
{
    public static ConfigNode ToNode(Override item)
    {
        var span = item.ValueSpan ?? item.KeySpan;
        return ToNode(
            item.Value ?? NullValue.Instance, new Mark(new ArgumentSource(item.Text), 1, span.Start + 1, Math.Max(1, span.Length)));
    }

    public static Mark KeyMark(Override item) =>
        new(new ArgumentSource(item.Text), 1, item.KeySpan.Start + 1, Math.Max(1, item.KeySpan.Length));

    private static ConfigNode ToNode(OverrideValue value, Mark mark) => value switch
    {
        ListValue list => ConfigList.Of(list.Items.Select(item => ToNode(item, mark)), mark),
        ListExtension list => ConfigList.Of(list.Items.Select(item => ToNode(item, mark)), mark),
        Replacement replacement => ToNode(replacement.Value, mark),
        DictionaryValue dictionary => ConfigMapping.Of(dictionary.Entries.Select(entry => Entry(entry, mark)), mark),
        _ => Scalar(value, mark),
    };

    private static ConfigEntry Entry(DictionaryEntry entry, Mark mark) =>
        new(new ConfigKey(Scalar(entry.Key, default)), ToNode(entry.Value, mark), mark);

    private static ConfigScalar Scalar(OverrideValue value, Mark mark) => value switch
    {
        BooleanValue boolean => ConfigScalar.Of(boolean.Value, mark),
        IntegerValue integer => ConfigScalar.Of(integer.Value, mark),
        FloatValue number => ConfigScalar.Of(number.Value, mark),
        TextValue text => ConfigScalar.Of(text.Text, mark),
        QuotedValue text => ConfigScalar.Of(text.Text, mark),
        NullValue => ConfigScalar.NullAt(mark),
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no one value."),
    };
}
