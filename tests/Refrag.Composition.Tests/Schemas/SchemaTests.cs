using Refrag.Composition.Tests.Composing;

namespace Refrag.Composition.Tests.Schemas;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("env.gpus=two", "RF1651", 10, 3)]
    [InlineData("env.gpus=1.5", "RF1651", 10, 3)]
    [InlineData("env.gpus='1'", "RF1651", 10, 3)]
    [InlineData("env.gpus=9", "RF1652", 10, 1)]
    [InlineData("env.gpus=-1", "RF1652", 10, 2)]
    [InlineData("env.gpus=null", "RF1657", 10, 4)]
    [InlineData("+env.memory=2GB", "RF1651", 13, 3)]
    [InlineData("+env.memory=0.5", "RF1651", 13, 3)]
    public void Compose_ValueThatTheSchemaRefuses_PointsAtTheValue(string argument, string code, int column, int length)
    {
        var problem = Files.Problem(argument);

        Assert.Equal(code, problem.Code);
        Assert.Equal(new ArgumentPlace(argument, column, length), problem.Place);
    }

    [Theory]
    [InlineData("env.gpus=8")]
    [InlineData("env.gpus=${seed}")]
    [InlineData("env.gpus=???")]
    [InlineData("+env.memory=512")]
    [InlineData("+env.memory=1.5GiB")]
    [InlineData("+env.other=anything")]
    public void Compose_ValueThatTheSchemaAllows_IsTaken(string argument) => Assert.Empty(Files.Problems(argument));

    [Fact]
    public void Check_ValueThatTheSchemaRejects_GivesTheCompositionToo()
    {
        CheckedComposition composed = Files.Composer(Files.Launcher).Check("config", ["env.gpus=two"]).Value;

        Assert.Equal("RF1651", Assert.Single(composed.SchemaProblems).Code);
        Assert.True(composed.Composition.Resolve().IsSuccess);
    }

    [Fact]
    public void Check_AnotherMistakeBesideIt_FailsWithBoth()
    {
        IReadOnlyList<Problem> problems = Files.Composer(Files.Launcher).Check("config", ["env.gpus=two", "no.such=key"]).Problems;

        Assert.Contains(problems, problem => problem.Code == "RF1651");
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void Resolve_InterpolatedValue_IsCheckedWhenItIsKnown()
    {
        var problems = Files.Compose("env.gpus=${name}").Resolve().Problems;

        Assert.Equal("RF1651", Assert.Single(problems).Code);
    }

    [Fact]
    public void Compose_ValueInAFile_PointsIntoTheFile()
    {
        var files = new Dictionary<string, string>(Files.Launcher) { ["env/local.yaml"] = "workers: 1\ngpus: many\n" };

        var problem = Assert.Single(Files.Composer(files).Compose("config", []).Problems);

        Assert.Equal(("conf/env/local.yaml", 2, 7), problem.Place is FilePlace place ? (place.Path, place.Line, place.Column) : default);
    }

    [Fact]
    public void Schemas_OfAComposition_CanBeReadForHelp()
    {
        var (path, key) = Files.Compose().Schemas.Single().Flatten().First();

        Assert.Equal(("env.gpus", "int, 0 to 8", "0", "GPUs of each job"), (path, key.Allowed, key.Default, key.Description));
    }

    [Fact]
    public void Compose_ClosedSchemaWithRequiredKeysAndChoices_ReportsEach()
    {
        var schema = new Schema
        {
            IsClosed = true,
            Keys = [new SchemaKey { Name = "mode", Type = SchemaType.String, Choices = ["fast", "slow"], IsRequired = true },
                new SchemaKey { Name = "id", IsRequired = true }],
        };
        var options = new ComposerOptions { Schemas = [new PlacedSchema("", schema)] };
        var files = new Dictionary<string, string> { ["config.yaml"] = "mode: fst\nmoed: 1\n" };

        var problems = Files.Composer(files, options).Compose("config", []).Problems;

        Assert.Equal(["RF1653", "RF1654", "RF1655"], problems.Select(problem => problem.Code).Order());
        Assert.EndsWith("Did you mean fast?", problems.Single(problem => problem.Code == "RF1653").Cure);
    }

    [Fact]
    public void Compose_MistakeInASchema_PointsIntoTheSchema()
    {
        var files = new Dictionary<string, string>(Files.Launcher) { ["env/_schema.yaml"] = "keys:\n  gpus: {typ: int}\n" };

        var problem = Assert.Single(Files.Composer(files).Compose("config", []).Problems);

        Assert.Equal("RF1656", problem.Code);
        Assert.Equal(2, Assert.IsType<FilePlace>(problem.Place).Line);
        Assert.EndsWith("Did you mean type?", problem.Cure);
    }
}
