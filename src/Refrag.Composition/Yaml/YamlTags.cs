using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Yaml;

/// <summary>Scalars with a tag such as <c>!!int</c>. Only plain YAML's tags are read: nobody's file may make objects here.</summary>
internal static partial class YamlTags
{
    public const string Sequence = Prefix + "seq";
    public const string Mapping = Prefix + "map";

    private const string Prefix = "tag:yaml.org,2002:";

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
        problem = value is not null ? null : known ? YamlProblems.BadScalar(text, Short(tag), mark) : YamlProblems.UnknownTag(Short(tag), mark);
        return value is not null;
    }

    private static ConfigScalar? Base64(string text, Mark mark)
    {
        string digits = Space().Replace(text, "");
        var bytes = new byte[digits.Length];
        return Convert.TryFromBase64String(digits, bytes, out int length) ? ConfigScalar.Of(bytes.AsSpan(0, length), mark) : null;
    }

    [GeneratedRegex(@"\s", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
