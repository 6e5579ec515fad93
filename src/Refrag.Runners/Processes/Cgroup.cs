using System.Globalization;
using Refrag.Runners.Attempts;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Processes;

/// <summary>A control group of one attempt at a time: one folder under version 2, one in each hierarchy under version 1.</summary>
/// <param name="kind">What the kernel has.</param>
/// <param name="memory">Its folder that counts memory; null if there is none.</param>
/// <param name="cpu">Its folder that shares the processors, which may be the same; null if there is none.</param>
/// <param name="pool">Where it goes when its attempt has ended; null if it is that attempt's alone.</param>
internal sealed class Cgroup(CgroupKind kind, string? memory, string? cpu, CgroupPool? pool = null)
{
    /// <summary>The file that lists a group's processes and takes more.</summary>
    public const string Members = "cgroup.procs";

    /// <summary>The file that lists a group's threads and takes more; version 1.</summary>
    public const string Threads = "tasks";

    /// <summary>Who writes it, as <see cref="Threads"/> understands it.</summary>
    public const string Caller = "0";

    private const int MostSteps = 200;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly string[] _members = PathsOf(memory, cpu, folder => Path.Combine(folder, Members));
    private readonly string[] _threads = PathsOf(memory, cpu, folder => Path.Combine(folder, Threads));
    private readonly string[] _homes = PathsOf(memory, cpu, folder => Path.Join(Path.GetDirectoryName(folder), Threads));

    // The kernel counts for as long as the group is there; an attempt gets what was added in its time.
    private long _killsBefore;

    /// <summary>Its folders.</summary>
    public IReadOnlyList<string> Folders { get; } = PathsOf(memory, cpu, folder => folder);

    /// <summary>
    /// How many of the attempt's processes were killed because it was out of memory; known when <see cref="EndAsync"/> is over.
    /// </summary>
    public long OomKills { get; private set; }

    /// <summary>
    /// Whether the attempt that had it left nothing in it: no process, no group within, no memory to speak of. Known when
    /// <see cref="EndAsync"/> is over.
    /// </summary>
    public bool IsClean { get; private set; }

    /// <summary>What it counts. The folder of the processors counts their time too, where the two controllers are one.</summary>
    public CgroupMeasures Measures => kind.IsUnified ? CgroupMeasures.Unified((memory ?? cpu)!) : CgroupMeasures.Legacy(memory, cpu);

    /// <summary>Whether it has had no other attempt.</summary>
    public bool IsFresh { get; private set; } = true;

    /// <summary>Writes the limits; false where not all of them are taken.</summary>
    public bool TryLimit(AttemptLimits limits) =>
        (memory is null || kind.TryLimitMemory(memory, limits)) & (cpu is null || kind.TryShareCpu(cpu, limits));

    /// <summary>
    /// Takes the calling thread into the group, so that what it starts is there from its first instruction. False, and the thread is where
    /// it was, where threads cannot go in or may not. <see cref="Leave"/> comes before anything else that the thread does.
    /// </summary>
    public bool TryEnter()
    {
        // The first thread stands for its process: with it, all memory of this process would begin to count as the group's.
        if (!kind.LetsThreadsIn || !Thread.CurrentThread.IsThreadPoolThread) return false;
        if (Array.TrueForAll(_threads, threads => CgroupFiles.TryWrite(threads, Caller))) return true;
        Leave();
        return false;
    }

    /// <summary>Takes the calling thread back to where the rest of this process is.</summary>
    public void Leave()
    {
        foreach (string home in _homes) CgroupFiles.TryWrite(home, Caller);
    }

    /// <summary>Kills what is left in it, whatever session it made for itself, waits until it is empty, at most 2 s, and counts.</summary>
    public async Task EndAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        List<int> left = Processes();
        for (int step = 0; step < MostSteps && left.Count > 0; step++)
        {
            foreach (int pid in left) _ = LibC.Kill(pid, LibC.SigKill);
            await Task.Delay(Step, time, cancellationToken);
            left = Processes();
        }
        long kills = memory is null ? 0 : kind.OomKills(memory);
        (OomKills, _killsBefore) = (kills - _killsBefore, kills);
        IsClean = left.Count == 0 && Folders.All(folder => !CgroupFiles.HasFolders(folder))
            && (memory is null || kind.HasLittleMemory(memory));
    }

    /// <summary>Gives it back when its attempt has ended.</summary>
    public void Release()
    {
        IsFresh = false;
        if (pool is null) Remove();
        else pool.Return(this);
    }

    /// <summary>Removes it, if it is empty: a process that cannot be killed keeps it, which costs a folder. False where it stays.</summary>
    public bool Remove() => Folders.Count(CgroupFiles.TryRemove) == Folders.Count;

    private List<int> Processes()
    {
        List<int> all = [];
        foreach (string line in _members.SelectMany(CgroupFiles.Lines))
        {
            // A thread of ours may be passing through.
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0 && pid != Environment.ProcessId
                && !all.Contains(pid)) all.Add(pid);
        }
        return all;
    }

    private static string[] PathsOf(string? memory, string? cpu, Func<string, string> path) =>
        [.. new[] { memory, cpu }.OfType<string>().Distinct().Select(path)];
}
