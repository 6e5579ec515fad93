using System.Globalization;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Tests.Processes;

public sealed class CgroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Find_Unified_EnablesControllersAndWritesLimits()
    {
        Put("root/cgroup.controllers", "cpu memory pids");
        Put("root/user/cgroup.controllers", "cpu memory pids");
        Put("root/user/cgroup.subtree_control", "");
        Put("own", "0::/user\n");
        CgroupHost host = CgroupHost.Find(_folder.At("root"), _folder.At("own"));
        Assert.Equal("+memory +cpu", File.ReadAllText(_folder.At("root/user/cgroup.subtree_control")));
        // The kernel makes these files with the folder.
        Put("root/user/refrag-job/memory.max", "max");
        Put("root/user/refrag-job/cpu.weight", "100");
        Put("root/user/refrag-job/memory.events", "low 0\noom 3\noom_kill 2\n");
        Cgroup group = host.Make("job", new AttemptLimits(new VCpus(4), new MebiBytes(100)))!;
        await group.EndAsync(TimeProvider.System, Token);
        Assert.Equal(
            ("104857600", "157", 2L), (Read("root/user/refrag-job/memory.max"), Read("root/user/refrag-job/cpu.weight"), group.OomKills));
        Assert.Equal(2, host.Notes.Count(note => note.EndsWith("(control group).", StringComparison.Ordinal)));
    }

    [Fact]
    public void Find_NothingThere_SaysThatNothingIsEnforced()
    {
        CgroupHost host = CgroupHost.Find(_folder.At("none"), _folder.At("own"));
        Assert.Null(host.Make("job", new AttemptLimits(new VCpus(1), new MebiBytes(1))));
        Assert.StartsWith("Memory and CPU limits are not enforced: there is no ", Assert.Single(host.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_UnifiedWithoutControllers_SaysSo()
    {
        Put("root/cgroup.controllers", "");
        Put("own", "0::/\n");
        Assert.Contains(
            "has no controllers", Assert.Single(CgroupHost.Find(_folder.At("root"), _folder.At("own")).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_SubtreeMayNotBeWritten_SaysSo()
    {
        Put("root/cgroup.controllers", "cpu memory");
        Put("own", "0::/\n");
        Assert.Contains("cgroup.subtree_control may not be written",
            Assert.Single(CgroupHost.Find(_folder.At("root"), _folder.At("own")).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryEnter_ThreadGoesAndComes_IsInTheGroupMeanwhile()
    {
        Cgroup group = Enforced().Make("visit-" + Guid.NewGuid(), new AttemptLimits(new VCpus(1), new MebiBytes(32)))!;
        var (went, meanwhile, stayed) = await Task.Run(
            () =>
            {
                string before = Groups();
                bool entered = group.TryEnter();
                string within = Groups();
                if (entered) group.Leave();
                return (entered, within.Contains("/refrag-visit-", StringComparison.Ordinal), before != Groups());
            },
            Token);
        Assert.True(group.Remove());
        Assert.Equal((went, false), (meanwhile, stayed));
        static string Groups() => File.ReadAllText("/proc/thread-self/cgroup");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_TakesMoreMemoryThanItAskedFor_IsKilledAndSaysWhyAndTheNextDoesNot(bool durable)
    {
        Enforced();
        await using ProcessRunner runner = Runner(durable);
        // tail keeps its input's last line, which never ends.
        Assert.Equal((137, "OutOfMemoryError: Container killed due to memory usage"), await RunAsync(runner, Attempt(Eat + "exit $?", 32)));
        Assert.Equal((3, null), await RunAsync(runner, Attempt("exit 3", 32)));
        Assert.Equal((137, "OutOfMemoryError: Container killed due to memory usage"), await RunAsync(runner, Attempt(Eat + "exit $?", 64)));
        Assert.Equal((9, null), await RunAsync(runner, Attempt(Eat + "exit 9", 512)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_Programs_AreInTheirGroupFromTheFirstInstructionWithTheirOwnLimit(bool durable)
    {
        Enforced();
        await using ProcessRunner runner = Runner(durable);
        foreach (int memory in new[] { 32, 64, 16, 64 })
        {
            var output = new CollectedOutput();
            AttemptStart start = Attempt("", memory) with { Command = ["/bin/cat", "/proc/self/cgroup"] };
            Assert.Equal((0, null), await RunAsync(runner, start, output));
            Assert.Contains(output.Out, line => line.Contains("/refrag-", StringComparison.Ordinal));
            output = new CollectedOutput();
            Assert.Equal((0, null), await RunAsync(runner, Attempt(Limit, memory), output));
            Assert.Equal((memory * 1_048_576L).ToString(CultureInfo.InvariantCulture), output.Out.Single());
        }
    }

    [Fact]
    public async Task Start_FromAThreadThatStaysOutside_ProgramIsInItsGroupAllTheSame()
    {
        Enforced();
        await using ProcessRunner runner = Runner(durable: false);
        var output = new CollectedOutput();
        AttemptStart start = Attempt("", 32) with { Command = ["/bin/cat", "/proc/self/cgroup"] };
        var exit = new TaskCompletionSource<Task<(int?, string?)>>();
        new Thread(() => exit.SetResult(RunAsync(runner, start, output))).Start();
        Assert.Equal((0, null), await (await exit.Task.Soon()));
        Assert.Contains(output.Out, line => line.Contains("/refrag-of-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_LeavesADaemonInItsOwnSession_ItIsEndedToo(bool durable)
    {
        Enforced();
        await using ProcessRunner runner = Runner(durable);
        for (int round = 0; round < 2; round++)
        {
            var output = new CollectedOutput();
            string there = _folder.At($"there-{round}");
            string script = $"setsid sh -c 'echo $$; : >{there}; exec sleep 600' >&1 & until [ -e {there} ]; do sleep 0.02; done";
            Assert.Equal((0, null), await RunAsync(runner, Attempt(script, 64), output));
            await Limits.Gone(output.Out[0]);
        }
    }

    [Fact]
    public async Task Dispose_OneOfTwoRunners_LeavesTheOthersJobsAlone()
    {
        Enforced();
        await using ProcessRunner stays = Runner(durable: false);
        var output = new CollectedOutput();
        IRunningAttempt attempt =
            await stays.StartAsync(Attempt($"echo runs; until [ -e {_folder.At("go")} ]; do sleep 0.02; done; exit 5", 32), output, Token);
        await output.Seen("runs");
        await using (ProcessRunner goes = Runner(durable: false)) Assert.Equal((0, null), await RunAsync(goes, Attempt("true", 32)));
        Put("go", "");
        Assert.Equal(5, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Adopt_AttemptOfAnEarlierRunner_IsStillHeldToItsMemory()
    {
        Enforced();
        AttemptStart start = Attempt($"echo runs; until [ -e {_folder.At("go")} ]; do sleep 0.02; done; {Eat}exit $?", 32);
        var output = new CollectedOutput();
        await using (ProcessRunner first = Runner(durable: true))
        {
            await first.StartAsync(start, output, Token);
            await output.Seen("runs");
        }
        await using ProcessRunner second = Runner(durable: true);
        Adoption adoption = await second.AdoptAsync(start.Identity!, DiscardedOutput.Instance, Token);
        Put("go", "");
        Assert.Equal("OutOfMemoryError: Container killed due to memory usage", (await adoption.Attempt!.Exit.Soon()).Reason);
        await second.ForgetAsync(start.Identity!, Token);
        Assert.Null(CgroupHost.Find().Find(start.Identity!.Key));
    }

    // Skips where nothing can be enforced.
    private static CgroupHost Enforced()
    {
        CgroupHost host = CgroupHost.Find();
        if (!host.LimitsMemory) Assert.Skip("This process may not make control groups: " + host.Notes[0]);
        return host;
    }

    private const string Eat = "head -c 200M /dev/zero | tail -n 1 >/dev/null; ";

    private const string Limit = """
        one=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup) two=$(sed -n 's/^0:://p' /proc/self/cgroup)
        if [ -n "$one" ]; then cat "/sys/fs/cgroup/memory$one/memory.limit_in_bytes"; else cat "/sys/fs/cgroup$two/memory.max"; fi
        """;

    private ProcessRunner Runner(bool durable) => new(TimeProvider.System, durable ? _folder.At("attempts") : null);

    private static async Task<(int? Code, string? Reason)> RunAsync(ProcessRunner runner, AttemptStart start, IOutputSink? output = null)
    {
        IRunningAttempt attempt = await runner.StartAsync(start, output ?? DiscardedOutput.Instance, Token);
        AttemptExit exit = await attempt.Exit.Soon();
        await runner.ForgetAsync(start.Identity!, Token);
        return (exit.ExitCode, exit.Reason);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AttemptStart Attempt(string script, int memory) => new()
    {
        Command = ["/bin/sh", "-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingDirectory = "/",
        Identity = new AttemptIdentity(Guid.NewGuid().ToString()),
        Limits = new AttemptLimits(new VCpus(1), new MebiBytes(memory)),
    };

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(name))!);
        File.WriteAllText(_folder.At(name), text);
    }

    private string Read(string name) => File.ReadAllText(_folder.At(name));
}
