using System.Diagnostics.CodeAnalysis;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;

namespace Refrag.Engine.State;

/// <summary>
/// The jobs that have not ended, and those that have but are not on disk yet, with the indices that keep every step cheap. Owned by the
/// writer loop.
/// </summary>
internal sealed class JobTable
{
    private readonly Dictionary<string, Job> _jobs = [];
    private readonly DependentIndex _dependents = new();
    private readonly Dictionary<string, (Dictionary<JobState, int> Counts, long UpdatedAt)> _children = [];

    /// <summary>The submissions of each queue and state.</summary>
    public JobLists Submissions { get; } = new();

    /// <summary>What waits for a place, children among them.</summary>
    public RunnableJobs Runnable { get; } = new();

    /// <summary>Every job that has not ended, children included.</summary>
    public IReadOnlyList<Job> Alive => [.. _jobs.Values.Where(job => !job.State.IsFinal())];

    /// <summary>How many records there are.</summary>
    public int Size => _jobs.Count;

    /// <summary>A job that is known to be here.</summary>
    public Job this[string id] => _jobs[id];

    /// <summary>Looks a job or a child up.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out Job? job) => _jobs.TryGetValue(id, out job);

    /// <summary>The children of an array, by index.</summary>
    public IEnumerable<Job> Children(Job parent, int from = 0) =>
        Enumerable.Range(from, Math.Max(0, (parent.Plan.ArraySize ?? 0) - from)).Select(index => _jobs[JobIds.Child(parent.Id, index)]);

    /// <summary>How many children are in each state.</summary>
    public ChildStates ChildStates(Job parent) => parent.ChildCounts is null && _children.TryGetValue(parent.Id, out var children)
        ? new ChildStates(children.Counts, children.UpdatedAt)
        : Jobs.ChildStates.Of(parent);

    /// <summary>The ids of the jobs that wait for this one.</summary>
    public IEnumerable<string> Dependents(Job job) => _dependents.Of(job);

    /// <summary>Adds a job, or replaces its earlier record.</summary>
    public void Put(Job job)
    {
        if (_jobs.TryGetValue(job.Id, out Job? before)) Forget(before);
        else _dependents.Add(job);
        _jobs[job.Id] = job;
        if (job.State is JobState.Runnable) Runnable.Add(job);
        if (job.ArrayId is { } arrayId) Count(arrayId, job, 1);
        else Submissions.Add(job);
    }

    /// <summary>Forgets a submission with its children. All must have ended.</summary>
    public void Evict(string id)
    {
        if (!_jobs.TryGetValue(id, out Job? job)) return;
        foreach (Job child in Children(job).ToList()) Drop(child);
        Drop(job);
        _children.Remove(id);
    }

    /// <summary>Takes a submission out again whose records could not all be added.</summary>
    public void Discard(IReadOnlyList<Job> submission)
    {
        foreach (Job job in submission.Where(job => _jobs.Remove(job.Id)))
        {
            if (job.State is JobState.Runnable) Runnable.Remove(job);
            if (job.ArrayId is { } arrayId) _children.Remove(arrayId);
            else Submissions.Remove(job);
        }
    }

    private void Drop(Job job)
    {
        if (job.ArrayId is null) Submissions.Remove(job);
        _jobs.Remove(job.Id);
        _dependents.Remove(job, _jobs.ContainsKey);
    }

    private void Forget(Job before)
    {
        if (before.State is JobState.Runnable) Runnable.Remove(before);
        if (before.ArrayId is { } arrayId) Count(arrayId, before, -1);
        else Submissions.Remove(before);
    }

    private void Count(string arrayId, Job child, int change)
    {
        var (counts, updatedAt) = _children.TryGetValue(arrayId, out var known) ? known : ([], 0);
        counts[child.State] = counts.GetValueOrDefault(child.State) + change;
        _children[arrayId] = (counts, Math.Max(updatedAt, child.ChangedAt));
    }
}
