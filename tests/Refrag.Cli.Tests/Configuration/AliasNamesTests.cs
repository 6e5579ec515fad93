using Refrag.Cli.Configuration;

namespace Refrag.Cli.Tests.Configuration;

public sealed class AliasNamesTests
{
    [Theory]
    [InlineData("launcher.gpus", "env.gpus")]
    [InlineData("launcher", "env")]
    [InlineData("launcher[0]", "env[0]")]
    [InlineData("launchers.gpus", "launchers.gpus")]
    [InlineData("env.gpus", "env.gpus")]
    [InlineData("app.launcher", "app.launcher")]
    public void Key_Typed_IsTheRealName(string typed, string key) => Assert.Equal(key, Configurations.Aliases.Key(typed));

    [Theory]
    [InlineData("launcher.gp", "env.gp", "launcher.gpus")]
    [InlineData("++launcher.gp", "++env.gp", "++launcher.gpus")]
    [InlineData("env.gp", "env.gp", "env.gpus")]
    public void Complete_BegunWithAnotherName_ContinuesWithIt(string word, string asked, string completed)
    {
        List<string> words = [];

        Assert.Equal([completed], Configurations.Aliases.Complete(word, real =>
        {
            words.Add(real);
            return [real + "us"];
        }));
        Assert.Equal([asked], words);
    }

    [Theory]
    [InlineData("env=aws_", "env=aws_batch")]
    [InlineData("+env=aws_", "+env=aws_batch")]
    public void Complete_OtherNameOfAnOption_IsOfferedIfNothingElseFits(string word, string completed)
    {
        Assert.Equal([completed], Configurations.Aliases.Complete(word, _ => []));
        Assert.Equal(["env=awsbatch"], Configurations.Aliases.Complete(word, _ => ["env=awsbatch"]));
    }
}
