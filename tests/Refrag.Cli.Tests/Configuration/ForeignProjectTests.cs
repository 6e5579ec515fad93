using System.Text.Json.Nodes;

namespace Refrag.Cli.Tests.Configuration;

/// <summary>A project that is another program's keeps its own keys and groups, and refrag starts from its own files in it.</summary>
public sealed class ForeignProjectTests : IDisposable
{
    private const int Refused = 64;

    private readonly TestProgram _program = new(("REFRAG_RUNS", "none"));

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("launcher: {gpus: 1}\n", "")]
    [InlineData("defaults: [part, _self_]\n", "launcher: {gpus: 1}\n")]
    [InlineData("defaults: [part@launcher, _self_]\n", "gpus: 1\n")]
    public async Task Show_ProjectWithAKeyLauncher_IsNotAnAlias(string config, string part)
    {
        Write("config.yaml", config + "env: {gpus: 0}\n");
        Write("part.yaml", part);

        Assert.Equal(0, await RunAsync("config", "show", "--json", "launcher.gpus=2"));
        JsonNode shown = JsonNode.Parse(_program.Output)!;
        Assert.Equal((2, 0), ((int?)shown["launcher"]!["gpus"], (int?)shown["env"]!["gpus"]));
    }

    [Fact]
    public async Task Explain_ProjectWithAKeyLauncher_ExplainsIt()
    {
        Write("config.yaml", "launcher: {gpus: 1}\nenv: {gpus: 0}\n");

        Assert.Equal(0, await RunAsync("config", "explain", "launcher.gpus"));
        Assert.StartsWith("launcher.gpus: 1\n", _program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_WithoutSuchAKey_LauncherIsEnv()
    {
        Write("config.yaml", "env: {gpus: 0}\n");

        Assert.Equal(0, await RunAsync("config", "show", "--json", "launcher.gpus=2"));
        Assert.Equal(2, (int?)JsonNode.Parse(_program.Output)!["env"]!["gpus"]);
    }

    [Fact]
    public async Task Groups_ForeignProject_AreItsOwnAlone()
    {
        Write("config.yaml", "defaults: [{model: vit}, _self_]\nlr: 1\n");
        Write("model/vit.yaml", "name: vit\n");

        Assert.Equal(0, await RunAsync("config", "groups"));
        Assert.Equal("model\n  vit  (default)\n", _program.Output);
        Assert.Equal(Refused, await RunAsync("config", "groups", "app"));
    }

    [Theory]
    [InlineData("defaults: [{app: mine}, {env: local}, _self_]\n")]
    [InlineData("defaults: [{app: mine}, _self_]\nenv: {kind: local}\n")]
    public async Task Groups_ProjectOfRefrags_AreAll(string config)
    {
        Write("config.yaml", config);
        Write("app/mine.yaml", "# @package _global_\napp: {name: mine, command: [echo]}\n");

        Assert.Equal(0, await RunAsync("config", "groups"));
        Assert.Contains("app\n", _program.Output, StringComparison.Ordinal);
        Assert.Contains("env\n", _program.Output, StringComparison.Ordinal);
    }

    // What runs where is not in its files: refrag's own say it.
    [Theory]
    [InlineData("lr: 1\n", null)]
    [InlineData("lr: 1\nenv: gym\n", null)]
    [InlineData("lr: 1\n", "defaults: [{env: local}, _self_]\n")]
    public async Task Jobs_InAForeignProject_LooksWhereTheWordsSay(string config, string? own)
    {
        Write("config.yaml", config);
        if (own is not null) Write("refrag.yaml", own);

        Assert.Equal(0, await RunAsync("jobs", "--json", "env=local"));
        Assert.Equal("", _program.Error);
    }

    // As with `refrag run`, what is typed may choose the environment.
    [Fact]
    public async Task Jobs_ProjectThatLeavesTheEnvironmentToTheWords_IsRefrags()
    {
        Write("config.yaml", "defaults: [{app: mine}, _self_]\n");
        Write("app/mine.yaml", "# @package _global_\napp: {name: mine, command: [echo]}\n");

        Assert.Equal(0, await RunAsync("jobs", "--json", "+env=local"));
        Assert.Equal("", _program.Error);
    }

    [Theory]
    [InlineData("run", "--dry-run")]
    [InlineData("config", "show")]
    [InlineData("config", "groups")]
    [InlineData("jobs", "env=local")]
    public async Task Verb_NamedFolderWithoutThePrimaryFile_IsRefused(params string[] words)
    {
        Write("other.yaml", "a: 1\n");

        Assert.Equal(Refused, await RunAsync(words));
        Assert.Contains($"RF5061 There is no config.yaml in {Conf}", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NamedFolderWithTheNamedFile_IsComposed()
    {
        Write("other.yaml", "a: 1\n");

        Assert.Equal(0, await RunAsync("config", "show", "--config-name", "other"));
        Assert.Equal("a: 1\n", _program.Output);
    }

    // A resolver of Python's is no matter of a job that does not need its value.
    [Fact]
    public async Task Run_ResolverThatTheJobDoesNotNeed_IsNotCalled()
    {
        Write("config.yaml", "defaults: [{app: mine}, {env: awsbatch}, _self_]\nlr: ${my_resolver:1}\nseed: 3\n");
        Write("app/mine.yaml", "# @package _global_\napp: {name: mine, command: [echo, '${seed}']}\n");

        Assert.Equal(0, await RunAsync("run", "--dry-run"));
        Assert.Contains("\"3\"", _program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ResolverThatTheJobNeeds_IsRefused()
    {
        Write("config.yaml", "defaults: [{app: mine}, {env: awsbatch}, _self_]\nlr: ${my_resolver:1}\n");
        Write("app/mine.yaml", "# @package _global_\napp: {name: mine, command: [echo, '${lr}']}\n");

        Assert.Equal(Refused, await RunAsync("run", "--dry-run"));
        Assert.Contains("my_resolver", _program.Error, StringComparison.Ordinal);
    }

    private string Conf => _program.Folder.At("conf");

    private void Write(string path, string text)
    {
        string full = _program.Folder.At($"conf/{path}");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private Task<int> RunAsync(params string[] words) =>
        RootVerb.Create(_program.Context).Parse([.. words, "--config-dir", Conf])
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
}
