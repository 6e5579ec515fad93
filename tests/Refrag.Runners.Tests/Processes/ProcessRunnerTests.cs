using System.Diagnostics;
using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Tests.Processes;

public abstract class ProcessRunnerTests : IAsyncDisposable
{
    private readonly ProcessRunner _runner;
    private readonly CollectedOutput _output = new();
    private int _started;

    private protected ProcessRunnerTests(ProcessRunner runner) => _runner = runner;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _runner.DisposeAsync();
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -SEGV $$", 139)]
    public async Task Start_ProgramEnds_ExitCodeIsItsOwnOr128AndTheSignal(string script, int expected) =>
        Assert.Equal(expected, (await RunAsync(script)).ExitCode);

    [Fact]
    public async Task Start_Output_ComesLineByLineFromBothStreams()
    {
        await RunAsync("echo one; echo two >&2; printf three");
        Assert.Equal(["one", "three"], _output.Out);
        Assert.Equal(["two"], _output.Error);
    }

    [Fact]
    public async Task Start_Arguments_ReachTheProgramUntouched()
    {
        IRunningAttempt attempt = await StartAsync("printf", "%s|", "a b", "$HOME", "*", "", "ü'\"");
        await attempt.Exit.Soon();
        Assert.Equal(["a b|$HOME|*||ü'\"|"], _output.Out);
    }

    [Fact]
    public async Task Start_Environment_IsExactlyTheGiven()
    {
        IRunningAttempt attempt = await _runner.StartAsync(
            Attempt(["/usr/bin/env"], ("PATH", "/usr/bin:/bin"), ("GREETING", "hé llo"), ("a.b-c", "odd"), ("stat", "mine")), _output,
            Token);
        await attempt.Exit.Soon();
        Assert.Equal(["GREETING=hé llo", "PATH=/usr/bin:/bin", "a.b-c=odd", "stat=mine"],
            _output.Out.Where(line => !line.StartsWith("PWD=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_WorkingDirectory_IsTheGiven()
    {
        IRunningAttempt attempt = await _runner.StartAsync(Attempt(["sh", "-c", "pwd"]) with { WorkingDirectory = "/usr" }, _output, Token);
        await attempt.Exit.Soon();
        Assert.Equal(["/usr"], _output.Out);
    }

    [Fact]
    public async Task Start_StandardInput_IsEmpty()
    {
        Assert.Equal(0, (await RunAsync("cat")).ExitCode);
        Assert.Empty(_output.Lines);
    }

    [Fact]
    public async Task Start_BrokenPipeInTheJob_EndsTheWriterAsInAnyShell()
    {
        // The runtime ignores SIGPIPE; had the child inherited that, yes would report an error instead of dying silently.
        await RunAsync("yes | head -n 1");
        Assert.Equal(["y"], _output.Out);
        Assert.Empty(_output.Error);
    }

    [Fact]
    public async Task Start_NoSuchProgram_EndsWith127AndSaysWhereItLooked()
    {
        IRunningAttempt attempt = await StartAsync("no-such-program-here");
        AttemptExit exit = await attempt.Exit.Soon();
        Assert.False(exit.Started);
        Assert.Equal(127, exit.ExitCode);
        Assert.Contains("RF4001 no program named no-such-program-here is in PATH (/usr/bin:/bin)", exit.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd", 126, "Set its x bit")]
    [InlineData("/usr", 127, "RF4001")]
    [InlineData("./not-here", 127, "count from /")]
    public async Task Start_NotAProgram_SaysWhy(string program, int code, string reason)
    {
        IRunningAttempt attempt = await StartAsync(program);
        AttemptExit exit = await attempt.Exit.Soon();
        Assert.Equal(code, exit.ExitCode);
        Assert.Contains(reason, exit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ScriptWithoutFirstLine_EndsWith126AndTheCure()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        // Not by this process: a program that another test starts meanwhile could have it open for writing, and then it cannot be run.
        using (Process made = Process.Start("sh", ["-c", $"echo 'echo hello' >{file}; chmod 500 {file}"]))
            await made.WaitForExitAsync(Token).Soon();
        try
        {
            AttemptExit exit = await (await StartAsync(file)).Exit.Soon();
            Assert.Equal(126, exit.ExitCode);
            Assert.Contains("#!/bin/sh", exit.Reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Start_NoWorkingDirectory_EndsWith126()
    {
        IRunningAttempt attempt = await _runner.StartAsync(Attempt(["true"]) with { WorkingDirectory = "/no/such" }, _output, Token);
        Assert.Equal(126, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Signal_Terminate_ReachesTheWholeGroup()
    {
        IRunningAttempt attempt =
            await StartAsync("sh", "-c", "trap : TERM; sh -c 'trap \"echo inner; exit 0\" TERM; echo up; sleep 60 & wait' & wait; wait");
        await _output.Seen("up");
        attempt.Signal(StopSignal.Terminate);
        await _output.Seen("inner");
        await attempt.Exit.Soon();
    }

    [Fact]
    public async Task Signal_Kill_EndsWhatIgnoresTerminate()
    {
        IRunningAttempt attempt = await StartAsync("sh", "-c", "trap 'echo heard' TERM; echo up; while :; do sleep 0.1; done");
        await _output.Seen("up");
        attempt.Signal(StopSignal.Terminate);
        await _output.Seen("heard");
        attempt.Signal(StopSignal.Kill);
        Assert.Equal(137, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Exit_GrandchildHoldsThePipe_EndsAndTheGrandchildIsKilled()
    {
        AttemptExit exit = await RunAsync("sleep 600 & echo $!");
        Assert.Equal(0, exit.ExitCode);
        await Limits.Gone(_output.Out[0]);
    }

    [Fact]
    public async Task Exit_GrandchildLeftTheGroupWithThePipe_EndsAllTheSame()
    {
        AttemptExit exit = await RunAsync("setsid sleep 20 & echo started");
        Assert.Equal(0, exit.ExitCode);
        Assert.Equal(["started"], _output.Out);
    }

    [Fact]
    public async Task Start_MuchOutput_AllOfItComes()
    {
        await RunAsync("seq 1 200000");
        Assert.Equal(Enumerable.Range(1, 200000).Select(n => n.ToString(CultureInfo.InvariantCulture)), _output.Out);
    }

    [Fact]
    public async Task Start_ManyAtOnce_EachHasItsOwnExitCode()
    {
        Task<AttemptExit>[] all = [.. Enumerable.Range(0, 100)
            .Select(n => RunAsync(string.Create(CultureInfo.InvariantCulture, $"exit {n}")))];
        AttemptExit[] exits = await Task.WhenAll(all);
        Assert.Equal(Enumerable.Range(0, 100), exits.Select(exit => exit.ExitCode!.Value));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Ulimits_AreThoseOfTheProgram()
    {
        if (!Directory.Exists("/proc/self")) Assert.Skip("Limits are set on Linux.");
        IRunningAttempt attempt = await _runner.StartAsync(
            Limited("ulimit -n; ulimit -Hn; ulimit -c", ("nofile", 123, 456), ("core", 0, 0)), _output, Token);
        Assert.Equal(0, (await attempt.Exit.Soon()).ExitCode);
        Assert.Equal(["123", "456", "0"], _output.Out);
    }

    // A limit that only root of the machine could set: the most that this process may is set.
    [Fact]
    public async Task Start_UlimitAboveThisMachines_IsLowered()
    {
        if (!Directory.Exists("/proc/self")) Assert.Skip("Limits are set on Linux.");
        await RunAsync("ulimit -Hn");
        string own = Assert.Single(_output.Out);
        AttemptStart start = Limited("ulimit -Hn", ("nofile", 123, int.MaxValue));
        IRunningAttempt attempt = await _runner.StartAsync(start, _output, Token);
        Assert.Equal(0, (await attempt.Exit.Soon()).ExitCode);
        Assert.Equal([own, own], _output.Out);
        Assert.Equal([$"ulimit nofile above this machine's {own}"], _runner.NotApplied(start.Container!));
    }

    [Fact]
    public void NotApplied_WhatAProcessHasNotOfItsOwn_IsNamed()
    {
        ContainerProperties container = new()
        {
            LinuxParameters = new LinuxParameters
            {
                SharedMemorySize = 8,
                Tmpfs = [new Tmpfs { ContainerPath = "/t", Size = 1 }],
                Devices = [new Device { HostPath = "/dev/null" }],
            },
            MountPoints = [new MountPoint { SourceVolume = "v", ContainerPath = "/v" }],
        };
        Assert.Equal(["shared memory", "tmpfs", "devices", "volumes"], _runner.NotApplied(container));
        Assert.Empty(_runner.NotApplied(new ContainerProperties { Image = "busybox" }));
    }

    private AttemptStart Limited(string script, params (string Name, int Soft, int Hard)[] limits) => Attempt(["sh", "-c", script]) with
    {
        Container = new ContainerProperties
        {
            Ulimits = [.. limits.Select(one => new Ulimit { Name = one.Name, SoftLimit = one.Soft, HardLimit = one.Hard })],
        },
    };

    private AttemptStart Attempt(string[] command, params (string Name, string Value)[] environment) => new()
    {
        Command = command,
        Environment = environment.Length > 0
            ? environment.ToDictionary(pair => pair.Name, pair => pair.Value)
            : new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingDirectory = "/",
        Identity = new AttemptIdentity(string.Create(CultureInfo.InvariantCulture, $"attempt-{Interlocked.Increment(ref _started)}")),
    };

    private Task<IRunningAttempt> StartAsync(params string[] command) => _runner.StartAsync(Attempt(command), _output, Token);

    private async Task<AttemptExit> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        IRunningAttempt attempt = await _runner.StartAsync(Attempt(["sh", "-c", script], environment), _output, Token);
        return await attempt.Exit.Soon();
    }
}

/// <summary>Attempts that end with the runner.</summary>
public sealed class BoundProcessRunnerTests() : ProcessRunnerTests(new ProcessRunner(TimeProvider.System));

/// <summary>Attempts that outlive it.</summary>
public sealed class DurableProcessRunnerTests : ProcessRunnerTests
{
    private readonly TemporaryFolder _folder;

    public DurableProcessRunnerTests()
        : this(new TemporaryFolder())
    {
    }

    private DurableProcessRunnerTests(TemporaryFolder folder)
        : base(new ProcessRunner(TimeProvider.System, folder.Path)) => _folder = folder;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
