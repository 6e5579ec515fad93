using Refrag.Aws.Batch;

namespace Refrag.Engine.Loop;

/// <summary>Who wants to know of which job's changes. Owned by the writer loop.</summary>
internal sealed class Watchers
{
    private readonly Dictionary<string, List<Action<JobDetail>>> _byJob = [];

    /// <summary>Adds a watcher.</summary>
    public void Add(string jobId, Action<JobDetail> changed)
    {
        if (!_byJob.TryGetValue(jobId, out List<Action<JobDetail>>? watchers)) _byJob[jobId] = watchers = [];
        watchers.Add(changed);
    }

    /// <summary>Removes a watcher.</summary>
    public void Remove(string jobId, Action<JobDetail> changed)
    {
        if (_byJob.TryGetValue(jobId, out List<Action<JobDetail>>? watchers) && watchers.Remove(changed) && watchers.Count == 0) _byJob.Remove(jobId);
    }

    /// <summary>What tells those who watch a job; null where nobody does, and then the detail is not made.</summary>
    public Action? News(string jobId, Func<string, JobDetail?> describe)
    {
        if (!_byJob.TryGetValue(jobId, out List<Action<JobDetail>>? watchers) || describe(jobId) is not { } detail) return null;
        Action<JobDetail>[] told = [.. watchers];
        return () =>
        {
            foreach (Action<JobDetail> changed in told) changed(detail);
        };
    }
}
