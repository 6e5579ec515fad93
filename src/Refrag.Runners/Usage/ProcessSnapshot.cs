using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.Runners.Usage;

/// <summary>All processes at one moment, as /proc shows them. (proc_pid_stat(5))</summary>
internal sealed class ProcessSnapshot
{
    // Counted from the state, the first field behind the program's name, which may hold spaces and parentheses itself.
    private const int ParentAt = 1;
    private const int GroupAt = 2;
    private const int FirstTimeAt = 11;
    private const int Times = 4;
    private const int ResidentAt = 21;

    // What the kernel shows to programs is in hundredths, whatever it counts in.
    private const double TicksOfSecond = 100;

    private readonly Dictionary<int, Entry> _entries;
    private readonly ILookup<int, int> _children;

    private ProcessSnapshot(Dictionary<int, Entry> entries)
    {
        _entries = entries;
        _children = entries.ToLookup(pair => pair.Value.Parent, pair => pair.Key);
    }

    /// <summary>The processes now.</summary>
    /// <param name="proc">Where the kernel shows them.</param>
    public static ProcessSnapshot Take(string proc = "/proc")
    {
        Dictionary<int, Entry> entries = [];
        foreach (string folder in Directory.EnumerateDirectories(proc))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && Parse(KernelFile.Text(Path.Combine(folder, "stat"))) is { } entry) entries[pid] = entry;
        }
        return new ProcessSnapshot(entries);
    }

    /// <summary>A process and those above it.</summary>
    public IReadOnlySet<int> Above(int pid)
    {
        HashSet<int> above = [];
        while (pid > 0 && above.Add(pid) && _entries.TryGetValue(pid, out Entry entry)) pid = entry.Parent;
        return above;
    }

    /// <summary>
    /// What a process and all that it started have used. Memory that several of them share counts for each; processor time of those that
    /// have ended is that of whoever waited for them.
    /// </summary>
    /// <param name="root">The process; what is in its process group counts too.</param>
    /// <param name="isOwn">Whether the process itself counts.</param>
    public UsageMeasure Of(int root, bool isOwn)
    {
        HashSet<int> found = [];
        Queue<int> next = new([root]);
        if (isOwn)
        {
            foreach ((int pid, Entry entry) in _entries)
                if (entry.Group == root) next.Enqueue(pid);
        }
        while (next.TryDequeue(out int pid))
        {
            if (!found.Add(pid)) continue;
            foreach (int child in _children[pid]) next.Enqueue(child);
        }
        if (!isOwn) found.Remove(root);
        Entry[] entries = [.. found.Where(_entries.ContainsKey).Select(pid => _entries[pid])];
        return new UsageMeasure
        {
            CpuSeconds = entries.Sum(entry => entry.Ticks) / TicksOfSecond,
            MemoryBytes = entries.Sum(entry => entry.Pages) * Environment.SystemPageSize,
        };
    }

    private static Entry? Parse(string? line)
    {
        int end = line?.LastIndexOf(')') ?? -1;
        if (end < 0) return null;
        string[] fields = line![(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length <= ResidentAt
            ? null
            : new Entry((int)Number(fields[ParentAt]), (int)Number(fields[GroupAt]),
                fields.Skip(FirstTimeAt).Take(Times).Sum(Number), Number(fields[ResidentAt]));
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Parent, int Group, long Ticks, long Pages);
}
