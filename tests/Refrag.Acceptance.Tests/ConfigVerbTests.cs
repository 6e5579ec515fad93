using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests;

/// <summary>What <c>refrag config</c> and <c>refrag completion</c> answer, through the built program.</summary>
public sealed class ConfigVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-config");

    [Fact]
    public async Task Show_Overrides_PrintsYaml() => await AnswersAsync(
        ["show", "app=hello_dist", "message=hi", "--package", "app"], "# @package app\nname: hello_dist\nclass: hello_dist\n");

    [Theory]
    [InlineData("4\n", "--resolve")]
    [InlineData("${oc.select:nodes,1}\n")]
    public async Task Show_Interpolation_IsResolvedWhereAsked(string output, params string[] options) =>
        await AnswersAsync(["show", "env=awsbatch", "nodes=4", "--package", "env.nodes", .. options], output);

    [Fact]
    public async Task Show_Json_IsTheSameConfiguration()
    {
        Finished run = await ConfigAsync("show", "app=train", "lr=0.5", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode config = JsonNode.Parse(run.Output)!;
        Assert.Equal((0.5, "train", "local"), ((double?)config["lr"], (string?)config["app"]!["name"], (string?)config["env"]!["kind"]));
    }

    [Fact]
    public async Task Show_PackageMistyped_SuggestsTheNearest() => await RefusesAsync(
        ["show", "--package", "env.gps"], "RF5002", "  | --package=env.gps\n  |               ^^^", "Did you mean gpus?");

    [Fact]
    public async Task Show_OpenValue_IsShownAsSuch() => await AnswersAsync(
        ["show", "app=train", "data=???", "--package", "data", "--resolve"], "???\n");

    [Fact]
    public async Task Explain_Key_ListsFileAndArgumentsInOrder()
    {
        Configure("app/mine.yaml", "# @package _global_\napp: {name: mine, command: [echo]}\nlr: 0.1\n");

        await AnswersAsync(
            ["explain", "lr", "app=mine", "lr=0.2", "lr=0.5"],
            "lr: 0.5\n  # conf/app/mine.yaml:3:5  0.1  shadowed\n  # argument lr=0.2         0.2  shadowed\n  # argument lr=0.5         "
                + "0.5\n",
            Mine());
    }

    [Fact]
    public async Task Explain_RemovedKey_HasAHistory()
    {
        Configure("config.yaml", "a: 1\n");

        await AnswersAsync(["explain", "a", "~a"],
            "a is not there\n  # conf/config.yaml:1:4  1          shadowed\n  # argument ~a           (removed)\n", Mine());
    }

    [Fact]
    public async Task Explain_Interpolation_ShowsValueAndText()
    {
        Configure("config.yaml", "a: ${b}\nb: 2\n");

        await AnswersAsync(["explain", "a", "b=3"], "a: 3\n  # conf/config.yaml:1:4  ${b}\n", Mine());
    }

    [Fact]
    public async Task Explain_Variable_IsReadFromTheEnvironment() => await AnswersAsync(
        ["explain", "lr", "app=train", "~lr", "+lr=${oc.decode:${oc.env:RATE}}"],
        "lr: 0.7\n  # conf/app/train.yaml:11:5                  0.1                          shadowed\n"
        + "  # argument ~lr                              (removed)                    shadowed\n"
        + "  # argument +lr=${oc.decode:${oc.env:RATE}}  ${oc.decode:${oc.env:RATE}}\n",
        new BuiltProgram().With("RATE", "0.7"));

    [Theory]
    [InlineData("env=awsbatch", "  # option awsbatch, chosen by argument env=awsbatch\n")]
    [InlineData("app=train", "  # option local, chosen in a defaults list\n")]
    public async Task Explain_Group_NamesWhatChose(string argument, string line)
    {
        Finished run = await ConfigAsync("explain", "env", argument);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_UnknownKey_IsRefused() =>
        await RefusesAsync(["explain", "env.gps"], "RF5002", "  | env.gps\n  |     ^^^", "Did you mean gpus?");

    [Fact]
    public async Task Explain_OtherNameOfAKey_IsTheKey() => await AnswersAsync(
        ["explain", "launcher.gpus", "env=aws_batch", "launcher.gpus=2"],
        "env.gpus: 2\n  # conf/env/awsbatch.yaml:28:7  0  shadowed\n  # argument launcher.gpus=2     2\n");

    [Fact]
    public async Task Explain_OtherNameMistyped_PointsAtWhatWasTyped() => await RefusesAsync(
        ["explain", "launcher.gps"], "RF5002", "  | launcher.gps\n  |          ^^^", "Did you mean gpus?");

    [Theory]
    [InlineData("run", "app=train", "--dryrun")]
    [InlineData("run", "--dryrun=1")]
    [InlineData("config", "show", "--dryrun")]
    [InlineData("config", "explain", "lr", "--dryrun")]
    public async Task UnknownOption_IsNoOverride(params string[] arguments)
    {
        Finished run = await new BuiltProgram().RunAsync(arguments);

        Assert.True(run is { ExitCode: 64, Output: "" }, run.ToString());
        Assert.Contains("RF5004", run.Error, StringComparison.Ordinal);
        Assert.Contains("  | --dryrun", run.Error, StringComparison.Ordinal);
        if (arguments[0] == "run") Assert.Contains("Did you mean --dry-run?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_WithOverrides_ListsTheKeys()
    {
        Finished run = await new BuiltProgram().RunAsync("run", "app=train", "env=awsbatch", "lr=0.5", "--help");

        Assert.True(run is { ExitCode: 0, Error: "" }, run.ToString());
        Assert.Contains("Keys of app=train (A small, real training run.", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n  epochs=20 +Passes over the data\. \[int, 1 to 1000000\]\n", run.Output);
        Assert.Matches(@"\n  lr=0\.5 +The learning rate", run.Output);
        Assert.Matches(@"\n  env\.gpus=0 +Whole GPUs .*\[int, 0 to 1024, or null\]\n", run.Output);
    }

    [Fact]
    public async Task Help_OwnAppWithASchema_ListsItsKeys()
    {
        Configure("app/mine.yaml", "# @package _global_\napp: {name: mine, command: [echo]}\nrate: 3\nopt: {name: adam, beta: 0.9}\n");
        Configure("app/_schema/mine.yaml",
            "description: Mine.\nkeys:\n  rate: {type: int, max: 9, description: How fast.}\n  extra: {type: size, default: 1GiB}\n");

        Finished run = await Mine().RunAsync("run", "app=mine", "--help");

        Assert.True(run is { ExitCode: 0, Error: "" }, run.ToString());
        Assert.Contains(
            "Keys of app=mine (Mine):\n  rate=3                            How fast. [int, 9 or less]\n  opt.name=adam\n  opt.beta=0.9\n  "
                + "+extra=1GiB                       [size]\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OwnAppOfAShippedName_IsNotHeldAgainstTheShippedSchema()
    {
        Configure("app/train.yaml", "# @package _global_\napp: {name: train, command: [echo]}\nlr: [0.1, 0.2]\nmodel: resnet\n");

        await AnswersAsync(["check", "app=train"], "no problems\n", Mine());
    }

    [Theory]
    [InlineData("env.gpus=two", "env.gpus must be a whole number from 0 to 1024, or null; got 'two'")]
    [InlineData("env.gpus=1.5", "env.gpus must be a whole number from 0 to 1024, or null; got '1.5'")]
    [InlineData("epochs=0", "epochs must be a whole number from 1 to 1000000; got '0'")]
    [InlineData("model=mpl", "Did you mean mlp?")]
    [InlineData("resume=maybe", "resume must be true or false; got 'maybe'")]
    public async Task Check_ShippedSchema_RefusesWhereItStands(string argument, string said) =>
        await RefusesAsync(["check", "app=train", argument], "RF165", said, $"  | {argument}\n");

    [Theory]
    [InlineData("app=train")]
    [InlineData("-m", "app=train", "lr=0.1,0.2", "env=local,awsbatch")]
    public async Task Check_Sound_SaysSo(params string[] overrides) => await AnswersAsync(["check", .. overrides], "no problems\n");

    [Fact]
    public async Task Check_SeveralProblems_ReportsEachOnce()
    {
        Finished run = await RefusesAsync(
            ["check", "app=train", "lr=1", "lr=2", "output_dir=${b}", "data=???"], "RF1620", "  | data=???", "RF1301",
            "  | output_dir=${b}", "RF1622", "  | lr=1\n", "3 problems.");

        Assert.DoesNotContain("sent", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SweepWithOneMistake_ReportsItOnce()
    {
        Finished run = await RefusesAsync(["check", "-m", "app=train", "lr=1,2", "sed=1"], "RF1601", "Did you mean seed?");

        Assert.DoesNotContain("problems.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SchemaBesideTheGroup_PointsAtTheValue()
    {
        Configure("config.yaml", "defaults: [db: small]\n");
        Configure("db/small.yaml", "size: 1GiB\nport: 80\n");
        Configure("db/_schema.yaml", "closed: true\nkeys:\n  size: {type: size, max: 8GiB}\n  port: {type: int, min: 1, max: 65535}\n");

        await AnswersAsync(["check"], "no problems\n", Mine());
        Finished run = await ConfigAsync(Mine(), "check", "db.port=0", "db.size=9GiB");

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains("  | db.port=0\n  |         ^", run.Error, StringComparison.Ordinal);
        Assert.Contains("  | db.size=9GiB\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_OfAProjectThatHasNothingOfRefrags_AreItsOwn()
    {
        Configure("config.yaml", "defaults: [db/engine: pg]\n");
        Configure("db/engine/pg.yaml", "a: 1\n");

        await AnswersAsync(["groups"], "db/engine\n  pg  (default)\n", Mine());
    }

    [Fact]
    public async Task Groups_All_MarksTheDefaults()
    {
        Configure("config.yaml", "defaults: [db/engine: pg, env: local]\n");
        Configure("db/engine/pg.yaml", "a: 1\n");
        Configure("db/engine/lite.yaml", "a: 2\n");

        await AnswersAsync(
            ["groups"], "app\n  hello_dist\n  train\ndb/engine\n  lite\n  pg  (default)\nenv\n  awsbatch\n  local  (default)\n  slurm\n",
            Mine());
        await AnswersAsync(["groups", "db"], "engine/\n", Mine());
    }

    [Fact]
    public async Task Groups_One_PrintsItsOptions() => await AnswersAsync(["groups", "env"], "awsbatch\nlocal\nslurm\n");

    [Fact]
    public async Task Groups_Unknown_SuggestsTheNearest() => await RefusesAsync(["groups", "enx"], "RF5003", "Did you mean env?");

    [Theory]
    [InlineData("show")]
    [InlineData("explain", "a")]
    [InlineData("check")]
    [InlineData("groups")]
    public async Task Config_NoSuchFolder_NamesIt(params string[] verb) =>
        await RefusesAsync([.. verb, "--config-dir", "nowhere"], "RF5001", "nowhere");

    [Fact]
    public async Task Config_OtherName_StartsThere()
    {
        Configure("other.yaml", "a: 1\n");

        await AnswersAsync(["show", "--config-name", "other"], "a: 1\n", Mine());
        await AnswersAsync(["show", "--config-name=other", "--config-dir=conf", "a=2"], "a: 2\n", Mine());
    }

    [Theory]
    [InlineData("completion config exec run submit", "")]
    [InlineData("check explain groups show", "config", "")]
    [InlineData("env=awsbatch env=local env=slurm", "run", "env=")]
    [InlineData("env.gpu_job_definition_name= env.gpu_job_queue=", "run", "env=awsbatch", "env.gpu_j")]
    [InlineData("lr=", "run", "-m", "app=train", "'seed=1'", "lr")]
    [InlineData("env.gpu_job_definition_name env.gpu_job_queue env.gpus", "config", "explain", "env.gp")]
    [InlineData("epochs=", "config", "explain", "lr", "app=train", "ep")]
    [InlineData("launcher.gpu_job_definition_name= launcher.gpu_job_queue=", "run", "env=awsbatch", "launcher.gpu_j")]
    [InlineData("launcher.gpus", "config", "explain", "launcher.gpus")]
    [InlineData("env=aws_batch", "run", "env=aws_")]
    [InlineData("env=awsbatch", "run", "env=aws")]
    [InlineData("env.region= env.region_patience= env.regions=", "run", "env=aws_batch", "env.reg")]
    [InlineData("--fail-fast", "run", "--fa")]
    [InlineData("app env", "config", "groups", "")]
    [InlineData("--config-dir --config-name", "config", "show", "--conf")]
    [InlineData("bash fish zsh", "completion", "")]
    [InlineData("src/", "run", "--config-dir", "sr")]
    [InlineData("--config-dir=src/", "run", "--config-dir=sr")]
    [InlineData("config", "run", "--config-name", "")]
    [InlineData("", "run", "--config-dir", "nowhere", "env=")]
    [InlineData("", "nothing", "like", "this")]
    public async Task Complete_Words_GivesWholeWords(string found, params string[] words)
    {
        Finished run = await new BuiltProgram().RunAsync(["complete", "--", .. words]);

        Assert.True(run is { ExitCode: 0, Error: "" }, run.ToString());
        string[] answered = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // Other verbs may come; these must be there.
        if (words is [""]) Assert.Empty(found.Split(' ').Except(answered));
        else Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), answered);
    }

    [Theory]
    [InlineData("refrag run env=", "awsbatch local slurm", "refrag", "run", "env", "=")]
    [InlineData("refrag run env=aws", "awsbatch", "refrag", "run", "env", "=", "aws")]
    [InlineData("refrag run env=awsbatch  env.gpus", "env.gpus=", "refrag", "run", "env", "=", "awsbatch", "env.gpus")]
    [InlineData("refrag config groups ", "app env", "refrag", "config", "groups", "")]
    public async Task Completion_Bash_GivesBackWhatStandsBehindTheCut(string line, string found, params string[] words)
    {
        string[] cut = [.. words.Select(w => $"'{w}'")];
        string script = $"""
            refrag() {'{'} '{BuiltProgram.Path}' "$@"; {'}'}
            source <(refrag completion bash)
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({string.Join(' ', cut)}) COMP_CWORD={words.Length - 1}
            _refrag
            printf '%s\n' "${'{'}COMPREPLY[@]{'}'}"
            """;
        using Process bash = new BuiltProgram().StartProgram("bash", "-c", script);
        Finished run = await BuiltProgram.FinishAsync(bash, TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(found.Split(' '), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("bash", "complete -o nosort -F _refrag refrag")]
    [InlineData("zsh", "compdef _refrag refrag")]
    [InlineData("fish", "complete -c refrag")]
    public async Task Completion_Shell_PrintsItsScript(string shell, string line)
    {
        Finished run = await new BuiltProgram().RunAsync("completion", shell);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains($"\n{line}", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private BuiltProgram Mine() => new() { WorkingDirectory = _folder.FullName };

    private void Configure(string path, string text)
    {
        string file = Path.Combine(_folder.FullName, "conf", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static Task<Finished> ConfigAsync(params string[] arguments) => ConfigAsync(new BuiltProgram(), arguments);

    private static Task<Finished> ConfigAsync(BuiltProgram program, params string[] arguments) =>
        program.RunAsync(["config", .. arguments]);

    private static async Task AnswersAsync(string[] arguments, string output, BuiltProgram? program = null)
    {
        Finished run = await ConfigAsync(program ?? new BuiltProgram(), arguments);

        Assert.True(run is { ExitCode: 0, Error: "" }, run.ToString());
        Assert.Equal(output, run.Output);
    }

    private static async Task<Finished> RefusesAsync(string[] arguments, params string[] said)
    {
        Finished run = await ConfigAsync(arguments);

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Empty(run.Output);
        foreach (string text in said) Assert.Contains(text, run.Error, StringComparison.Ordinal);
        return run;
    }
}
