using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>The copy of a state whose engine is gone.</summary>
internal static class EndedState
{
    private const string Database = "state.db";
    private const string Mark = "ended";

    /// <summary>Notes that the engine ended in order: there is nothing to settle.</summary>
    public static void MarkSettled(string folder) => PrivateFiles.WriteAllText(Path.Combine(folder, Mark), "");

    /// <summary>
    /// Ends, once, the jobs that were cut off when their engine was killed, and brings what an earlier version wrote up to date. Throws
    /// <see cref="EngineStateException"/> where the engine lives (RF4010), a newer version wrote the state (RF4013), or the folder cannot
    /// be used.
    /// </summary>
    public static void Settle(string folder, TimeProvider time)
    {
        bool isSettled = File.Exists(Path.Combine(folder, Mark));
        if (isSettled && IsCurrent(folder)) return;
        if (!File.Exists(Path.Combine(folder, Database)))
            throw new EngineStateException(StateProblems.Absent(folder));
        DateTimeOffset last = LastSign(folder);
        using (SqliteStore store = SqliteStore.Open(folder, time, syncs: false))
        {
            if (!isSettled) End(store, last.ToUnixTimeMilliseconds());
        }
        // When it is closed: a reader that finds the mark takes no lock, and must not meet the files that SQLite removes.
        if (!isSettled) MarkSettled(folder);
    }

    private static bool IsCurrent(string folder)
    {
        using var store = new ReadOnlyStore(Path.Combine(folder, Database));
        return store.IsCurrent;
    }

    /// <summary>Opens a settled state to be read.</summary>
    public static IStateStore Open(string folder) => new ReadOnlyStore(Path.Combine(folder, Database));

    /// <summary>The status reason of a job that was cut off.</summary>
    public const string CutOff = "The refrag that ran it was killed, and the job with it; the time of its end is the last sign of it";

    private static void End(SqliteStore store, long at)
    {
        StoredState stored = store.Load(new DefinitionTable(LocalArns.Usual));
        var changes = new Changes();
        Job[] parts = [.. stored.Jobs.Where(job => !job.IsArrayParent).Select(job => job.State.IsFinal() ? job : Ended(job, at))];
        foreach (Job job in parts) changes.Put(job, isNew: false);
        ILookup<string?, Job> children = parts.ToLookup(job => job.ArrayId);
        foreach (Job parent in stored.Jobs.Where(job => job.IsArrayParent && !job.State.IsFinal()))
        {
            Dictionary<JobState, int> counts = children[parent.Id].CountBy(child => child.State).ToDictionary();
            changes.Put(
                parent with
                {
                    State = ArrayParent.State(counts),
                    StatusReason = CutOff,
                    StoppedAt = Math.Max(at, parent.CreatedAt),
                    ChildCounts = counts,
                }, isNew: false);
        }
        foreach (var (job, _) in stored.Damaged) changes.Put(job with { StoppedAt = Math.Max(at, job.CreatedAt) }, isNew: false);
        if (!changes.IsEmpty) store.Commit(changes);
    }

    private static Job Ended(Job job, long at)
    {
        long end = Math.Max(at, job.StartedAt ?? job.CreatedAt);
        if (job.State.IsBeforeStart() || job.Nodes.Count == 0)
            return job with { State = JobState.Failed, StatusReason = CutOff, StoppedAt = end };
        StopCause cause = job.Stop is { IsPreemption: false } stop ? stop : new StopCause(CutOff);
        Job stopped = job with { Stop = cause, Nodes = [.. job.Nodes.Select(node => Ended(node, end))] };
        return AttemptEnd.Apply(stopped, end);
    }

    private static NodeRun Ended(NodeRun node, long end) => node with
    {
        StoppedAt = node.StoppedAt ?? end,
        Containers = node.Containers?.Select(container => container with { StoppedAt = container.StoppedAt ?? end }).ToList(),
    };

    // When it was killed is not recorded; the last output of its jobs is the nearest that there is.
    private static DateTimeOffset LastSign(string folder) => new DirectoryInfo(folder)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Select(file => new DateTimeOffset(file.LastWriteTimeUtc))
        .DefaultIfEmpty(DateTimeOffset.UnixEpoch)
        .Max();
}
