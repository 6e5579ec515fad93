using System.Diagnostics;
using System.Globalization;
using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.Runners;

/// <summary>What becomes of attempts when the engine is killed and another one comes.</summary>
public sealed class AdoptionTests : IAsyncDisposable
{
    private static readonly AttemptIdentity Identity = new(EngineProcess.Key);
    private readonly TemporaryFolder _folder = new();
    private readonly ProcessRunner _runner;

    public AdoptionTests() => _runner = EngineProcess.Runner(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _runner.SweepAsync(new HashSet<AttemptIdentity>(), CancellationToken.None);
        await _runner.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Adopt_EngineWasKilled_AttemptContinuesAndNothingIsLostOrDoubled()
    {
        using Process engine =
            await EngineProcess.StartAsync(_folder.Path,
                $"for i in $(seq 200); do echo $i; sleep 0.005; done; until [ -e {Flag} ]; do sleep 0.01; done; echo last; exit 7");
        await Kill(engine);
        LogStream log = EngineProcess.Log(EngineProcess.Logs(_folder.Path));
        Adoption found = await _runner.AdoptAsync(Identity, log, Token);
        Assert.Equal(AdoptionState.Found, found.State);
        Assert.False(found.Attempt!.Exit.IsCompleted);
        await File.WriteAllTextAsync(Flag, "", Token);
        Assert.Equal(7, (await found.Attempt.Exit.Soon()).ExitCode);
        Assert.Equal([.. Enumerable.Range(1, 200).Select(n => n.ToString(CultureInfo.InvariantCulture)), "last"], Lines(log));
    }

    [Fact]
    public async Task Adopt_EndedWhileNoEngineWasThere_ExitCodeAndOutputCome()
    {
        using Process engine =
            await EngineProcess.StartAsync(
                _folder.Path, $"echo before; until [ -e {Flag} ]; do sleep 0.01; done; echo after; echo bad >&2; exit 3");
        await Kill(engine);
        ProcessStamp launcher = await Stamp();
        await File.WriteAllTextAsync(Flag, "", Token);
        await Limits.Gone(launcher.Pid.ToString(CultureInfo.InvariantCulture));
        LogStream log = EngineProcess.Log(EngineProcess.Logs(_folder.Path));
        Adoption found = await _runner.AdoptAsync(Identity, log, Token);
        Assert.Equal(3, (await found.Attempt!.Exit.Soon()).ExitCode);
        Assert.Equal(["after", "bad", "before"], Lines(log).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Adopt_ThenTerminate_ReachesTheProgram()
    {
        using Process engine =
            await EngineProcess.StartAsync(_folder.Path, "trap 'echo heard; exit 5' TERM; echo up; while :; do sleep 0.01; done");
        await Kill(engine);
        var output = new CollectedOutput();
        Adoption found = await _runner.AdoptAsync(Identity, output, Token);
        await output.Seen("up");
        found.Attempt!.Signal(StopSignal.Terminate);
        Assert.Equal(5, (await found.Attempt.Exit.Soon()).ExitCode);
        Assert.Equal(["up", "heard"], output.Out);
    }

    [Fact]
    public async Task Adopt_ThenKill_Ends137AndNothingIsLeft()
    {
        using Process engine =
            await EngineProcess.StartAsync(_folder.Path, "trap '' TERM; sleep 600 & echo $!; while :; do sleep 0.01; done");
        await Kill(engine);
        var output = new CollectedOutput();
        Adoption found = await _runner.AdoptAsync(Identity, output, Token);
        await output.SeenAny();
        found.Attempt!.Signal(StopSignal.Terminate);
        found.Attempt.Signal(StopSignal.Kill);
        Assert.Equal(137, (await found.Attempt.Exit.Soon()).ExitCode);
        await Limits.Gone(output.Out[0]);
    }

    [Fact]
    public async Task Adopt_LauncherWasKilledAlone_ProgramIsEndedAndTheAttemptIsGone()
    {
        using Process engine = await EngineProcess.StartAsync(_folder.Path, "echo $$; exec sleep 600");
        LogStore logs = EngineProcess.Logs(_folder.Path);
        await Kill(engine);
        ProcessStamp launcher = await Stamp();
        await Eventually.HoldsAsync(() => new FileInfo(_folder.At("attempts/task/1/out")).Length > 0);
        _ = LibC.Kill(launcher.Pid, LibC.SigKill);
        await Limits.Gone(launcher.Pid.ToString(CultureInfo.InvariantCulture));
        LogStream log = EngineProcess.Log(logs);
        Assert.Equal(AdoptionState.Gone, (await _runner.AdoptAsync(Identity, log, Token)).State);
        await Limits.Gone(Assert.Single(Lines(log)));
    }

    [Fact]
    public async Task Adopt_AnotherProcessHasTheNumberNow_IsNotTakenForTheAttempt()
    {
        using Process stranger = Process.Start("sleep", "600");
        Directory.CreateDirectory(_folder.At("attempts/task/1"));
        string boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", Token)).Trim();
        string stat = await File.ReadAllTextAsync($"/proc/{stranger.Id}/stat", Token);
        string[] fields = stat.Split(' ');
        fields[21] = "12345";
        await File.WriteAllTextAsync(_folder.At("attempts/task/1/begun"), "", Token);
        await File.WriteAllTextAsync(_folder.At("attempts/task/1/launcher"), $"{stranger.Id} {boot} {string.Join(' ', fields)}", Token);
        Assert.Equal(AdoptionState.Gone, (await _runner.AdoptAsync(Identity, DiscardedOutput.Instance, Token)).State);
        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public async Task Adopt_OfAnotherRunOfTheMachine_IsGone() => await GoneAsync("launcher");

    [Fact]
    public async Task Adopt_NotedAsTheFirstVersionsDid_IsReadAllTheSame() => await GoneAsync("begun");

    private async Task GoneAsync(string name)
    {
        using Process stranger = Process.Start("sleep", "600");
        Directory.CreateDirectory(_folder.At("attempts/task/1"));
        string stat = await File.ReadAllTextAsync($"/proc/{stranger.Id}/stat", Token);
        await File.WriteAllTextAsync(_folder.At("attempts/task/1/begun"), "", Token);
        await File.WriteAllTextAsync(_folder.At($"attempts/task/1/{name}"), $"{stranger.Id} another-boot {stat}", Token);
        Assert.Equal(AdoptionState.Gone, (await _runner.AdoptAsync(Identity, DiscardedOutput.Instance, Token)).State);
        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public async Task Adopt_NeverStarted_NeverStartsAfterwards()
    {
        Assert.Equal(AdoptionState.NeverStarted, (await _runner.AdoptAsync(Identity, DiscardedOutput.Instance, Token)).State);
        // The engine died between making the folder and starting the launcher; the launcher comes late.
        var folder = new AttemptFolder(_folder.At("attempts"), Identity);
        folder.Create();
        Assert.Equal(AdoptionState.NeverStarted, (await _runner.AdoptAsync(Identity, DiscardedOutput.Instance, Token)).State);
        IReadOnlyList<string> late =
            LauncherScript.For(folder.Path, "boot", [], "/bin/touch", ["touch", Flag], new Dictionary<string, string>());
        using Process launcher =
            Process.Start(new ProcessStartInfo(late[0], late.Skip(1)) { UseShellExecute = false, RedirectStandardError = true })!;
        await launcher.WaitForExitAsync(Token).Soon();
        Assert.Equal((125, false), (launcher.ExitCode, File.Exists(Flag)));
        // Started again under the same identity, it runs once, and a third launcher that comes even later still does not.
        IRunningAttempt again = await _runner.StartAsync(Attempt("exit 6"), DiscardedOutput.Instance, Token);
        Assert.Equal(6, (await again.Exit.Soon()).ExitCode);
        using Process later =
            Process.Start(new ProcessStartInfo(late[0], late.Skip(1)) { UseShellExecute = false, RedirectStandardError = true })!;
        await later.WaitForExitAsync(Token).Soon();
        Assert.Equal((125, false), (later.ExitCode, File.Exists(Flag)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _runner.StartAsync(Attempt("exit 6"), DiscardedOutput.Instance, Token));
    }

    [Fact]
    public async Task Dispose_AttemptRuns_ItContinues()
    {
        await using (ProcessRunner first = EngineProcess.Runner(_folder.Path))
        {
            await first.StartAsync(Attempt($"until [ -e {Flag} ]; do sleep 0.01; done; exit 4"), DiscardedOutput.Instance, Token);
            await Stamp();
        }
        Adoption found = await _runner.AdoptAsync(Identity, DiscardedOutput.Instance, Token);
        await File.WriteAllTextAsync(Flag, "", Token);
        Assert.Equal(4, (await found.Attempt!.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Sweep_UnknownAttempts_AreEndedAndForgotten()
    {
        var output = new CollectedOutput();
        await using (ProcessRunner first = EngineProcess.Runner(_folder.Path))
        {
            await first.StartAsync(Attempt("echo $$; sleep 600"), output, Token);
            await Eventually.HoldsAsync(() => output.Out.Count > 0);
        }
        await _runner.SweepAsync(new HashSet<AttemptIdentity> { Identity }, Token);
        Assert.Single(Directory.GetDirectories(_folder.At("attempts")));
        await _runner.SweepAsync(new HashSet<AttemptIdentity>(), Token);
        await Limits.Gone(output.Out[0]);
        Assert.Empty(Directory.GetDirectories(_folder.At("attempts")));
    }

    [Fact]
    public async Task Forget_AfterTheEnd_LeavesNothing()
    {
        IRunningAttempt attempt = await _runner.StartAsync(Attempt("true"), DiscardedOutput.Instance, Token);
        await attempt.Exit.Soon();
        await _runner.ForgetAsync(Identity, Token);
        Assert.Empty(Directory.GetDirectories(_folder.At("attempts")));
        Assert.Equal(AdoptionState.NeverStarted, (await _runner.AdoptAsync(Identity, DiscardedOutput.Instance, Token)).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    public void Identity_NotAName_IsRefused(string key) => Assert.Throws<ArgumentException>(() => new AttemptIdentity(key));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Flag => _folder.At("go");

    private static AttemptStart Attempt(string script) => new()
    {
        Command = ["/bin/sh", "-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingDirectory = "/",
        Identity = Identity,
    };

    private async Task<ProcessStamp> Stamp()
    {
        var folder = new AttemptFolder(_folder.At("attempts"), Identity);
        await Eventually.HoldsAsync(() => folder.Stamp() is not null);
        return folder.Stamp()!;
    }

    private static async Task Kill(Process engine)
    {
        _ = LibC.Kill(engine.Id, LibC.SigKill);
        await engine.WaitForExitAsync(Token).Soon();
    }

    private static List<string> Lines(LogStream log)
    {
        List<string> lines = [];
        while (log.Read(lines.Count, 1000).Events is { Count: > 0 } more) lines.AddRange(more.Select(line => line.Message));
        return lines;
    }
}
