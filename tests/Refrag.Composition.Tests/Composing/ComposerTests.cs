using Refrag.Composition.Tree;

namespace Refrag.Composition.Tests.Composing;

public sealed class ComposerTests
{
    [Fact]
    public void Compose_GroupAndValues_MergesInOrder()
    {
        var composition = Files.Compose("env=awsbatch", "env.gpus=2", "+env.spot=true", "~seed");

        Assert.Equal("{'env': {'gpus': 2, 'job_queue': '', 'region': '${oc.env:AWS_REGION}', 'spot': True}, 'name': 'run-${seed}'}",
            composition.Config.ToString());
        Assert.Equal("awsbatch", composition.Choices["env"]);
        Assert.Equal(["env/awsbatch", "config"], composition.Defaults.Select(item => item.ConfigPath));
    }

    [Fact]
    public void Compose_SeveralMistakes_ReportsAllAtOnce()
    {
        var problems = Files.Problems("env.gpu=2", "seeed=3", "a=[1", "env.gpus=two", "x=1,2");

        Assert.Equal(["RF1601", "RF1601", "RF1606", "RF1651"],
            problems.Select(problem => problem.Code).Where(code => code.StartsWith("RF16", StringComparison.Ordinal)).Order());
        Assert.Equal(5, problems.Count);
    }

    [Fact]
    public void Compose_UnknownKey_PointsAtTheWrongPartAndSuggests()
    {
        var problem = Files.Problem("env.gpu=2");

        Assert.Equal(new ArgumentPlace("env.gpu=2", 5, 3), problem.Place);
        Assert.Equal("Write env.gpus=2. Did you mean env.gpus?", problem.Cure);
    }

    [Theory]
    // Of another option it is the key as it is spelt, and not one that is near; a key of no option has no such cure.
    [InlineData("env.job_queue=q", "Choose an option that has it: env=awsbatch.")]
    [InlineData("env.job_queues=q", "To add a new key write +env.job_queues=q.")]
    public void Compose_KeyOfAnotherOption_NamesTheOption(string argument, string cure)
    {
        Assert.Equal(cure, Files.Problem("env=local", argument).Cure);
    }

    [Fact]
    public void Compose_UnknownOption_PointsAtTheValueAndListsTheKnownOnes()
    {
        var problem = Files.Problem("env=awsbach", "env.gpus=1");

        Assert.Equal("RF1506", problem.Code);
        Assert.Equal(new ArgumentPlace("env=awsbach", 5, 7), problem.Place);
        Assert.Contains("awsbatch, local", problem.Cause);
        Assert.EndsWith("Did you mean awsbatch?", problem.Cure);
    }

    [Fact]
    public void Compose_UnknownPrimary_ListsTheKnownOnes()
    {
        var problem = Assert.Single(Files.Composer(Files.Launcher).Compose("confg", []).Problems);

        Assert.Equal("RF1505", problem.Code);
        Assert.EndsWith("Did you mean config?", problem.Cure);
    }

    [Fact]
    public void Compose_MissingDirectory_IsOneOfTheProblems()
    {
        var result = new Composer(SearchPath.FromDirectory("/no/such/directory")).Compose("config", []);

        Assert.Contains(result.Problems, problem => problem.Code == "RF1451");
    }

    [Fact]
    public void Compose_BrokenFile_PointsIntoTheFile()
    {
        var files = new Dictionary<string, string>(Files.Launcher) { ["env/local.yaml"] = "gpus: [1\n" };

        var problem = Assert.Single(Files.Composer(files).Compose("config", ["env.gpus=1"]).Problems);

        Assert.Equal("conf/env/local.yaml", Assert.IsType<FilePlace>(problem.Place).Path);
    }

    [Fact]
    public void Compose_FilesThatLeadBackToThemselves_AreRefused()
    {
        var files = new Dictionary<string, string> { ["a.yaml"] = "defaults: [b]", ["b.yaml"] = "defaults: [a]" };

        Assert.Equal("RF1518", Assert.Single(Files.Composer(files).Compose("a", []).Problems).Code);
    }

    [Fact]
    public void Compose_InterpolatedDefaultsThatLeadBackToThemselves_AreRefused()
    {
        var files = new Dictionary<string, string>
        {
            ["config.yaml"] = "defaults:\n  - g: a\n",
            ["g/a.yaml"] = "defaults:\n  - /g/${g}@x\n",
        };

        var composer = Files.Composer(files, new ComposerOptions { Reading = HydraReading.Development });
        Assert.Contains(composer.Compose("config", []).Problems, problem => problem.Code == "RF1518");
    }

    [Fact]
    public void Compose_Aliases_StandForTheRealNames()
    {
        var options = new ComposerOptions
        {
            OptionAliases = [new OptionAlias("env", "aws_batch", "awsbatch")],
            KeyAliases = [new KeyAlias("launcher", "env")],
            Environment = _ => null,
        };

        var composition = Files.Composer(Files.Launcher, options).Compose("config", ["launcher=aws_batch", "launcher.gpus=3"]).Value;

        Assert.Equal("awsbatch", composition.Choices["env"]);
        Assert.Equal(new ArgumentPlace("launcher.gpus=3", 15, 1), composition.PlaceOf("env.gpus"));
    }

    [Fact]
    public void Compose_SweepMode_LeavesSweptValuesAsTheyAre()
    {
        var composition = Files.Composer(Files.Launcher).Compose("config", ["env=local,awsbatch", "seed=1,2"], ComposeMode.Sweep).Value;

        Assert.Equal("local", composition.Choices["env"]);
        Assert.Equal(ConfigScalar.Of(1), composition.Config["seed"]);
    }

    [Fact]
    public void Compose_FirstDirectoryHasTheFile_Wins()
    {
        var path = SearchPath.FromMemory([new("config.yaml", "a: 1")]).AddMemory([new("config.yaml", "a: 2"), new("db/x.yaml", "")]);
        var composer = new Composer(path);

        Assert.Equal(ConfigScalar.Of(1), composer.Compose("config", []).Value.Config["a"]);
        Assert.Equal(["db"], composer.Groups());
        Assert.Equal(["x"], composer.Options("db"));
    }

    [Fact]
    public void Resolve_OpenAndBrokenValues_AreAllReported()
    {
        var files = new Dictionary<string, string> { ["config.yaml"] = "a: ???\nb: ${nosuch}\nc: ${oc.env:NOSUCH}\nd: ${e}\ne: 5\n" };
        var composition = Files.Composer(files).Compose("config", []).Value;

        Assert.Equal(3, composition.Resolve().Problems.Count);
        Assert.Equal(3, composition.Check().Count);
        Assert.Contains(composition.Check(), problem => problem is { Code: "RF1620", Place: FilePlace { Line: 1, Column: 4 } });
    }

    [Fact]
    public void Resolve_Interpolations_GetTheirValues()
    {
        var resolved = Files.Compose("seed=7").Resolve();

        Assert.True(resolved.IsSuccess, ProblemText.Render(resolved.Problems));
        Assert.Equal(ConfigScalar.Of("run-7"), resolved.Value["name"]);
    }

    [Fact]
    public void Check_OverrideThatALaterOneReplaces_IsReported()
    {
        var problem = Assert.Single(Files.Compose("seed=1", "seed=2").Check());

        Assert.Equal("RF1622", problem.Code);
        Assert.Equal("seed=1", Assert.IsType<ArgumentPlace>(problem.Place).Text);
    }

    [Fact]
    public void Compose_HydraBuiltIn_HasHydrasKeys()
    {
        var composer = Files.Composer(Files.Launcher, new ComposerOptions { Hydra = HydraPart.BuiltIn, Environment = _ => null });

        var composition = composer.Compose("config", ["hydra.job.chdir=true", "hydra/job_logging=none"]).Value;

        Assert.Equal("none", composition.Choices["hydra/job_logging"]);
        Assert.True(composition.Resolve().IsSuccess);
        Assert.Equal("RF1651", Assert.Single(composer.Compose("config", ["hydra.job.chdir=often"]).Problems).Code);
    }
}
