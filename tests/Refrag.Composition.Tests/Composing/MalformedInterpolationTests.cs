namespace Refrag.Composition.Tests.Composing;

/// <summary>
/// OmegaConf parses a text with <c>${</c> when it makes the node, and refuses what is no interpolation whether its value is needed or not.
/// (omegaconf 2.3.1, _utils.get_value_kind with strict_interpolation_validation)
/// </summary>
public sealed class MalformedInterpolationTests
{
    [Theory]
    [InlineData("${}")]
    [InlineData("${ }")]
    [InlineData("a ${b")]
    [InlineData("${a..b}")]
    [InlineData("${a[}")]
    [InlineData("x ${r:{a:1}")]
    public void Compose_MalformedInterpolation_IsRefusedWhereItStands(string text)
    {
        Problem problem = Assert.Single(Compose($"a: 1\nb: {{c: ['{text}']}}\n").Problems);

        Assert.Equal("RF1302", problem.Code);
        Assert.Equal(2, Assert.IsType<FilePlace>(problem.Place).Line);
    }

    // Each file is loaded by itself.
    [Fact]
    public void Compose_MalformedInterpolationThatALaterFileReplaces_IsRefused()
    {
        Problem problem = Assert.Single(Files.Composer(new()
        {
            ["config.yaml"] = "defaults: [_self_, later]\nx: '${'\n",
            ["later.yaml"] = "x: 1\n",
        }).Compose("config", []).Problems);

        Assert.Equal("RF1302", problem.Code);
    }

    [Theory]
    [InlineData("\\${}")]
    [InlineData("${nowhere}")]
    [InlineData("${my.resolver:1,[a,b]}")]
    [InlineData("${a[0].b}")]
    [InlineData("$x {}")]
    public void Compose_WellFormedOrNone_IsKept(string text) => Assert.True(Compose($"a: '{text}'\n").IsSuccess);

    [Fact]
    public void Compose_MalformedInterpolationInAnArgument_PointsAtIt()
    {
        Problem problem = Assert.Single(
            Files.Composer(new() { ["config.yaml"] = "a: 1\n" }).Compose("config", ["a='${}'"]).Problems);

        Assert.IsType<ArgumentPlace>(problem.Place);
    }

    private static Result<Composition> Compose(string config) =>
        Files.Composer(new() { ["config.yaml"] = config }).Compose("config", []);
}
