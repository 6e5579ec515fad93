using System.Threading.Channels;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Transitions;

/// <summary>The callers that watch jobs. Owned by the writer loop.</summary>
internal sealed class Watchers
{
    private readonly Dictionary<string, List<ChannelWriter<JobDetail>>> _byJob = [];

    /// <summary>Adds a watcher.</summary>
    public void Add(string jobId, ChannelWriter<JobDetail> changes)
    {
        if (!_byJob.TryGetValue(jobId, out List<ChannelWriter<JobDetail>>? watchers)) _byJob[jobId] = watchers = [];
        watchers.Add(changes);
    }

    /// <summary>Removes a watcher.</summary>
    public void Remove(string jobId, ChannelWriter<JobDetail> changes)
    {
        if (_byJob.TryGetValue(jobId, out List<ChannelWriter<JobDetail>>? watchers) && watchers.Remove(changes) && watchers.Count == 0)
            _byJob.Remove(jobId);
    }

    /// <summary>The engine ends, with a fault or without: nothing is reported any more.</summary>
    public void End(Exception? fault)
    {
        foreach (ChannelWriter<JobDetail> changes in _byJob.Values.SelectMany(watchers => watchers)) changes.TryComplete(fault);
        _byJob.Clear();
    }

    /// <summary>What notifies those who watch a job; null if there are none, and then the detail is not made.</summary>
    public Action? News(string jobId, Func<string, JobDetail?> describe)
    {
        if (!_byJob.TryGetValue(jobId, out List<ChannelWriter<JobDetail>>? watchers) || describe(jobId) is not { } detail) return null;
        ChannelWriter<JobDetail>[] channels = [.. watchers];
        return () =>
        {
            foreach (ChannelWriter<JobDetail> changes in channels) changes.TryWrite(detail);
        };
    }
}
