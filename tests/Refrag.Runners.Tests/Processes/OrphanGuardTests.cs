using Refrag.Runners.Processes;

namespace Refrag.Runners.Tests.Processes;

public sealed class OrphanGuardTests
{
    private const int SigTerm = 15;

    [Fact]
    public async Task Pipe_EndsWhileGroupsAreLeft_TheyAreTerminatedAndTheForgottenOnesNot()
    {
        using var children = new ChildWatch();
        var guard = new OrphanGuard();
        int[] pids = [Sleep(), Sleep(), Sleep()];
        foreach (int pid in pids) guard.Add(pid);
        guard.Remove(pids[1]);
        Task<ChildStatus> first = children.WhenEnded(pids[0]);
        Task<ChildStatus> second = children.WhenEnded(pids[1]);
        Task<ChildStatus> third = children.WhenEnded(pids[2]);
        Task disposed = guard.DisposeAsync().AsTask();
        Assert.Equal(SigTerm, (await first.Soon()).Signal);
        Assert.Equal(SigTerm, (await third.Soon()).Signal);
        foreach (int pid in new[] { pids[0], pids[2] }) ChildStatus.Collect(pid);
        await disposed.Soon();
        Assert.False(second.IsCompleted);
        _ = LibC.Kill(-pids[1], LibC.SigKill);
        Assert.Equal(LibC.SigKill, (await second.Soon()).Signal);
        ChildStatus.Collect(pids[1]);
    }

    [Fact]
    public async Task Dispose_NothingAdded_DoesNothing() => await new OrphanGuard().DisposeAsync().AsTask().Soon();

    private static int Sleep()
    {
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = "/bin/sleep",
            Arguments = ["sleep", "600"],
            Environment = new Dictionary<string, string>(),
            WorkingDirectory = "/",
        });
        Assert.Equal(0, error);
        return pid;
    }
}
