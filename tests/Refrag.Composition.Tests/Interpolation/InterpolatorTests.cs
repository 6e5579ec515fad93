using CsCheck;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tests.Yaml;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Tests.Interpolation;

public sealed class InterpolatorTests
{
    [Theory]
    [InlineData("a: ${b}\nb: ${a}", "RF1303")]
    [InlineData("a: ${bc}\nbd: 1", "RF1301")]
    [InlineData("a: ${b\nb: 1", "RF1302")]
    [InlineData("a: ${b}\nb: ???", "RF1304")]
    [InlineData("a: ${oc.evn:X}", "RF1305")]
    [InlineData("a: ${oc.env:X}", "RF1306")]
    [InlineData("a: ${..b}", "RF1307")]
    [InlineData("a: ${b.c}\nb: 1", "RF1308")]
    [InlineData("a: {b: '${a}'}", "RF1311")]
    public void ResolveAll_Wrong_IsAProblemWithItsPlace(string text, string code)
    {
        Problem problem = new Interpolator(Read(text)).ResolveAll().Problems[0];
        Assert.Equal(code, problem.Code);
        Assert.Equal(1, Assert.IsType<FilePlace>(problem.Place).Line);
    }

    [Fact]
    public void ResolveAll_Cycle_NamesItsPath() =>
        Assert.Equal("a → b → a", new Interpolator(Read("a: ${b}\nb: ${a}")).ResolveAll().Problems[0].Cause);

    [Fact]
    public void ResolveAll_BombOfLists_IsRefused()
    {
        string text = string.Concat(Enumerable.Range(0, 60).Select(i => $"k{i}: ['${{k{i + 1}}}', '${{k{i + 1}}}']\n")) + "k60: x\n";
        Assert.Equal("RF1310", new Interpolator(Read(text)).ResolveAll().Problems[0].Code);
    }

    [Fact]
    public void ResolveAll_LongChain_IsRefusedWithoutOverflow()
    {
        string text = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"k{i}: ${{k{i + 1}}}\n")) + "k5000: x\n";
        Assert.Equal("RF1310", new Interpolator(Read(text)).ResolveAll().Problems[0].Code);
    }

    [Fact]
    public void ResolveAll_Environment_IsTheOneGiven()
    {
        ConfigResolvers resolvers = ConfigResolvers.Standard.In(name => name == "USER" ? "alice" : null);
        Assert.Equal("a: alice\n", ConfigYamlWriter.Write(new Interpolator(Read("a: ${oc.env:USER}"), resolvers).ResolveAll().Value));
    }

    [Fact]
    public void Evaluate_AnyText_ThrowsNothing() => Nodes.Of(
        "${", "}", "{", "[", "]", ":", ",", "\\", "'", "\"", "a", "b.c", "oc.env:", "oc.select:", "oc.decode:", "oc.dict.values:", ".", " ",
        "1", "é", "\n")
        .Array[0, 16].Sample(parts =>
        {
            var interpolator = new Interpolator(Read("a: 1\nb: {c: '${a}'}"));
            string text = string.Concat(parts);
            Assert.NotNull(interpolator.Evaluate(text));
            Assert.NotNull(interpolator.EvaluateElement(text));
            Assert.NotNull(interpolator.Select(text));
        });

    private static ConfigNode Read(string text) => ConfigYaml.Read(text, "x.yaml").Value;
}
