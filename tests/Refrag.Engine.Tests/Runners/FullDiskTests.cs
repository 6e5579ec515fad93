using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.Runners;

/// <summary>Attempts whose folder is on a full disk: their exit code is the program's, and what cannot start yet waits.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 137", 137)]
    [InlineData("kill -TERM $$", 143)]
    public async Task Exit_DiskIsFullAtTheEnd_CodeIsTheProgramsOwn(string end, int code)
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        await using ProcessRunner runner = EngineProcess.Runner(disk.Path);
        IRunningAttempt attempt = await runner.StartAsync(Attempt(Filling(disk) + end), DiscardedOutput.Instance, Token);
        Assert.Equal(code, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Adopt_DiskIsFullAtTheEnd_CodeIsTheProgramsOwn()
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        string script = $"until [ -e {disk.At("go")} ]; do sleep 0.01; done; {Filling(disk)}exit 3";
        using Process engine = await EngineProcess.StartAsync(disk.Path, script);
        _ = LibC.Kill(engine.Id, LibC.SigKill);
        await engine.WaitForExitAsync(Token).Soon();
        await using ProcessRunner runner = EngineProcess.Runner(disk.Path);
        Adoption found = await runner.AdoptAsync(new AttemptIdentity(EngineProcess.Key), DiscardedOutput.Instance, Token);
        await File.WriteAllTextAsync(disk.At("go"), "", Token);
        Assert.Equal(3, (await found.Attempt!.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Start_DiskIsFull_WaitsForRoomAndSaysSo()
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        Directory.CreateDirectory(disk.At("attempts"));
        disk.Fill();
        var time = new FakeTimeProvider();
        await using var runner = new ProcessRunner(time, disk.At("attempts"));
        List<string> delays = [];
        Task<IRunningAttempt> starting =
            runner.StartAsync(Attempt("exit 4") with { Delayed = delays.Add }, DiscardedOutput.Instance, Token);
        Assert.Equal(["the disk is full. Free some space."], delays);
        File.Delete(disk.At("fill"));
        IRunningAttempt attempt = await time.AdvanceUntil(starting);
        Assert.Equal(4, (await time.AdvanceUntil(attempt.Exit)).ExitCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Start_DiskHasRoomForAFewPages_RunsAtOnceOrWaitsForRoom(int pages)
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        Directory.CreateDirectory(disk.At("attempts"));
        disk.Fill(pages);
        await using ProcessRunner runner = EngineProcess.Runner(disk.Path);
        AttemptStart start = Attempt("exit 4") with { Delayed = _ => File.Delete(disk.At("fill")) };
        IRunningAttempt attempt = await runner.StartAsync(start, DiscardedOutput.Instance, Token).Soon();
        Assert.Equal(new AttemptExit(4), await attempt.Exit.Soon());
    }

    [Fact]
    public async Task Adopt_DiskWasFullWhenTheLauncherBegan_IsFound()
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        var folder = new AttemptFolder(disk.At("attempts"), new AttemptIdentity(EngineProcess.Key));
        folder.Create();
        disk.Fill();
        Dictionary<string, string> environment = [];
        using Process launcher =
            Process.Start(
                "setsid", LauncherScript.For(folder.Path, ProcessStamp.ThisBoot(), [], "/bin/sh", ["sh", "-c", "exit 5"], environment));
        await launcher.WaitForExitAsync(Token).Soon();
        await using ProcessRunner runner = EngineProcess.Runner(disk.Path);
        Adoption adoption = await runner.AdoptAsync(new AttemptIdentity(EngineProcess.Key), DiscardedOutput.Instance, Token);
        Assert.Equal((AdoptionState.Found, 5), (adoption.State, (await adoption.Attempt!.Exit.Soon()).ExitCode));
    }

    [Fact]
    public async Task Adopt_DiskIsFullAndTheLauncherNeverCame_CanStillBeStarted()
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        new AttemptFolder(disk.At("attempts"), new AttemptIdentity(EngineProcess.Key)).Create();
        disk.Fill();
        await using ProcessRunner runner = EngineProcess.Runner(disk.Path);
        Adoption adoption = await runner.AdoptAsync(new AttemptIdentity(EngineProcess.Key), DiscardedOutput.Instance, Token);
        Assert.Equal(AdoptionState.NeverStarted, adoption.State);
        File.Delete(disk.At("fill"));
        IRunningAttempt attempt = await runner.StartAsync(Attempt("exit 6"), DiscardedOutput.Instance, Token);
        Assert.Equal(6, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Start_DiskIsFullAndTheJobIsStopped_GivesUp()
    {
        await using SmallDisk disk = await SmallDisk.MakeAsync();
        Directory.CreateDirectory(disk.At("attempts"));
        disk.Fill();
        await using var runner = new ProcessRunner(new FakeTimeProvider(), disk.At("attempts"));
        using var stop = new CancellationTokenSource();
        Task starting = runner.StartAsync(Attempt("exit 4") with { Stopping = stop.Token }, DiscardedOutput.Instance, Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.Soon());
    }

    [Fact]
    public async Task Exit_LauncherIsKilledByAnotherProcess_CodeIsNotKnown()
    {
        using var folder = new TemporaryFolder();
        await using ProcessRunner runner = EngineProcess.Runner(folder.Path);
        var output = new CollectedOutput();
        IRunningAttempt attempt = await runner.StartAsync(Attempt("echo $PPID; exec sleep 600"), output, Token);
        await output.SeenAny();
        _ = LibC.Kill(int.Parse(output.Out[0], System.Globalization.CultureInfo.InvariantCulture), LibC.SigKill);
        AttemptExit exit = await attempt.Exit.Soon();
        Assert.Null(exit.ExitCode);
        Assert.StartsWith("Host EC2 (instance localhost) terminated: ", exit.Reason, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Filling(SmallDisk disk) => $"cat /dev/zero >{disk.At("fill")} 2>/dev/null; ";

    private static AttemptStart Attempt(string script) => new()
    {
        Command = ["/bin/sh", "-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingDirectory = "/",
        Identity = new AttemptIdentity(EngineProcess.Key),
    };
}
