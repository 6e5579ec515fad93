using System.Globalization;

namespace Refrag.Runners.Usage;

/// <summary>What a control group counts, of version 2 or of version 1; a file that is not there is a figure that is not known.</summary>
internal sealed record CgroupMeasures
{
    private const double MicrosecondsOfSecond = 1e6;
    private const double NanosecondsOfSecond = 1e9;

    // The mount points of the controller under version 1, alone or with its neighbour.
    private static readonly string[] s_cpuMounts = ["cpuacct", "cpu,cpuacct"];

    private CgroupMeasures() { }

    /// <summary>Whether it is of version 2.</summary>
    public required bool IsUnified { get; init; }

    private string? Cpu { get; init; }

    private string? Memory { get; init; }

    private string? Io { get; init; }

    /// <summary>A group of version 2.</summary>
    /// <param name="folder">Its folder.</param>
    public static CgroupMeasures Unified(string folder) => new() { IsUnified = true, Cpu = folder, Memory = folder, Io = folder };

    /// <summary>A group of version 1.</summary>
    /// <param name="memory">Its folder of the memory controller; null if it has none.</param>
    /// <param name="cpu">Its folder of the controller that counts processor time; null if it has none.</param>
    /// <param name="io">Its folder of the controller of block devices; null if it has none.</param>
    public static CgroupMeasures Legacy(string? memory, string? cpu, string? io = null) =>
        new() { IsUnified = false, Memory = memory, Cpu = cpu, Io = io };

    /// <summary>
    /// The group of this process, if nothing else is in it but what this process comes from; null if it has none of its own: a login
    /// session's group counts what others do.
    /// </summary>
    /// <param name="root">Where the kernel shows control groups.</param>
    /// <param name="own">The file that says in which this process is.</param>
    /// <param name="pids">The numbers that may be in it: this process's, and those of the processes above it.</param>
    public static CgroupMeasures? OfThis(string root, string own, IReadOnlySet<int> pids)
    {
        Dictionary<string, string> paths = Paths(own);
        CgroupMeasures? found = File.Exists(Path.Combine(root, "cgroup.controllers"))
            ? Unified(Shown(root, paths.GetValueOrDefault("", "/")))
            : Legacy(Mounted(root, ["memory"], "memory", paths), Mounted(root, s_cpuMounts, "cpuacct", paths),
                Mounted(root, ["blkio"], "blkio", paths));
        string? folder = found.Memory ?? found.Cpu;
        return folder is not null && IsAlone(folder, pids) ? found : null;
    }

    /// <summary>What it counts now.</summary>
    public UsageMeasure Read() => IsUnified ? ReadUnified() : ReadLegacy();

    private UsageMeasure ReadUnified()
    {
        (long? read, long? written) = Transferred(KernelFile.Text(In(Io, "io.stat")));
        return new UsageMeasure
        {
            CpuSeconds = KernelFile.Value(In(Cpu, "cpu.stat"), "usage_usec") / MicrosecondsOfSecond,
            MemoryBytes = Less(KernelFile.Number(In(Memory, "memory.current")),
                KernelFile.Value(In(Memory, "memory.stat"), "inactive_file")),
            MemoryPeakBytes = KernelFile.Number(In(Memory, "memory.peak")),
            ReadBytes = read,
            WrittenBytes = written,
        };
    }

    private UsageMeasure ReadLegacy()
    {
        string? io = KernelFile.Text(In(Io, "blkio.throttle.io_service_bytes"));
        return new UsageMeasure
        {
            CpuSeconds = KernelFile.Number(In(Cpu, "cpuacct.usage")) / NanosecondsOfSecond,
            MemoryBytes = Less(KernelFile.Number(In(Memory, "memory.usage_in_bytes")),
                KernelFile.Value(In(Memory, "memory.stat"), "total_inactive_file")),
            MemoryPeakBytes = KernelFile.Number(In(Memory, "memory.max_usage_in_bytes")),
            ReadBytes = Sum(io, " Read "),
            WrittenBytes = Sum(io, " Write "),
        };
    }

    private static string? In(string? folder, string file) => folder is null ? null : Path.Combine(folder, file);

    private static long? Less(long? all, long? cached) => all - Math.Min(all ?? 0, cached ?? 0);

    // `253:0 rbytes=1 wbytes=2 rios=…`, a line for each device.
    private static (long? Read, long? Written) Transferred(string? text)
    {
        if (text is null) return (null, null);
        long read = 0, written = 0;
        foreach (string word in text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith("rbytes=", StringComparison.Ordinal)) read += Number(word["rbytes=".Length..]);
            else if (word.StartsWith("wbytes=", StringComparison.Ordinal)) written += Number(word["wbytes=".Length..]);
        }
        return (read, written);
    }

    // `253:0 Read 1`, a line for each device and kind.
    private static long? Sum(string? text, string kind)
    {
        if (text is null) return null;
        long sum = 0;
        foreach (string line in text.Split('\n'))
        {
            int at = line.IndexOf(kind, StringComparison.Ordinal);
            if (at > 0) sum += Number(line[(at + kind.Length)..]);
        }
        return sum;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long value) ? value : 0;

    private static string? Mounted(string root, string[] mounts, string controller, Dictionary<string, string> paths)
    {
        string? mount = mounts.Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
        return mount is not null && paths.TryGetValue(controller, out string? path) ? Shown(mount, path) : null;
    }

    // In a container the path may be the host's, and only the mount itself is to be seen.
    private static string Shown(string mount, string path) =>
        Path.Join(mount, path) is var folder && Directory.Exists(folder) ? folder : mount;

    private static bool IsAlone(string folder, IReadOnlySet<int> pids)
    {
        string[] members = (KernelFile.Text(Path.Combine(folder, "cgroup.procs")) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return members.Length > 0 && Array.TrueForAll(members, member => pids.Contains((int)Number(member)));
    }

    // Lines such as `4:memory:/path`, and `0::/path` for version 2.
    private static Dictionary<string, string> Paths(string file)
    {
        Dictionary<string, string> paths = new(StringComparer.Ordinal);
        foreach (string line in (KernelFile.Text(file) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            foreach (string controller in controllers.Split(',')) paths[controller] = path;
        }
        return paths;
    }
}
