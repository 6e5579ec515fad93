using System.IO.Compression;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary>The script of the guide for Python packages, with a package that pip takes from a folder.</summary>
[Trait("Peer", "pip")]
public sealed class PackagesTests
{
    private readonly string _folder = ScratchFolder.Make("packages");
    private readonly string _wheels = ScratchFolder.Make("wheels");
    private readonly string _cache = ScratchFolder.Make("cache");
    private readonly string _state = ScratchFolder.Make("state");
    private readonly string _runs = ScratchFolder.Make("runs");
    private readonly string _temporary = ScratchFolder.Make("tmp");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithPackages_JobsAtOnceAndLater_InstallOnceAndHaveThem()
    {
        await WriteAsync("1.0");
        Finished sweep = await RunAsync("-m", "x=1,2,3");
        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        Assert.Equal(
            ["[0] 1.0 x=1", "[1] 1.0 x=2", "[2] 1.0 x=3"],
            sweep.Output.Split('\n').Where(line => line.Contains(" 1.0 ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Single(Environments());

        // Nothing is left to install it from.
        Directory.Delete(_wheels, recursive: true);
        Finished later = await RunAsync("x=4");
        Assert.True(later.ExitCode == 0, later.ToString());
        Assert.Equal("1.0 x=4\n", later.Output);
        Assert.DoesNotContain("installing", later.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithPackages_OtherRequirements_AreAnotherEnvironment()
    {
        await WriteAsync("1.0");
        Assert.Equal("1.0 x=1\n", (await RunAsync("x=1")).Output);
        await WriteAsync("2.0");
        Assert.Equal("2.0 x=1\n", (await RunAsync("x=1")).Output);
        Assert.Equal(2, Environments().Length);
    }

    [Fact]
    public async Task WithPackages_InstallationThatFails_EndsTheJobAndIsTriedAnewLater()
    {
        await WriteAsync("1.0");
        string wheel = Assert.Single(Directory.GetFiles(_wheels));
        File.Move(wheel, wheel + ".away");
        Finished failed = await RunAsync("x=1");
        Assert.True(failed.ExitCode == 1, failed.ToString());
        Assert.Empty(failed.Output);
        Assert.Contains("No matching distribution found for refrag-word==1.0", failed.ToString(), StringComparison.Ordinal);

        File.Move(wheel + ".away", wheel);
        Finished again = await RunAsync("x=1");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal("1.0 x=1\n", again.Output);
    }

    private string[] Environments() => Directory.GetDirectories(Path.Combine(_cache, "python-packages"));

    private Task<Finished> RunAsync(params string[] words)
    {
        string[] options = [.. words.Where(word => word.StartsWith('-'))];
        string[] arguments = [.. words.Where(word => !word.StartsWith('-'))];
        return Alone(new BuiltProgram { WorkingDirectory = _folder })
            .With("XDG_STATE_HOME", _state).With("REFRAG_RUNS", _runs).With("TMPDIR", _temporary)
            .With("XDG_CACHE_HOME", _cache).With("PYTHON", Stock.Python)
            .RunAsync(["run", .. options, "env.code=.", "--", "sh", "with-packages.sh", "python", "use.py", .. arguments]);
    }

    // Settings of this machine could name an index, and a test must reach no network. (pip documentation, Configuration:
    // PIP_CONFIG_FILE=os.devnull leaves out every file, and each option has a variable)
    private static BuiltProgram Alone(BuiltProgram program)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
            if (name.StartsWith("PIP_", StringComparison.Ordinal)) program.With(name, null);
        return program.With("PIP_CONFIG_FILE", "/dev/null").With("PIP_NO_INDEX", "1");
    }

    private static async Task RequireProgramsAsync()
    {
        if (!Stock.Has("flock")) Assert.Skip("flock is not on PATH.");
        Finished pip = await BuiltProgram.FinishAsync(
            Alone(new BuiltProgram()).StartProgram(Stock.Python, "-m", "pip", "--version"), Token);
        if (pip.ExitCode == 0) return;
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail($"python3 has no pip: {pip}");
        Assert.Skip("python3 has no pip.");
    }

    private async Task WriteAsync(string version)
    {
        await RequireProgramsAsync();
        MarkdownBlock script = MarkdownPage.Read(Repository.Root, "docs/guides/packages.md").Blocks
            .Single(block => block.File == "with-packages.sh");
        await File.WriteAllLinesAsync(Path.Combine(_folder, "with-packages.sh"), script.Lines, Token);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "use.py"), "import sys, refrag_word\nprint(refrag_word.VERSION, sys.argv[1])\n", Token);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "requirements.txt"), $"--no-index\n--find-links {_wheels}\nrefrag-word=={version}\n", Token);
        WriteWheel(version);
    }

    // The least that a wheel has: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    private void WriteWheel(string version)
    {
        using ZipArchive wheel = ZipFile.Open(
            Path.Combine(_wheels, $"refrag_word-{version}-py3-none-any.whl"), ZipArchiveMode.Create);
        string info = $"refrag_word-{version}.dist-info";
        Add("refrag_word.py", $"VERSION = '{version}'\n");
        Add($"{info}/METADATA", $"Metadata-Version: 2.1\nName: refrag-word\nVersion: {version}\n");
        Add($"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Add($"{info}/RECORD", $"refrag_word.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n");

        void Add(string path, string text)
        {
            using StreamWriter entry = new(wheel.CreateEntry(path).Open());
            entry.Write(text);
        }
    }
}
