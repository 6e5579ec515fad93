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

    // No star: the YAML reader takes one behind a space in a plain key for an alias.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[" ab:#-'\"\n${}[],?&|>@=~01._e\té"], 0, 12],
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
            Gen.Select(Text, inner).Array[0, 4].Select(pairs => (ConfigNode)ConfigMapping.Of(pairs.Select(pair => new ConfigEntry(pair.Item1, pair.Item2))))));

    public static Gen<ConfigNode> Mapping { get; } =
        Gen.Select(Text, Any).Array[0, 5].Select(pairs => (ConfigNode)ConfigMapping.Of(pairs.Select(pair => new ConfigEntry(pair.Item1, pair.Item2))));
}
