using System.CommandLine;

namespace Refrag.Cli.Tests.Commands.Run;

/// <summary>Projects with a <c>hydra</c> section and Hydra's own options.</summary>
public sealed class HydraProjectTests : IDisposable
{
    private const string Config = """
        defaults:
          - model: vit
          - override hydra/launcher: submitit_slurm
          - override hydra/job_logging: colorlog
          - _self_
        lr: 1
        out: ${hydra:runtime.output_dir}
        at: ${hydra:runtime.cwd}
        choice: ${hydra:runtime.choices.model}
        hydra:
          run: {dir: "runs/${model.name}"}
          sweep: {dir: sweeps, subdir: "n${hydra.job.num}"}
          launcher: {timeout_min: 60}
          sweeper: {params: {lr: "1,2", model.name: "x,y"}}
        """;

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    // Hydra 1.3.5: runtime.output_dir is hydra.run.dir made absolute, or in a sweep hydra.sweep.dir with hydra.sweep.subdir.
    [Fact]
    public async Task Show_HydraSection_IsComposedAndResolves()
    {
        Project();

        Assert.Equal(0, await RunAsync("config", "show", "--resolve", "hydra.launcher.timeout_min=5", "hydra.launcher.partition=x"));
        string cwd = _program.Folder.Path;
        Assert.Equal(
            $"model:\n  name: v\nlr: 1\nout: {cwd}/runs/v\nat: {cwd}\nchoice: vit\n", _program.Output);
        Assert.Contains("warning RF1524 hydra/launcher/submitit_slurm", _program.Error, StringComparison.Ordinal);
        Assert.Contains("warning RF1524 hydra/job_logging/colorlog", _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hydra.job.chdr=true", "Did you mean hydra.job.chdir?")]
    [InlineData("hydra/outptu=x", "RF16")]
    public async Task Show_SlipInHydrasOwnKeys_IsRefused(string word, string hint)
    {
        Project();

        Assert.Equal(64, await RunAsync("config", "show", word));
        Assert.Contains(hint, _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-m")]
    [InlineData("--multirun")]
    [InlineData("hydra.mode=MULTIRUN")]
    public async Task Run_ParametersOfTheSweeper_AreSwept(string word)
    {
        Project(App);

        Assert.Equal(0, await RunAsync("run", "--dry-run", "--config-name", "job", word, "model.name=z"));
        Assert.Contains("\"jobs\": \"0,1\"", _program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-cn", "other")]
    [InlineData("--config-name", "other")]
    public async Task Run_CfgAndConfigName_PrintTheConfiguration(params string[] words)
    {
        Project();
        Write("other.yaml", "a: 1\nhydra: {run: {dir: x}}\n");

        Assert.Equal(0, await RunAsync(["run", "--cfg", "job", .. words]));
        Assert.Equal("a: 1\n", _program.Output);
    }

    [Theory]
    [InlineData("-cd")]
    [InlineData("-cp")]
    [InlineData("--config-path")]
    public async Task Show_HydrasOptionForTheFolder_IsTaken(string option)
    {
        Write("config.yaml", "a: 1\n");

        ParseResult parsed = RootVerb.Create(_program.Context).Parse(["config", "show", option, _program.Folder.At("conf")]);
        Assert.Equal(0, await parsed.InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("a: 1\n", _program.Output);
    }

    [Fact]
    public async Task Show_DevelopmentReading_IsChosenByAVariable()
    {
        using TestProgram development = new(("REFRAG_HYDRA", "development"));
        foreach (TestProgram program in (TestProgram[])[_program, development])
        {
            Directory.CreateDirectory(program.Folder.At("conf/env/gym"));
            await File.WriteAllTextAsync(
                program.Folder.At("conf/config.yaml"), "defaults: [env: gym/cart]\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                program.Folder.At("conf/env/gym/cart.yaml"), "id: cart\n", TestContext.Current.CancellationToken);
            string[] words = ["config", "show", "--config-dir", program.Folder.At("conf")];
            Assert.Equal(0, await RootVerb.Create(program.Context).Parse(words).InvokeAsync(
                cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.Equal("env:\n  id: cart\n", _program.Output);
        Assert.Equal("env:\n  gym:\n    id: cart\n", development.Output);
    }

    private const string App = "app: {name: mine, command: [echo]}\nenv: {kind: local}\n";

    private void Project(string more = "")
    {
        Write("config.yaml", Config + "\n");
        Write("job.yaml", Config + "\n" + more);
        Write("model/vit.yaml", "name: v\n");
    }

    private void Write(string path, string text)
    {
        string full = _program.Folder.At($"conf/{path}");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private Task<int> RunAsync(params string[] words) =>
        RootVerb.Create(_program.Context).Parse([.. words, "--config-dir", _program.Folder.At("conf")])
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
}
