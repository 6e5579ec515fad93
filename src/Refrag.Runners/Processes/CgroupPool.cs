using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>
/// Groups for attempts that end with this process. What one attempt left clean the next is given: to make and remove a group costs as much
/// as a small program does. Their names show whose they are, so that those of a process that was killed are ended and removed: by its
/// guard, and where that is gone too, by the next.
/// </summary>
internal sealed class CgroupPool : IAsyncDisposable
{
    // More at once than a machine has processors are rare, and each costs the kernel some memory.
    private const int MostKept = 64;

    private const string Kind = "of-";

    private readonly CgroupHost _host;
    private readonly Stack<Cgroup> _kept = new();
    private readonly Lock _lock = new();
    // A part of its own, because the guard of this pool ends what is in its groups while other pools of this process live on.
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{Prefix(ProcessStamp.OfThis())}{Guid.NewGuid():N}");
    private long _made;
    private bool _isOver;

    /// <summary>Makes one, and begins to remove what is left of processes that are gone.</summary>
    /// <param name="host">Where groups are made.</param>
    /// <param name="time">The clock.</param>
    public CgroupPool(CgroupHost host, TimeProvider time)
    {
        _host = host;
        Cleaned = CleanAsync(time);
    }

    /// <summary>Ends when what was left of processes that are gone is ended and removed.</summary>
    public Task Cleaned { get; }

    /// <summary>How the paths of all groups begin that this pool makes.</summary>
    public IEnumerable<string> Prefixes => _host.Parents.Select(parent => Path.Combine(parent, CgroupHost.Prefix + _prefix));

    /// <summary>A group that is empty and has these limits; null if nothing can be limited.</summary>
    public Cgroup? Take(AttemptLimits limits)
    {
        while (Kept() is { } kept)
        {
            // Written each time: whoever runs as the one who made the group can change them.
            if (kept.TryLimit(limits)) return kept;
            kept.Remove();
        }
        return _host.Make(string.Create(CultureInfo.InvariantCulture, $"{_prefix}.{Interlocked.Increment(ref _made)}"), limits, this);
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
    public async ValueTask DisposeAsync()
    {
        lock (_lock) _isOver = true;
        while (Kept() is { } kept) kept.Remove();
        await Cleaned;
    }

    private Cgroup? Kept()
    {
        lock (_lock) return _kept.TryPop(out Cgroup? kept) ? kept : null;
    }

    // While the guard of one that was killed is there, its processes have their time to end: that is the guard's.
    private async Task CleanAsync(TimeProvider time)
    {
        await Task.Yield();
        try
        {
            foreach (var owned in _host.Names(Kind).GroupBy(OwnerOf))
            {
                if (owned.Key is { } owner && !owner.IsAlive() && !HasGuard(owner)) await RemoveAsync(owned, time);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The processes cannot be listed now; the next one removes the groups.
        }
    }

    private async Task RemoveAsync(IEnumerable<string> names, TimeProvider time)
    {
        foreach (Cgroup left in names.Select(_host.Find).OfType<Cgroup>())
        {
            await left.EndAsync(time, CancellationToken.None);
            left.Remove();
        }
    }

    private static string Prefix(ProcessStamp owner) => string.Create(CultureInfo.InvariantCulture, $"{Kind}{owner.Pid}-{owner.Start}-");

    private static ProcessStamp? OwnerOf(string name) =>
        name.Split('-') is ["of", var number, var start, _]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? new ProcessStamp(pid, "", start)
            : null;

    // It has the paths of the groups among its arguments.
    private static bool HasGuard(ProcessStamp owner) =>
        ProcessStat.All().Any(one => CgroupFiles.Text($"/proc/{one.Pid}/cmdline").Contains(Prefix(owner), StringComparison.Ordinal));
}
