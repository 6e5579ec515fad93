using Refrag.Cli.Configuration;

namespace Refrag.Cli.Tests.Configuration;

public sealed class ConfigOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("app=train")]
    [InlineData("env.gpus=2")]
    [InlineData("environment=staging")]
    public void WithEnvironment_NoOverrideChoosesOne_HasTheVariablesFirst(string overrides)
    {
        string[] given = overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["env=awsbatch", .. given], ConfigOptions.WithEnvironment(given, "awsbatch"));
    }

    [Theory]
    [InlineData("env=local")]
    [InlineData("app=train env=local")]
    [InlineData("launcher=local")]
    [InlineData("~env")]
    [InlineData("~launcher")]
    public void WithEnvironment_AnOverrideChoosesOne_IgnoresTheVariable(string overrides) =>
        Assert.Equal(overrides.Split(' '), ConfigOptions.WithEnvironment(overrides.Split(' '), "awsbatch"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void WithEnvironment_VariableIsNotSet_ChangesNothing(string? variable) =>
        Assert.Equal(["app=train"], ConfigOptions.WithEnvironment(["app=train"], variable));
}
