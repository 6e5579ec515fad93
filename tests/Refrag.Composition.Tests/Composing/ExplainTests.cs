namespace Refrag.Composition.Tests.Composing;

public sealed class ExplainTests
{
    [Fact]
    public void Explain_ValueSetInFilesAndOnTheCommandLine_ListsAllInOrder()
    {
        var steps = Files.Compose("+experiment=big", "env.gpus=2").Explain("env.gpus");

        Assert.Equal(
            [("1", "conf/env/awsbatch.yaml", true), ("4", "conf/experiment/big.yaml", true), ("2", "env.gpus=2", false)],
            steps.Select(step => (step.Value, step.Origin, step.IsShadowed)));
        Assert.Equal(new ArgumentPlace("env.gpus=2", 10, 1), steps[2].Place);
        Assert.Equal(5, Assert.IsType<FilePlace>(steps[1].Place).Line);
    }

    [Fact]
    public void Explain_OpenValueAfterOneThatIsSet_ShadowsNothing()
    {
        var files = new Dictionary<string, string> { ["config.yaml"] = "defaults: [base, _self_]\na: ???\n", ["base.yaml"] = "a: 1\n" };

        var steps = Files.Composer(files).Compose("config", []).Value.Explain("a");

        Assert.Equal([("1", false), ("???", true)], steps.Select(step => (step.Value, step.IsShadowed)));
    }

    [Fact]
    public void Explain_KeyThatWasRemoved_NamesWhatRemovedIt()
    {
        var steps = Files.Compose("~env.gpus").Explain("env.gpus");

        Assert.Equal([("0", true), ("(removed)", false)], steps.Select(step => (step.Value, step.IsShadowed)));
    }

    [Fact]
    public void Explain_Mapping_IsWhatEveryFileAdds()
    {
        var steps = Files.Compose("+experiment=big", "env.gpus=2").Explain("env");

        Assert.All(steps, step => Assert.False(step.IsShadowed));
        Assert.Equal(3, steps.Count);
        Assert.Equal("{gpus: 2}", steps[2].Value);
    }

    [Fact]
    public void Explain_UnknownKey_IsEmpty() => Assert.Empty(Files.Compose().Explain("nosuch.key"));
}
