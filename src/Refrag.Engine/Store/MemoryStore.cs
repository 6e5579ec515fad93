using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>Keeps what has ended in memory, for as long as this object lives.</summary>
internal sealed class MemoryStore : IStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Job> _jobs = [];
    private readonly SortedDictionary<long, Job> _ended = [];

    /// <inheritdoc/>
    public bool WaitsForDisk => false;

    /// <inheritdoc/>
    public StoredState Load(DefinitionTable definitions) => new() { IsNew = true };

    /// <inheritdoc/>
    public void Commit(Changes changes)
    {
        lock (_lock)
        {
            foreach (JobChange change in changes.Jobs.Where(change => change.Job.State.IsFinal())) Keep(change.Job);
            if (changes.ForgetBefore is { } time) Forget(time);
        }
    }

    /// <inheritdoc/>
    public Job? Find(string id)
    {
        lock (_lock) return _jobs.GetValueOrDefault(id);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Job> Ended(EndedQuery query)
    {
        lock (_lock)
        {
            IEnumerable<Job> jobs = query.LatestFirst ? _ended.Values.Reverse() : _ended.Values;
            return [.. jobs.Where(job => JobMatch.Matches(job, query)).Take(query.Most)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Job> Children(string arrayId, int from)
    {
        lock (_lock)
        {
            int size = _jobs.GetValueOrDefault(arrayId)?.Plan.ArraySize ?? 0;
            return [.. Enumerable.Range(from, Math.Max(0, size - from))
                .Select(index => _jobs.GetValueOrDefault(JobIds.Child(arrayId, index))).OfType<Job>()];
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StoredLine> Lines() => [];

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }

    private void Keep(Job job)
    {
        _jobs[job.Id] = job;
        if (job.ArrayId is null) _ended[job.Sequence] = job;
    }

    private void Forget(long time)
    {
        foreach (Job job in _ended.Values.Where(job => job.CreatedAt < time && job.StoppedAt < time).ToList())
        {
            _ended.Remove(job.Sequence);
            _jobs.Remove(job.Id);
            for (int index = 0; index < (job.Plan.ArraySize ?? 0); index++) _jobs.Remove(JobIds.Child(job.Id, index));
        }
    }
}
