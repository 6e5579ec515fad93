using CsCheck;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Tests.Yaml;

public sealed class ConfigYamlTests
{
    [Fact]
    public void Read_DuplicateKey_PointsAtTheSecond()
    {
        Problem problem = Assert.Single(ConfigYaml.Read("a: 1\nb: 2\na: 3\n", "conf/x.yaml").Problems);
        Assert.Equal("RF1202", problem.Code);
        Assert.Equal(new FilePlace("conf/x.yaml", 3, 1, "a: 3"), problem.Place);
    }

    [Fact]
    public void Read_Value_KnowsItsPlace()
    {
        var root = (ConfigMapping)ConfigYaml.Read("a:\n  b: two\n", "x.yaml").Value;
        Assert.Equal(new FilePlace("x.yaml", 2, 6, "  b: two", 3), ((ConfigMapping)root["a"]!)["b"]!.Origin);
    }

    [Theory]
    [InlineData("a: &a [*a]", "RF1206")]
    [InlineData("a: *b", "RF1205")]
    [InlineData("a: [", "RF1201")]
    [InlineData("? [1]\n: x", "RF1203")]
    [InlineData("a: !!python/object:os.system x", "RF1209")]
    [InlineData("--- 1\n--- 2", "RF1201")]
    public void Read_Wrong_IsAProblem(string text, string code) => Assert.Equal(code, ConfigYaml.Read(text, "x.yaml").Problems[0].Code);

    // Each as PyYAML reads it; later versions of YAML, and most other readers, take some of them otherwise.
    [Theory]
    [InlineData("1 *}b: x", "{'1 *}b': 'x'}")]
    [InlineData("a: b *c !d %e `f \\g", "{'a': 'b *c !d %e `f \\\\g'}")]
    [InlineData("a: [b:c, d :e]", "{'a': ['b:c', 'd :e']}")]
    [InlineData("{a:1, b: 2}", "{'a:1': None, 'b': 2}")]
    [InlineData("{a:, b}", "{'a': None, 'b': None}")]
    [InlineData("{\"a\":1}", "{'a': 1}")]
    [InlineData("a: [? b : c, x: y]", "{'a': [{'b': 'c'}, {'x': 'y'}]}")]
    [InlineData("? a b\n: - c\n", "{'a b': ['c']}")]
    [InlineData("a:\n- b\n-\n- c", "{'a': ['b', None, 'c']}")]
    [InlineData("a: ! '12'", "{'a': 12}")]
    [InlineData("a: !!str 12", "{'a': '12'}")]
    [InlineData("%TAG !e! tag:yaml.org,2002:\n---\na: !e!int '7'", "{'a': 7}")]
    [InlineData("a: >-\n  x\n  y\n\n   z\n  w\n", "{'a': 'x y\\n\\n z\\nw'}")]
    [InlineData("a: |1+\n  x\n\n", "{'a': ' x\\n\\n'}")]
    [InlineData("a: 'x\n\n  y'", "{'a': 'x\\ny'}")]
    [InlineData("a: \"x\\\n  y\\u20ac\"", "{'a': 'xy€'}")]
    [InlineData("a: b\n   c # d", "{'a': 'b c'}")]
    [InlineData("--- a\n...\n", "{'a': None}")]
    [InlineData("=: 1\n=: 2", "{'=': 2}")]
    public void Read_AsPyYaml_GivesTheSame(string text, string expected) =>
        Assert.Equal(expected, PythonText.Repr(ConfigYaml.Read(text, "x.yaml").Value));

    [Theory]
    [InlineData("a:\tb", "A tab stands where a key or a value should begin", 1, 3)]
    [InlineData("a: @b", "A value cannot begin with '@'", 1, 4)]
    [InlineData("a: b: c", "A colon with a space stands inside of a value", 1, 5)]
    [InlineData("a: 1\nb\n", "This line is in a mapping and is no 'key: value'", 2, 1)]
    [InlineData("a: [1, 2\nb: 3", "A ',' or ']' is missing before ':'", 2, 2)]
    [InlineData("a: [1, 2", "The '[' of line 1 is never closed", 1, 4)]
    [InlineData("a: 'b", "The quote ' that opens here is never closed", 1, 4)]
    [InlineData("a: *.txt", "An alias * needs a name of letters, digits, - and _", 1, 4)]
    [InlineData("a: 'b' c", "A key is expected, and 'c' stands here", 1, 8)]
    [InlineData("a: \"C:\\dir\"", "\\d means nothing in double quotes", 1, 7)]
    [InlineData("a: - b", "A list cannot begin here", 1, 4)]
    [InlineData("a:\n  b: 1\n c: 2", "A key is expected, and", 3, 2)]
    public void Read_NoYaml_SaysWhatAndWhere(string text, string what, int line, int column)
    {
        Problem problem = ConfigYaml.Read(text, "x.yaml").Problems[0];
        Assert.StartsWith(what, problem.What, StringComparison.Ordinal);
        Assert.Equal((line, column), problem.Place is FilePlace place ? (place.Line, place.Column) : default);
    }

    [Fact]
    public void Read_AnchorTwice_PointsAtTheSecond() =>
        Assert.Equal("RF1210", ConfigYaml.Read("a: &x 1\nb: &x 2", "x.yaml").Problems[0].Code);

    [Fact]
    public void Read_DeepNesting_IsRefused() => Assert.Equal("RF1208", ConfigYaml.Read(new string('[', 50_000), "x.yaml").Problems[0].Code);

    [Fact]
    public void Read_ManyNodesWithoutAliases_IsRead() =>
        Assert.True(ConfigYaml.Read(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"k{i}: {i}\n")), "x.yaml").IsSuccess);

    [Fact]
    public void Write_ThenRead_GivesTheSame() => Nodes.Mapping.Sample(node =>
        ConfigYaml.Read(ConfigYamlWriter.Write(node), "x.yaml") is { IsSuccess: true } read && read.Value.Equals(node));
}

internal static class Nodes
{
    /// <summary>One of some texts.</summary>
    public static Gen<string> Of(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[" ab:#-'\"\n${}[],?&|>@=~01._e\té*!%\\`"], 0, 12],
        Of("true", "no", "1_000", "0x1f", "1e3", ".5", "null", "???", "<<", "=", "2020-01-02", "12:30", ""));

    private static readonly Gen<ConfigNode> Scalar = Gen.OneOf<ConfigNode>(
        Text.Select(text => (ConfigNode)ConfigScalar.Of(text)),
        Gen.Long.Select(number => (ConfigNode)ConfigScalar.Of(number)),
        Gen.Double.Select(number => (ConfigNode)ConfigScalar.Of(number)),
        Gen.Bool.Select(truth => (ConfigNode)ConfigScalar.Of(truth)),
        Gen.Const((ConfigNode)ConfigScalar.Null));

    private static readonly Gen<ConfigNode> Any = Gen.Recursive<ConfigNode>((depth, inner) => depth >= 3
        ? Scalar
        : Gen.OneOf(
            Scalar,
            inner.Array[0, 3].Select(items => (ConfigNode)ConfigList.Of(items)),
            Gen.Select(Text, inner).Array[0, 4].Select(
                pairs => (ConfigNode)ConfigMapping.Of(pairs.Select(pair => new ConfigEntry(pair.Item1, pair.Item2))))));

    public static Gen<ConfigNode> Mapping { get; } =
        Gen.Select(Text, Any).Array[0, 5].Select(
            pairs => (ConfigNode)ConfigMapping.Of(pairs.Select(pair => new ConfigEntry(pair.Item1, pair.Item2))));
}
