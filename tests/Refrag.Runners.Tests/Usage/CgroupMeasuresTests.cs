using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

/// <summary>
/// The files as the kernel's documentation describes them: cgroup-v2.rst, cgroup-v1/memory.rst, cpuacct.rst, blkio-controller.rst.
/// </summary>
public sealed class CgroupMeasuresTests : IDisposable
{
    private const string Mebi = "1048576";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Unified_HasTimeMemoryWithoutCachedFilesPeakAndTransfers()
    {
        Put("g/cpu.stat", "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n");
        Put("g/memory.current", "300\n");
        Put("g/memory.stat", "anon 100\nfile 200\ninactive_anon 7\ninactive_file 120\n");
        Put("g/memory.peak", Mebi + "\n");
        Put("g/io.stat", "253:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n253:16 rbytes=1 wbytes=2 rios=1 wios=1\n");

        UsageMeasure read = CgroupMeasures.Unified(_folder.At("g")).Read();

        Assert.Equal(
            (2.5, 180L, 1_048_576L, 11L, 22L),
            (read.CpuSeconds, read.MemoryBytes, read.MemoryPeakBytes, read.ReadBytes, read.WrittenBytes));
    }

    [Fact]
    public void Read_Legacy_HasTheSameFromItsHierarchies()
    {
        Put("cpu/cpuacct.usage", "2500000000\n");
        Put("mem/memory.usage_in_bytes", "300\n");
        Put("mem/memory.stat", "inactive_file 1\ntotal_inactive_file 120\n");
        Put("mem/memory.max_usage_in_bytes", Mebi + "\n");
        Put("io/blkio.throttle.io_service_bytes", "8:0 Read 10\n8:0 Write 20\n8:0 Sync 30\n8:16 Read 1\n8:16 Write 2\nTotal 33\n");

        UsageMeasure read = CgroupMeasures.Legacy(_folder.At("mem"), _folder.At("cpu"), _folder.At("io")).Read();

        Assert.Equal(
            (2.5, 180L, 1_048_576L, 11L, 22L),
            (read.CpuSeconds, read.MemoryBytes, read.MemoryPeakBytes, read.ReadBytes, read.WrittenBytes));
    }

    [Fact]
    public void Read_FilesThatAreNotThere_AreNotKnown() =>
        Assert.Equal(default, CgroupMeasures.Unified(_folder.At("none")).Read());

    [Fact]
    public void OfThis_ContainerWithItsOwnView_IsTheMount()
    {
        // In a container the path is the host's, and only the mount is to be seen.
        Put("root/cgroup.controllers", "cpu memory");
        Put("root/cgroup.procs", "1\n");
        Put("root/cpu.stat", "usage_usec 1000000\n");
        Put("own", "0::/ecs/task/container\n");
        Assert.Equal(1, OfThis(1)!.Read().CpuSeconds);
    }

    [Fact]
    public void OfThis_OthersInTheGroup_IsNoneOfItsOwn()
    {
        Put("root/cgroup.controllers", "cpu memory");
        Put("root/user/cgroup.procs", "12\n40\n41\n");
        Put("own", "0::/user\n");
        Assert.Null(OfThis(40, 12));
        Assert.NotNull(OfThis(40, 12, 41));
    }

    [Fact]
    public void OfThis_LegacyHierarchies_AreFoundByTheirControllers()
    {
        Put("root/memory/docker/1/cgroup.procs", "7\n");
        Put("root/memory/docker/1/memory.max_usage_in_bytes", "5\n");
        Put("root/cpu,cpuacct/docker/1/cpuacct.usage", "3000000000\n");
        Put("own", "4:memory:/docker/1\n3:cpu,cpuacct:/docker/1\n1:name=systemd:/\n");
        UsageMeasure read = OfThis(7)!.Read();
        Assert.Equal((3, 5L), (read.CpuSeconds, read.MemoryPeakBytes));
    }

    private CgroupMeasures? OfThis(params int[] pids) =>
        CgroupMeasures.OfThis(_folder.At("root"), _folder.At("own"), pids.ToHashSet());

    private void Put(string name, string text)
    {
        string path = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
