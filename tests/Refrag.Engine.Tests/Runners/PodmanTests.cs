using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Logs;
using Refrag.Runners;
using Refrag.Runners.Attempts;
using Refrag.Runners.Containers;

namespace Refrag.Engine.Tests.Runners;

/// <summary>The container runner against a real engine.</summary>
[Trait("Peer", "podman")]
public sealed class PodmanTests : IClassFixture<Podman>, IAsyncDisposable
{
    private readonly CollectedOutput _output = new();
    private readonly AttemptIdentity _identity = new(Guid.NewGuid().ToString());
    private readonly TemporaryFolder _data = new();
    private readonly Podman _podman;
    private readonly ContainerRunner _runner;

    public PodmanTests(Podman podman)
    {
        _podman = podman;
        _runner = Runner();
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.ForgetAsync(_identity, CancellationToken.None);
        await _runner.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Start_Script_PrintsAndEndsAsItSays()
    {
        AttemptExit exit = await RunAsync("echo \"out $A\"; echo err >&2; head -c 20000 /dev/zero | tr '\\0' x; exit 3");
        Assert.Equal(new AttemptExit(3), exit);
        Assert.Equal(["err"], _output.Error);
        Assert.Equal(["out 1", new string('x', 20000)], _output.Out);
    }

    [Fact]
    public async Task Start_Containers_OptionsAreHonoured()
    {
        AttemptExit exit = await RunAsync(
            "id -u; cat /data/hello; touch /x 2>/dev/null || echo read-only; touch /t/x && echo tmpfs; ulimit -n; df -k /dev/shm | tail -n "
                + "1 | { read a b c; echo $b; }; readlink -f /proc/1/exe",
            start => start with
            {
                Container = start.Container! with
                {
                    User = "1000",
                    ReadonlyRootFilesystem = true,
                    // Without the second, podman asks for more processes than a closed-in machine may give.
                    Ulimits = [new Ulimit { Name = "nofile", SoftLimit = 123, HardLimit = 456 },
                        new Ulimit { Name = "nproc", SoftLimit = 4096, HardLimit = 4096 }],
                    Volumes = [new Volume { Name = "data", Host = new Host { SourcePath = HostFolder() } }],
                    MountPoints = [new MountPoint { SourceVolume = "data", ContainerPath = "/data", ReadOnly = true }],
                    LinuxParameters = new LinuxParameters
                    {
                        SharedMemorySize = 32,
                        Tmpfs = [new Tmpfs { ContainerPath = "/t", Size = 8, MountOptions = ["mode=1777"] }],
                    },
                },
            });
        Assert.Equal(0, exit.ExitCode);
        Assert.Equal(["1000", "from the host", "read-only", "tmpfs", "123", "32768", "/bin/sh"], _output.Out);
    }

    [Fact]
    public async Task Start_NoSuchImage_SaysThatItCannotBePulled()
    {
        AttemptExit exit =
            await RunAsync("true", start => start with { Container = new ContainerProperties { Image = "127.0.0.1:1/none/none:1" } });
        Assert.StartsWith("CannotPullContainerError: ", exit.Reason, StringComparison.Ordinal);
        Assert.False(exit.Started);
    }

    [Fact]
    public async Task Start_NoSuchProgram_CannotStart()
    {
        AttemptExit exit = await RunAsync("", start => start with { Command = ["no-such-program"] });
        Assert.Equal((false, true), (exit.Started, exit.Reason!.StartsWith("CannotStartContainerError: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Start_Gpu_IsRefusedForItWouldBeIgnored()
    {
        AttemptExit exit = await RunAsync("true", start => start with { Gpus = ["0"] });
        Assert.StartsWith("CannotStartContainerError: RF4033", exit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TakesMoreMemoryThanItAskedFor_IsKilledAndSaysWhy()
    {
        AttemptExit exit =
            await RunAsync("exec tail -n 1 /dev/zero", start => start with { Limits = new AttemptLimits(new VCpus(1), new MebiBytes(24)) });
        Assert.Equal(new AttemptExit(137, "OutOfMemoryError: Container killed due to memory usage"), exit);
    }

    [Fact]
    public async Task Signal_Terminate_IsHeardAndKillEnds()
    {
        IRunningAttempt attempt = await StartAsync("trap 'echo heard' TERM; echo up; while :; do sleep 0.1; done");
        await _output.Seen("up");
        attempt.Signal(StopSignal.Terminate);
        await _output.Seen("heard");
        attempt.Signal(StopSignal.Kill);
        Assert.Equal(137, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Adopt_AfterTheRunnerHasGone_ContinuesWithoutLossOrDoubles()
    {
        using var folder = new TemporaryFolder();
        LogStream log = EngineProcess.Log(EngineProcess.Logs(folder.Path));
        await using (ContainerRunner first = Runner())
        {
            await first.StartAsync(Attempt("for i in $(seq 60); do echo $i; sleep 0.03; done; exit 4"), log, Token);
            await Eventually.HoldsAsync(() => log.Range.Next >= 10);
        }
        LogStream again = EngineProcess.Log(EngineProcess.Logs(folder.Path));
        Adoption found = await _runner.AdoptAsync(_identity, again, Token);
        Assert.Equal(4, (await found.Attempt!.Exit.Soon()).ExitCode);
        Assert.Equal(Enumerable.Range(1, 60).Select(n => n.ToString(CultureInfo.InvariantCulture)),
            again.Read(0, 1000).Events.Select(line => line.Message));
    }

    [Fact]
    public async Task Sweep_UnknownContainers_AreRemovedAndOthersStay()
    {
        await StartAsync("sleep 600");
        await using (var stranger =
            new ContainerRunner(new DockerApi(_podman.Socket, TimeProvider.System), "podman", "another-server", TimeProvider.System))
            await stranger.SweepAsync(new HashSet<AttemptIdentity>(), Token);
        Assert.Equal(AdoptionState.Found, (await _runner.AdoptAsync(_identity, _output, Token)).State);
        await _runner.SweepAsync(new HashSet<AttemptIdentity>(), Token);
        Assert.Equal(AdoptionState.NeverStarted, (await _runner.AdoptAsync(_identity, _output, Token)).State);
    }

    [Fact]
    public async Task Choose_Auto_FindsItAndNamesIt()
    {
        ChosenRunner chosen = (await RunnerChoice.MakeAsync(
            "auto", new RunnerSettings
            {
                Time = TimeProvider.System,
                Variables = new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + _podman.Socket },
            }, Token)).Value;
        await using IRunner runner = chosen.Runner;
        Assert.Matches("^Jobs run in containers of podman [0-9.]+ at /.*/podman.sock, because it answers.$", chosen.Report.Summary);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ContainerRunner Runner() =>
        new(new DockerApi(_podman.Socket, TimeProvider.System), "podman", "test-" + _identity.Key, TimeProvider.System);

    private string HostFolder()
    {
        // The container's user is another than the test's.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_data.Path, (UnixFileMode)0b111_101_101);
        File.WriteAllText(_data.At("hello"), "from the host\n");
        return _data.Path;
    }

    private AttemptStart Attempt(string script) => new()
    {
        Command = ["/bin/sh", "-c", script],
        Environment = new Dictionary<string, string> { ["A"] = "1" },
        WorkingDirectory = "/",
        Identity = _identity,
        Limits = new AttemptLimits(new VCpus(1), new MebiBytes(128)),
        Container = new ContainerProperties { Image = Podman.Image },
    };

    private Task<IRunningAttempt> StartAsync(string script) => _runner.StartAsync(Attempt(script), _output, Token);

    private async Task<AttemptExit> RunAsync(string script, Func<AttemptStart, AttemptStart>? change = null) =>
        await (await _runner.StartAsync((change ?? (start => start))(Attempt(script)), _output, Token)).Exit.Soon();
}
