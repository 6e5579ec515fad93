using System.Text.Json.Nodes;

namespace Refrag.Cli.Tests.Commands.Run;

public sealed class InitVerbTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("python", "train.py", "--lr", "1e-3", "--seed=007", "mode=on", "--flag", "-v", "a b", "${x}", "5")]
    [InlineData("sh", "-c", "echo 'it''s' \"$HOME\" | cat")]
    public async Task Init_Command_RunsWithTheSameWords(params string[] command)
    {
        Assert.Equal(0, await RunAsync(["init", "--", .. command]));
        string said = _program.Output;
        Assert.Equal(0, await RunAsync("run", "--config-dir", _program.Folder.At("conf"), "env=awsbatch", "--dry-run"));

        JsonNode request = JsonNode.Parse(_program.Output[said.Length..])!["requests"]![0]!["request"]!;
        Assert.Equal(["exec", "--", .. command], request["containerOverrides"]!["command"]!.AsArray().Select(word => (string?)word));
    }

    [Fact]
    public async Task Init_OptionsWithValues_AreKeys()
    {
        Assert.Equal(0, await RunAsync("init", "--", "python", "train.py", "--batch-size", "8", "lr=0.1"));
        string folder = _program.Folder.At("conf");
        Assert.Equal(0, await RunAsync("run", "--config-dir", folder, "env=awsbatch", "--dry-run", "batch_size=16", "lr=1"));

        Assert.Contains("wrote conf/config.yaml\nwrote conf/app/train.yaml\n", _program.Output, StringComparison.Ordinal);
        Assert.Contains("\"--batch-size\",\n", _program.Output, StringComparison.Ordinal);
        Assert.Contains("\"16\",\n", _program.Output, StringComparison.Ordinal);
        Assert.Contains("\"lr=1\"\n", _program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_HydraProject_IsLeftAloneButForRefragYaml()
    {
        Write("src/app.py", "@hydra.main(config_path=\"../conf\", config_name=\"config\", version_base=None)\ndef main(cfg): ...\n");
        Write("conf/config.yaml", "lr: 1\n");

        Assert.Equal(0, await RunAsync("init"));
        Assert.Equal("wrote conf/refrag.yaml\n", _program.Output);
        Assert.Contains("Run it with: refrag run -- python src/app.py", _program.Error, StringComparison.Ordinal);
        string folder = _program.Folder.At("conf");
        Assert.Equal(0, await RunAsync("run", "--config-dir", folder, "--dry-run", "--", "python", "src/app.py", "lr=2"));
    }

    [Fact]
    public async Task Init_OnlyPython3OnThePath_IsTheInterpreter()
    {
        using TemporaryFolder path = new();
        File.WriteAllText(path.At("python3"), "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path.At("python3"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using TestProgram program = new(("PATH", path.Path));
        File.WriteAllText(program.Folder.At("train.py"), "@hydra.main()\n");

        Assert.Equal(0, await RefragCommandLine.RunAsync(program.Context, ["init"]));
        Assert.Contains("Run it with: refrag run -- python3 train.py", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_FileThatExists_IsKept()
    {
        Write("conf/app/train.yaml", "mine\n");

        Assert.Equal(64, await RunAsync("init", "--", "python", "train.py"));
        Assert.Contains("RF5056 conf/app/train.yaml exists already", _program.Error, StringComparison.Ordinal);
        Assert.Equal("mine\n", File.ReadAllText(_program.Folder.At("conf/app/train.yaml")));
        Assert.False(File.Exists(_program.Folder.At("conf/config.yaml")));
    }

    [Fact]
    public async Task Init_WhereConfIsAFile_SaysThatItCannotBeWritten()
    {
        File.WriteAllText(_program.Folder.At("conf"), "mine\n");

        Assert.Equal(64, await RunAsync("init", "--", "python", "train.py"));
        Assert.Contains("RF5057 conf/config.yaml cannot be written", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_NothingToSee_AsksForTheCommand()
    {
        Assert.Equal(64, await RunAsync("init"));
        Assert.Contains("RF5055", _program.Error, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        string path = _program.Folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private Task<int> RunAsync(params string[] words) => RefragCommandLine.RunAsync(_program.Context, words);
}
