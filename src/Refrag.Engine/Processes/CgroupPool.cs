using System.Globalization;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Processes;

/// <summary>
/// Groups for attempts that end with this process. What one attempt left clean the next is given: to make and remove a group costs as much as a small program does.
/// Their names tell whose they are, so that those of a process that was killed are removed by the next.
/// </summary>
internal sealed class CgroupPool : IDisposable
{
    // More at once than a machine has processors are rare, and each costs the kernel some memory.
    private const int MostKept = 64;

    private readonly CgroupHost _host;
    private readonly Stack<Cgroup> _kept = new();
    private readonly Lock _lock = new();
    private readonly ProcessStamp _owner = ProcessStamp.OfThis();
    private bool _isOver;

    public CgroupPool(CgroupHost host)
    {
        _host = host;
        foreach (string left in host.Parents.SelectMany(CgroupFiles.Folders).Where(IsOrphan)) CgroupFiles.TryRemove(left);
    }

    /// <summary>A group that is empty and has these limits; null where nothing can be limited.</summary>
    public Cgroup? Take(AttemptLimits limits)
    {
        while (Kept() is { } kept)
        {
            // Written each time: whoever runs as the one who made the group can change them.
            if (kept.TryLimit(limits)) return kept;
            kept.Remove();
        }
        return _host.Make(string.Create(CultureInfo.InvariantCulture, $"of-{_owner.Pid}-{_owner.Start}-{Guid.NewGuid():N}"), limits, this);
    }

    /// <summary>Takes a group back whose attempt has ended.</summary>
    public void Return(Cgroup group)
    {
        lock (_lock)
        {
            if (group.IsClean && !_isOver && _kept.Count < MostKept)
            {
                _kept.Push(group);
                return;
            }
        }
        group.Remove();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _isOver = true;
        while (Kept() is { } kept) kept.Remove();
    }

    private Cgroup? Kept()
    {
        lock (_lock) return _kept.TryPop(out Cgroup? kept) ? kept : null;
    }

    // One whose owner is there is its owner's. The kernel does not remove one in which something still runs.
    private static bool IsOrphan(string folder) =>
        Path.GetFileName(folder).Split('-') is ["refrag", "of", var number, var start, _]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
        && !new ProcessStamp(pid, "", start).IsAlive();
}
