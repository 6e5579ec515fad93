using System.Diagnostics.CodeAnalysis;

namespace Refrag.Engine.Jobs;

/// <summary>All jobs, with the indices that keep every step cheap. Owned by the writer loop.</summary>
internal sealed class JobTable
{
    private readonly Dictionary<string, Job> _jobs = [];
    private readonly List<string> _submissions = [];
    private readonly Dictionary<string, List<string>> _dependents = [];
    private readonly Dictionary<string, Dictionary<JobState, int>> _children = [];
    private readonly SortedDictionary<long, string> _runnable = [];

    /// <summary>The submitted jobs in order of arrival, without children.</summary>
    public IEnumerable<Job> Submissions => _submissions.Select(id => _jobs[id]);

    /// <summary>Every job that has not ended, children included.</summary>
    public IReadOnlyList<Job> Alive => [.. _jobs.Values.Where(job => !job.State.IsFinal())];

    /// <summary>The runnable jobs in order of arrival.</summary>
    public IEnumerable<string> Runnable => _runnable.Values;

    /// <summary>A job that is known to exist.</summary>
    public Job this[string id] => _jobs[id];

    /// <summary>Looks a job or a child up.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out Job? job) => _jobs.TryGetValue(id, out job);

    /// <summary>The children of an array, by index.</summary>
    public IEnumerable<Job> Children(Job parent) => Enumerable.Range(0, parent.Plan.ArraySize ?? 0).Select(index => _jobs[JobIds.Child(parent.Id, index)]);

    /// <summary>How many children are in each state.</summary>
    public IReadOnlyDictionary<JobState, int> ChildStates(string arrayId) => _children.GetValueOrDefault(arrayId) ?? [];

    /// <summary>The jobs that wait for this one, and for no other reason know of it.</summary>
    public IReadOnlyList<string> Dependents(string id) => _dependents.GetValueOrDefault(id) ?? [];

    /// <summary>Adds a job, or replaces its earlier record.</summary>
    public void Put(Job job)
    {
        if (_jobs.TryGetValue(job.Id, out Job? before)) Forget(before);
        else Index(job);
        _jobs[job.Id] = job;
        if (job.State is JobState.Runnable) _runnable[job.Sequence] = job.Id;
        if (job.ArrayId is { } arrayId) Count(arrayId, job.State, 1);
    }

    private void Index(Job job)
    {
        if (job.ArrayId is null) _submissions.Add(job.Id);
        foreach (string id in job.WaitsFor)
        {
            if (!_dependents.TryGetValue(id, out List<string>? waiting)) _dependents[id] = waiting = [];
            waiting.Add(job.Id);
        }
    }

    private void Forget(Job before)
    {
        if (before.State is JobState.Runnable) _runnable.Remove(before.Sequence);
        if (before.ArrayId is { } arrayId) Count(arrayId, before.State, -1);
    }

    private void Count(string arrayId, JobState state, int change)
    {
        if (!_children.TryGetValue(arrayId, out Dictionary<JobState, int>? counts)) _children[arrayId] = counts = [];
        counts[state] = counts.GetValueOrDefault(state) + change;
    }
}
