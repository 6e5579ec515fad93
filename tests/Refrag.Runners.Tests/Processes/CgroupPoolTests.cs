using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Tests.Processes;

/// <summary>Against files as the kernel shows them; what the kernel makes of them, see <see cref="CgroupTests"/>.</summary>
public sealed class CgroupPoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Take_GroupThatWasLeftClean_IsGivenAgainWithTheNewLimits()
    {
        await using var pool = new CgroupPool(Host(), TimeProvider.System);
        string first = await UseAsync(pool, 100);
        string second = await UseAsync(pool, 50);
        Assert.Equal(first, second);
        Assert.Equal("52428800", File.ReadAllText(Path.Combine(second, "memory.max"))[..8]);
    }

    [Theory]
    [InlineData("memory.current", "9000000\n")]
    [InlineData("within/cgroup.procs", "")]
    public async Task Take_SomethingWasLeftInTheGroup_IsAnother(string file, string text)
    {
        await using var pool = new CgroupPool(Host(), TimeProvider.System);
        string first = await UseAsync(pool, 100, (file, text));
        Assert.NotEqual(first, await UseAsync(pool, 100));
    }

    [Fact]
    public async Task Take_ProcessThatCannotBeKilledIsLeft_IsAnother()
    {
        await using var pool = new CgroupPool(Host(), TimeProvider.System);
        // No process has the number, and it stays in the file.
        string first = await UseAsync(pool, 100, ("cgroup.procs", "999999999\n"));
        Assert.NotEqual(first, await UseAsync(pool, 100));
    }

    [Fact]
    public async Task Take_LimitIsNotTaken_IsAnother()
    {
        await using var pool = new CgroupPool(Host(), TimeProvider.System);
        string first = await UseAsync(pool, 100);
        File.Delete(Path.Combine(first, "memory.max"));
        Assert.NotEqual(first, await UseAsync(pool, 100));
    }

    [Fact]
    public async Task OomKills_GroupHadSomeBefore_CountsOnlyItsOwn()
    {
        await using var pool = new CgroupPool(Host(), TimeProvider.System);
        Assert.Equal((2, 0, 3), (await KillsAsync(pool, 2), await KillsAsync(pool, 2), await KillsAsync(pool, 5)));
    }

    [Fact]
    public async Task TwoAtOnce_AreTwo()
    {
        await using var pool = new CgroupPool(Host(), TimeProvider.System);
        Assert.NotEqual(pool.Take(Limits(1))!.Folders, pool.Take(Limits(1))!.Folders);
    }

    [Fact]
    public async Task New_GroupsOfProcesses_RemovesThoseWhoseOwnerIsGone()
    {
        CgroupHost host = Host();
        await using var owner = new CgroupPool(host, TimeProvider.System);
        string ours = Assert.Single(owner.Take(Limits(1))!.Folders);
        string gone = Directory.CreateDirectory(_folder.At("root/refrag-of-999999999-1-a")).FullName;
        string reused =
            Directory.CreateDirectory(
                _folder.At(string.Create(CultureInfo.InvariantCulture, $"root/refrag-of-{Environment.ProcessId}-1-a"))).FullName;
        string durable = Directory.CreateDirectory(_folder.At("root/refrag-0123")).FullName;
        await using var other = new CgroupPool(host, TimeProvider.System);
        await other.Cleaned.Soon();
        Assert.Equal((true, false, false, true),
            (Directory.Exists(ours), Directory.Exists(gone), Directory.Exists(reused), Directory.Exists(durable)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AttemptLimits Limits(int memory) => new(new VCpus(1), new MebiBytes(memory));

    private CgroupHost Host()
    {
        Directory.CreateDirectory(_folder.At("root"));
        File.WriteAllText(_folder.At("root/cgroup.controllers"), "cpu memory");
        File.WriteAllText(_folder.At("root/cgroup.subtree_control"), "");
        File.WriteAllText(_folder.At("own"), "0::/\n");
        return CgroupHost.Find(_folder.At("root"), _folder.At("own"));
    }

    private static async Task<string> UseAsync(CgroupPool pool, int memory, params (string File, string Text)[] left)
    {
        Cgroup group = pool.Take(Limits(memory))!;
        string folder = Assert.Single(group.Folders);
        (string File, string Text)[] files = [("memory.max", "max     "), ("cpu.weight", "100"), ("memory.current", "4096\n"),
            ("cgroup.procs", ""), .. left];
        foreach (var (file, text) in files)
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path) || left.Length > 0) await File.WriteAllTextAsync(path, text, Token);
        }
        await EndAsync(group);
        group.Release();
        return folder;
    }

    private static async Task EndAsync(Cgroup group)
    {
        var time = new FakeTimeProvider();
        Task end = group.EndAsync(time, Token);
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
        await end;
    }

    private static async Task<long> KillsAsync(CgroupPool pool, int count)
    {
        Cgroup group = pool.Take(Limits(1))!;
        string folder = Assert.Single(group.Folders);
        foreach (var (file, text) in new[]
        {
            ("memory.max", "max"),
            ("cpu.weight", "100"),
            ("memory.current", "4096\n"),
            ("memory.events", $"oom 1\noom_kill {count}\n"),
        })
            await File.WriteAllTextAsync(Path.Combine(folder, file), text, Token);
        await EndAsync(group);
        group.Release();
        return group.OomKills;
    }
}
