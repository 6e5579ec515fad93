using System.Diagnostics.CodeAnalysis;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Yaml;

/// <summary>Scalars with a tag such as <c>!!int</c>. Only plain YAML's tags are read: no file may create objects here.</summary>
internal static class YamlTags
{
    public const string Sequence = Prefix + "seq";
    public const string Mapping = Prefix + "map";

    public const string Merge = Prefix + "merge";

    /// <summary>What <c>!!</c> stands for.</summary>
    public const string Prefix = "tag:yaml.org,2002:";

    /// <summary>The tag as it is written in a file.</summary>
    public static string Short(string tag) => tag.StartsWith(Prefix, StringComparison.Ordinal) ? $"!!{tag[Prefix.Length..]}" : tag;

    public static bool TryScalar(
        string tag, string text, Mark mark, [NotNullWhen(true)] out ConfigScalar? value, [NotNullWhen(false)] out Problem? problem)
    {
        value = tag switch
        {
            Prefix + "str" => ConfigScalar.Of(text, mark),
            Prefix + "null" => ConfigScalar.NullAt(mark),
            Prefix + "bool" => YamlScalars.Boolean(text.ToLowerInvariant()) is { } truth ? ConfigScalar.Of(truth, mark) : null,
            Prefix + "int" => YamlScalars.Integer(text) is { } whole ? ConfigScalar.Of(whole, mark) : null,
            Prefix + "float" => YamlScalars.Float(text) is { } number ? ConfigScalar.Of(number, mark) : null,
            Prefix + "binary" => Base64(text, mark),
            _ => null,
        };
        bool known = tag is Prefix + "bool" or Prefix + "int" or Prefix + "float" or Prefix + "binary";
        problem = value is not null
            ? null
            : known ? YamlProblems.BadScalar(text, Short(tag), mark) : YamlProblems.UnknownTag(Short(tag), mark);
        return value is not null;
    }

    // As in Python, what is no digit is passed over, and what follows a complete padding is not read.
    private static ConfigScalar? Base64(string text, Mark mark)
    {
        var bytes = new List<byte>();
        (int bits, int count, int pads) = (0, 0, 0);
        foreach (char c in text)
        {
            if (!char.IsAscii(c)) return null;
            if (c == '=' && count >= 2 && count + ++pads >= 4) return ConfigScalar.Of(bytes.ToArray().AsSpan(), mark);
            if (Digit(c) is not (>= 0 and var digit)) continue;
            (bits, pads) = ((bits << 6) | digit, 0);
            if (count > 0) bytes.Add((byte)(bits >> (6 - (2 * count))));
            count = (count + 1) % 4;
        }
        return count == 0 ? ConfigScalar.Of(bytes.ToArray().AsSpan(), mark) : null;
    }

    private static int Digit(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        '/' => 63,
        _ => -1,
    };
}
