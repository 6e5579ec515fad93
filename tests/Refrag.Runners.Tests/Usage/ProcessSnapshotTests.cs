using System.Globalization;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

public sealed class ProcessSnapshotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_AProcessAndItsChildren_SumsTimesAndMemoryOfAllOfThem()
    {
        Put(10, parent: 1, group: 10, ticks: 100, pages: 1);
        Put(11, parent: 10, group: 10, ticks: 50, pages: 2);
        Put(12, parent: 11, group: 12, ticks: 25, pages: 4);
        // Of the group, and its parent has ended.
        Put(13, parent: 1, group: 10, ticks: 10, pages: 8);
        Put(20, parent: 1, group: 20, ticks: 1000, pages: 1000);

        UsageMeasure all = ProcessSnapshot.Take(_folder.Path).Of(10, isOwn: true);
        UsageMeasure below = ProcessSnapshot.Take(_folder.Path).Of(10, isOwn: false);

        // A tick is a hundredth of a second. (proc_pid_stat(5), sysconf(_SC_CLK_TCK))
        Assert.Equal((1.85, 15L * Environment.SystemPageSize), (all.CpuSeconds, all.MemoryBytes));
        Assert.Equal((0.75, 6L * Environment.SystemPageSize), (below.CpuSeconds, below.MemoryBytes));
    }

    [Fact]
    public void Above_AProcess_IsItAndThoseItComesFrom()
    {
        Put(1, parent: 0, group: 1, ticks: 0, pages: 0);
        Put(10, parent: 1, group: 10, ticks: 0, pages: 0);
        Put(11, parent: 10, group: 10, ticks: 0, pages: 0);
        Assert.Equal([1, 10], ProcessSnapshot.Take(_folder.Path).Above(10).Order());
    }

    [Fact]
    public void Of_ThisProcess_HasWhatDotnetSeesOfIt()
    {
        // Whatever else happens: the resident memory is of the size that .NET reports.
        long memory = ProcessSnapshot.Take().Of(Environment.ProcessId, isOwn: true).MemoryBytes!.Value;
        Assert.InRange(memory, Environment.WorkingSet / 4, long.MaxValue);
    }

    // The name may hold spaces and parentheses. The time is divided among user, system, and those of its children.
    private void Put(int pid, int parent, int group, int ticks, int pages)
    {
        int part = ticks / 5;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{pid} (a (b) c) S {parent} {group} {group} 0 -1 0 1 2 3 4 {part} {part} {part} {ticks - (3 * part)} ")
            + string.Create(CultureInfo.InvariantCulture, $"20 0 1 0 99 1000 {pages} 18");
        Directory.CreateDirectory(_folder.At($"{pid}"));
        File.WriteAllText(_folder.At($"{pid}/stat"), text);
    }
}
