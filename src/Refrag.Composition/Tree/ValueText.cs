using System.Text;

namespace Refrag.Composition.Tree;

/// <summary>A value in one line, as YAML writes it where nothing needs quotes. For people, not for reading back.</summary>
internal static class ValueText
{
    private const int Longest = 200;

    public static string Of(ConfigNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.Length <= Longest ? text.ToString() : $"{text.ToString(0, Longest)}…";
    }

    private static void Append(StringBuilder text, ConfigNode node)
    {
        if (text.Length > Longest) return;
        switch (node)
        {
            case ConfigMapping mapping:
                AppendAll(text, '{', mapping, (entry) => Append(text.Append(entry.Key).Append(": "), entry.Value), '}');
                break;
            case ConfigList list:
                AppendAll(text, '[', list, item => Append(text, item), ']');
                break;
            default:
                text.Append(OfScalar((ConfigScalar)node));
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, IEnumerable<T> items, Action<T> append, char close)
    {
        text.Append(open);
        bool isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) text.Append(", ");
            append(item);
            isFirst = false;
        }
        text.Append(close);
    }

    private static string OfScalar(ConfigScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Null => "null",
        ScalarKind.Boolean => scalar.Boolean == true ? "true" : "false",
        _ => scalar.ToString(),
    };
}
