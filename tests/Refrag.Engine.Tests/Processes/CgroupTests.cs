using Refrag.Engine.Processes;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Tests.Processes;

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
        Assert.Equal(("104857600", "157", 2L), (Read("root/user/refrag-job/memory.max"), Read("root/user/refrag-job/cpu.weight"), group.OomKills));
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
        Assert.Contains("has no controllers", Assert.Single(CgroupHost.Find(_folder.At("root"), _folder.At("own")).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_SubtreeMayNotBeWritten_SaysSo()
    {
        Put("root/cgroup.controllers", "cpu memory");
        Put("own", "0::/\n");
        Assert.Contains("cgroup.subtree_control may not be written", Assert.Single(CgroupHost.Find(_folder.At("root"), _folder.At("own")).Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_TakesMoreMemoryThanItAskedFor_IsKilledAndSaysWhy(bool durable)
    {
        if (!CgroupHost.Find().LimitsMemory) Assert.Skip("This process may not make control groups: " + CgroupHost.Find().Notes[0]);
        await using var runner = new ProcessRunner(TimeProvider.System, durable ? _folder.At("attempts") : null);
        // tail keeps its input's last line, which never ends.
        IRunningAttempt attempt = await runner.StartAsync(Attempt("head -c 200M /dev/zero | tail -n 1 >/dev/null; exit $?", 32), DiscardedOutput.Instance, Token);
        AttemptExit exit = await attempt.Exit.Soon();
        Assert.Equal((137, "OutOfMemoryError: Container killed due to memory usage"), (exit.ExitCode, exit.Reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_LeavesADaemonInItsOwnSession_ItIsEndedToo(bool durable)
    {
        if (!CgroupHost.Find().LimitsMemory) Assert.Skip("This process may not make control groups: " + CgroupHost.Find().Notes[0]);
        await using var runner = new ProcessRunner(TimeProvider.System, durable ? _folder.At("attempts") : null);
        var output = new CollectedOutput();
        IRunningAttempt attempt = await runner.StartAsync(Attempt("setsid sh -c 'echo $$; exec sleep 600' >&1 & sleep 0.3", 64), output, Token);
        Assert.Equal(0, (await attempt.Exit.Soon()).ExitCode);
        await Limits.Gone(output.Out[0]);
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
