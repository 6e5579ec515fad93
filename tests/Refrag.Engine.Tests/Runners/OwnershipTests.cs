using System.Diagnostics;
using System.Globalization;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.Runners;

/// <summary>Processes belong to their very folder: whatever a folder holds, no other process is signalled because of it.</summary>
public sealed class OwnershipTests : IAsyncDisposable
{
    private static readonly AttemptIdentity Identity = new("task");
    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        foreach (string folder in Directory.GetDirectories(_folder.Path)) await SweepAsync(folder);
        _folder.Dispose();
    }

    [Fact]
    public async Task Sweep_FolderIsACopy_OriginalRunsOnAndIsItsOwnsToEnd()
    {
        string pid = await StartAsync("original");
        await CopyAsync("original", "copy");
        await using (ProcessRunner copy = EngineProcess.Runner(_folder.At("copy")))
        {
            Adoption adoption = await copy.AdoptAsync(Identity, DiscardedOutput.Instance, Token);
            Assert.Equal((AdoptionState.Gone, null), (adoption.State, adoption.Attempt));
            await copy.SweepAsync(new HashSet<AttemptIdentity>(), Token);
        }
        Assert.True(IsAlive(pid));
        await SweepAsync(_folder.At("original"));
        await Limits.Gone(pid);
    }

    [Fact]
    public async Task Sweep_CopyIsWhereTheOriginalWas_OriginalRunsOn()
    {
        string pid = await StartAsync("state");
        Directory.Move(_folder.At("state"), _folder.At("moved"));
        await CopyAsync("moved", "state");
        await SweepAsync(_folder.At("state"));
        Assert.True(IsAlive(pid));
        await using ProcessRunner moved = EngineProcess.Runner(_folder.At("moved"));
        Assert.Equal(AdoptionState.Found, (await moved.AdoptAsync(Identity, DiscardedOutput.Instance, Token)).State);
    }

    [Fact]
    public async Task Sweep_CopyOfAnAttemptWithALimit_OriginalRunsOn()
    {
        string pid = await StartAsync("original", new AttemptLimits(new VCpus(1), new MebiBytes(64)));
        await CopyAsync("original", "copy");
        await SweepAsync(_folder.At("copy"));
        Assert.True(IsAlive(pid));
    }

    public static TheoryData<string> Corrupt =>
        ["0", "1", "-1", "-2", "2147483648", "4294967295", "", "1e3", "0x10", "%stranger%", "%test%", "%parent%"];

    [Theory]
    [MemberData(nameof(Corrupt))]
    public async Task Adopt_FolderNamesAnotherProcess_NothingIsSignalled(string number)
    {
        using Process stranger = Process.Start("setsid", ["sleep", "600"]);
        string pid = number
            .Replace("%stranger%", stranger.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%test%", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%parent%", (await File.ReadAllTextAsync("/proc/self/stat", Token)).Split(' ')[3], StringComparison.Ordinal);
        string attempt = Directory.CreateDirectory(_folder.At("state/attempts/task/1")).FullName;
        // All that is written down is right, but for the one thing that cannot be forged: that the process has a file of this folder open.
        string stat = File.Exists($"/proc/{pid}/stat")
            ? await File.ReadAllTextAsync($"/proc/{pid}/stat", Token)
            : $"{pid} (x) S 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1\n";
        await File.WriteAllTextAsync(Path.Combine(attempt, "launcher"), $"{pid} {ProcessStamp.ThisBoot()} {stat}", Token);
        foreach (string name in new[] { "begun", "exit", "out", "err" })
            await File.WriteAllTextAsync(Path.Combine(attempt, name), "", Token);
        await SweepAsync(_folder.At("state"));
        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Theory]
    [InlineData("256\n")]
    [InlineData("-1\n")]
    [InlineData("99999999999\n")]
    [InlineData("7")]
    [InlineData("\n")]
    public void ExitCode_NotOne_IsNone(string text)
    {
        Directory.CreateDirectory(_folder.At("task/1"));
        File.WriteAllText(_folder.At("task/1/exit"), text);
        Assert.Null(new AttemptFolder(_folder.Path, Identity).ExitCode());
    }

    [Fact]
    public async Task Sweep_FolderThatNamesNoAttempt_IsLeftAloneAndTheOthersAreSwept()
    {
        string pid = await StartAsync("state");
        Directory.CreateDirectory(_folder.At("state/attempts/lost+found"));
        await SweepAsync(_folder.At("state"));
        await Limits.Gone(pid);
        Assert.Equal("lost+found", Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder.At("state/attempts")))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Kill_EverythingOrTheFirstProcess_IsNeverSent(int target) => Assert.Equal(-1, LibC.Kill(target, 0));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsAlive(string pid) =>
        Directory.Exists("/proc/" + pid) && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    // An attempt that an engine, which has left, started. Gives the program's number.
    private async Task<string> StartAsync(string folder, AttemptLimits? limits = null)
    {
        Directory.CreateDirectory(_folder.At(folder));
        var output = new CollectedOutput();
        await using ProcessRunner runner = EngineProcess.Runner(_folder.At(folder));
        var start = new AttemptStart
        {
            Command = ["/bin/sh", "-c", "echo $$; exec sleep 600"],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            WorkingDirectory = "/",
            Identity = Identity,
            Limits = limits,
        };
        await runner.StartAsync(start, output, Token);
        await output.SeenAny();
        return output.Out[0];
    }

    private static async Task SweepAsync(string folder)
    {
        await using ProcessRunner runner = EngineProcess.Runner(folder);
        await runner.SweepAsync(new HashSet<AttemptIdentity>(), CancellationToken.None);
    }

    private async Task CopyAsync(string from, string to)
    {
        using Process copy = Process.Start("cp", ["-a", _folder.At(from), _folder.At(to)]);
        await copy.WaitForExitAsync(Token).Soon();
    }
}
