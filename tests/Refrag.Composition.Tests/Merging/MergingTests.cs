using CsCheck;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Merging;
using Refrag.Composition.Tests.Yaml;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Tests.Merging;

public sealed class MergingTests
{
    [Fact]
    public void Merge_WithItself_ChangesNothing() => Nodes.Mapping.Sample(node => ConfigMerger.Merge([node, node]).Value.Equals(node));

    [Fact]
    public void Merge_EmptyMapping_ChangesNothing() =>
        Nodes.Mapping.Sample(node => ConfigMerger.Merge([node, ConfigMapping.Empty]).Value.Equals(node));

    [Fact]
    public void Merge_LaterKey_Wins()
    {
        ConfigNode merged = ConfigMerger.Merge([Read("a: {b: 1, c: 2}"), Read("a: {c: 3, d: 4}")]).Value;
        Assert.Equal("a:\n  b: 1\n  c: 3\n  d: 4\n", ConfigYamlWriter.Write(merged));
    }

    [Fact]
    public void Apply_ThenSelect_GivesTheValue() =>
        Gen.Select(Nodes.Mapping, Gen.String[Gen.Char["abc"], 1, 3].Array[1, 4], Gen.Int).Sample((root, path, number) =>
        {
            Result<ConfigNode> updated = ConfigUpdate.Apply(root, path, ConfigScalar.Of(number));
            if (!updated.IsSuccess) return;
            Assert.Equal(ConfigScalar.Of(number), new Interpolator(updated.Value).Select(path).Value);
        });

    [Fact]
    public void Apply_UnknownKeyInStruct_SuggestsTheNearest()
    {
        var options = new UpdateOptions { Flags = new ConfigFlags { Struct = true } };
        Problem problem = Assert.Single(ConfigUpdate.Apply(Read("env: {gpus: 1}"), "env.gpu", ConfigScalar.Of(2), options).Problems);
        Assert.Equal("RF1401", problem.Code);
        Assert.Contains("Did you mean gpus?", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_OnePath_SharesTheRest()
    {
        var root = (ConfigMapping)Read("a: {b: 1}\nc: {d: 2}");
        var updated = (ConfigMapping)ConfigUpdate.Apply(root, "a.b", ConfigScalar.Of(3)).Value;
        Assert.Same(root["c"], updated["c"]);
    }

    private static ConfigNode Read(string text) => ConfigYaml.Read(text, "x.yaml").Value;
}
