using System.Diagnostics;
using System.Globalization;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.Runners;

/// <summary>What a killed engine leaves behind of attempts that end with it, in sessions of their own too.</summary>
public sealed class OrphanedProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EngineIsKilled_ChildHasItsOwnSession_GuardEndsItAndRemovesTheGroup()
    {
        var (engine, child) = await KilledEngineAsync("");
        await Limits.Gone(child);
        await GroupsGone(engine);
    }

    [Fact]
    public async Task EngineAndGuardAreKilled_ChildIgnoresSigterm_NextRunEndsItAndRemovesTheGroup()
    {
        var (engine, child) = await KilledEngineAsync("trap '' TERM; ");
        // The guard's shell forks for what it reads of other programs, and such a copy has the same command line: the eldest is the guard.
        ProcessStat guard = Guards(engine).OrderBy(one => one.Start).ThenBy(one => one.Pid).First();
        // While the guard is there, its processes are its own to end.
        await using (var early = new CgroupPool(CgroupHost.Find(), TimeProvider.System)) await early.Cleaned.Soon();
        Assert.True(Directory.Exists("/proc/" + child));
        _ = LibC.Kill(guard.Pid, LibC.SigKill);
        // Its copy may outlive it for a moment.
        await Eventually.HoldsAsync(() => !Guards(engine).Any());
        await using (var next = new CgroupPool(CgroupHost.Find(), TimeProvider.System)) await next.Cleaned.Soon();
        await Limits.Gone(child);
        await GroupsGone(engine);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Prefix(int engine) => string.Create(CultureInfo.InvariantCulture, $"/refrag-of-{engine}-");

    private static IEnumerable<ProcessStat> Guards(int engine) => ProcessStat.All()
        .Where(one => CgroupFiles.Text($"/proc/{one.Pid}/cmdline").Contains(Prefix(engine), StringComparison.Ordinal));

    private async Task<(int Engine, string Child)> KilledEngineAsync(string first)
    {
        if (!CgroupHost.Find().LimitsMemory) Assert.Skip("This process may not make control groups.");
        string file = _folder.At("child");
        using Process engine = await EngineProcess.StartAsync(
            _folder.Path,
            $"setsid sh -c \"{first}echo \\$\\$ >{file}.new; mv {file}.new {file}; while :; do sleep 1; done\" & exec sleep 600",
            isBound: true);
        await Eventually.HoldsAsync(() => File.Exists(file));
        _ = LibC.Kill(engine.Id, LibC.SigKill);
        await engine.WaitForExitAsync(Token).Soon();
        return (engine.Id, (await File.ReadAllTextAsync(file, Token)).Trim());
    }

    private static Task GroupsGone(int engine)
    {
        string name = Prefix(engine)[("/" + CgroupHost.Prefix).Length..];
        return Eventually.HoldsAsync(() => CgroupHost.Find().Names(name).Count == 0);
    }
}
