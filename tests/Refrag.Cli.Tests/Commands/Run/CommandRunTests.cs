using System.Text.Json.Nodes;

namespace Refrag.Cli.Tests.Commands.Run;

/// <summary><c>refrag run -- COMMAND</c>, and what is answered where it was meant and not typed.</summary>
public sealed class CommandRunTests : IDisposable
{
    private static readonly string[] s_train = ["--", "python", "train.py", "lr=2"];
    private readonly TestProgram _program = new(("PATH", "/usr/bin:/bin"));

    // The usual folder is one of the process, which does not stand in the test's.
    private string Conf => _program.Folder.At("conf");

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Run_InAnEmptyFolder_PlansTheCommandAsItIs()
    {
        JsonNode request = await RequestAsync(
            "env=awsbatch", "env.gpus=1", "--dry-run", "--", "python", "src/train.py", "a=${b}", "--lr", "1");

        Assert.Equal("train", (string?)request["jobName"]);
        Assert.Equal("refrag-gpu-job-queue", (string?)request["jobQueue"]);
        Assert.Equal("train", (string?)request["tags"]!["app"]);
        Assert.Equal(
            ["exec", "--", "python", "src/train.py", "a=${b}", "--lr", "1"],
            request["containerOverrides"]!["command"]!.AsArray().Select(word => (string?)word));
    }

    [Fact]
    public async Task Run_ConfigurationOfRefragsOwn_SaysWhereACommandRuns()
    {
        Write("conf/config.yaml", "defaults: [{app: mine}, {env: awsbatch}, _self_]\nenv: {region: eu-west-1, job_name: own}\nx: ???\n");
        Write("conf/app/mine.yaml", "# @package _global_\napp: {name: mine, class: hello_dist}\n");

        Assert.Equal("own", (string?)(await RequestAsync("--dry-run", "--config-dir", Conf, "x=1", "--", "true"))["jobName"]);
    }

    [Fact]
    public async Task Run_ProjectOfHydras_IsNotRefragsConfiguration()
    {
        Hydra();

        Assert.Equal("train", (string?)(await RequestAsync(["env=awsbatch", "--dry-run", "--config-dir", Conf, .. s_train]))["jobName"]);
    }

    [Fact]
    public async Task Run_ProjectOfHydrasWithRefragYaml_StartsFromIt()
    {
        Hydra();
        Write("conf/refrag.yaml", "defaults: [{env: awsbatch}, _self_]\nenv: {gpus: 2}\n");

        Assert.Equal("refrag-gpu-job-queue", (string?)(await RequestAsync(["--dry-run", "--config-dir", Conf, .. s_train]))["jobQueue"]);
    }

    [Fact]
    public async Task Run_ProjectWithoutConfigYaml_StartsFromRefragYaml()
    {
        Write("train.py", "@hydra.main(version_base=None, config_path=\"configs\", config_name=\"train\")\ndef main(cfg): ...\n");
        Write("configs/train.yaml", "lr: 1\n");
        Write("conf/refrag.yaml", "defaults: [{env: awsbatch}, _self_]\nenv: {gpus: 2}\n");

        Assert.Equal("refrag-gpu-job-queue", (string?)(await RequestAsync(["--dry-run", "--config-dir", Conf, .. s_train]))["jobQueue"]);
        Assert.Equal(64, await RunAsync("run", "--dry-run", "--config-dir", Conf, "--", "python", "train.py", "lrr=2"));
        Assert.Contains("RF1601", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FolderWithoutConfigYamlAndRefragYaml_StartsFromWhatComesWithRefrag()
    {
        Write("conf/env/mine.yaml", "defaults: [awsbatch, _self_]\ngpus: 2\n");

        JsonNode request = await RequestAsync(["env=mine", "--dry-run", "--config-dir", Conf, .. s_train]);
        Assert.Equal("refrag-gpu-job-queue", (string?)request["jobQueue"]);
    }

    [Theory]
    [InlineData(0, "-m", "lr=0.1,0.01")]
    [InlineData(0, "-cn=other", "rate=2")]
    [InlineData(0, "-cn", "other", "rate=2")]
    [InlineData(0, "--config-name=other", "rate=2")]
    [InlineData(64, "lr=0.1,0.01")]
    [InlineData(64, "rate=2")]
    public async Task Run_ModuleOfAHydraProgram_IsCheckedByItsOptions(int exit, params string[] arguments)
    {
        Hydra();
        Write("lab/train.py", "@hydra.main(version_base=None, config_path=\"../conf\", config_name=\"config\")\ndef main(cfg): ...\n");
        Write("conf/other.yaml", "rate: 1\n");

        Assert.Equal(exit, await RunAsync(["run", "--dry-run", "--", "python", "-m", "lab.train", .. arguments]));
        Assert.DoesNotContain("unchecked", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AppNameOfTheUsers_IsTheJobs()
    {
        JsonNode request = await RequestAsync(["env=awsbatch", "app.name=exp1", "--dry-run", .. s_train]);

        Assert.Equal("exp1", (string?)request["jobName"]);
        Assert.Equal("exp1", (string?)request["tags"]!["app"]);
        Assert.DoesNotContain("RF1622", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CfgOfACommand_PrintsWhatItWouldRunWith()
    {
        Hydra();
        Write("conf/refrag.yaml", "defaults: [{env: awsbatch}, _self_]\nenv: {gpus: 2}\n");

        Assert.Equal(0, await RunAsync(["run", "--cfg", "job", "--config-dir", Conf, "env.vcpus=3", .. s_train]));
        Assert.Contains("name: train\n", _program.Output, StringComparison.Ordinal);
        Assert.Contains("gpus: 2\n", _program.Output, StringComparison.Ordinal);
        Assert.Contains("vcpus: 3\n", _program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("model", _program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lrr=2", "RF1601", "Did you mean lr?")]
    [InlineData("model=vti", "RF15", "Did you mean vit?")]
    [InlineData("env.gpus=1", "RF5053", "refrag run env.gpus=1 -- python train.py.")]
    [InlineData("lr=1,2", "RF1606", "Add -m to sweep")]
    public async Task Run_SlipInAHydraProgramsOverrides_IsRefused(string word, string code, string hint)
    {
        Hydra();

        Assert.Equal(64, await RunAsync("run", "--dry-run", "--", "python", "train.py", word));
        Assert.Contains(code, _program.Error, StringComparison.Ordinal);
        Assert.Contains(hint, _program.Error, StringComparison.Ordinal);
        Assert.Empty(_program.Output);

        Assert.Equal(0, await RunAsync("run", "--dry-run", "--unchecked", "--", "python", "train.py", word));
    }

    [Fact]
    public async Task Run_HydraProgramMadeInPython_IsUncheckedAndSaysSo()
    {
        Hydra();
        Write("train.py", $"from hydra.core.config_store import ConfigStore\n{File.ReadAllText(_program.Folder.At("train.py"))}");

        Assert.Equal(0, await RunAsync("run", "--dry-run", "--", "python", "train.py", "lrr=2"));
        Assert.Contains("The overrides of train.py are passed on unchecked: parts of its configuration are made in Python (ConfigStore)",
            _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SweepOfAHydraProgram_ChecksEachJobAndGlobsItsGroups()
    {
        Hydra();

        Assert.Equal(0, await RunAsync("run", "-m", "env=awsbatch", "--dry-run", "--", "python", "train.py", "model=glob(*)", "lr=1,2"));
        Assert.Equal("0-3", (string?)JsonNode.Parse(_program.Output)![0]!["jobs"]);
        Assert.Equal(64, await RunAsync("run", "-m", "env=awsbatch", "--dry-run", "--", "python", "train.py", "model=cnn,vti"));
    }

    [Theory]
    [InlineData("refrag run -- python3 train.py lr=1", "train.py", "lr=1")]
    [InlineData("refrag run env=local -- sh -c true", "env=local", "sh", "--", "-c", "true")]
    [InlineData("refrag run app=train lr=1", "train", "lr=1")]
    [InlineData("Did you mean train?", "trian")]
    public async Task Run_WordThatIsNoOverride_IsAnsweredWithTheCommandLine(string line, params string[] words)
    {
        Write("train.py", "");

        Assert.Equal(64, await RunAsync(["run", .. words]));
        Assert.Contains("RF5054", _program.Error, StringComparison.Ordinal);
        Assert.Contains(line, _program.Error.Replace("python train", "python3 train", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RF5050", "--")]
    [InlineData("RF5051", "app=train", "--", "true")]
    [InlineData("RF5051", "app.command=[x]", "--", "true")]
    [InlineData("RF5051", "++app.class=train", "--", "true")]
    [InlineData("RF5052", "--", "lr=1", "python")]
    public async Task Run_CommandThatIsNone_IsRefused(string code, params string[] words)
    {
        Assert.Equal(64, await RunAsync(["run", .. words]));
        Assert.Contains(code, _program.Error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> RequestAsync(params string[] words)
    {
        int exit = await RunAsync(["run", .. words]);
        Assert.True(exit == 0, _program.Error);
        return JsonNode.Parse(_program.Output)!["requests"]![0]!["request"]!;
    }

    private void Hydra()
    {
        Write("train.py", "@hydra.main(version_base=None, config_path=\"conf\", config_name=\"config\")\ndef main(cfg): ...\n");
        Write("conf/config.yaml", "defaults: [{model: vit}, _self_]\nlr: 1\n");
        Write("conf/model/vit.yaml", "name: vit\n");
        Write("conf/model/cnn.yaml", "name: cnn\n");
    }

    private void Write(string name, string text)
    {
        string path = _program.Folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private Task<int> RunAsync(params string[] words) => RefragCommandLine.RunAsync(_program.Context, words);
}
