using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Rules;
using Refrag.Engine.Names;

namespace Refrag.Engine.State;

/// <summary>
/// Which jobs wait for a job. What follows from an array's plan is not kept child by child: an array of 10,000 that waits for twenty others
/// of its size child by child would be 200,000 entries. Owned by the writer loop.
/// </summary>
internal sealed class DependentIndex
{
    private readonly Dictionary<string, List<string>> _waiting = [];
    private readonly Dictionary<string, List<string>> _arrays = [];

    /// <summary>Adds a job that is new, with what it waits for.</summary>
    public void Add(Job job)
    {
        if (job.IsArrayParent)
        {
            foreach (JobDependency dependency in job.Plan.DependsOn)
            {
                if (DependencyRule.IsChildByChild(dependency)) Add(_arrays, dependency.JobId!, job.Id);
            }
            return;
        }
        foreach (JobDependency dependency in job.Plan.DependsOn)
        {
            bool isOfTheArray = job.ArrayId is not null && DependencyRule.IsChildByChild(dependency);
            if (dependency.JobId is { } id && !isOfTheArray) Add(_waiting, id, job.Id);
        }
    }

    /// <summary>The ids of the jobs that wait for this one; some may have ended already.</summary>
    public IEnumerable<string> Of(Job job)
    {
        IEnumerable<string> waiting = _waiting.GetValueOrDefault(job.Id) ?? [];
        if (job is not { ArrayId: { } arrayId, Index: { } index }) return waiting;
        if (_arrays.TryGetValue(arrayId, out List<string>? arrays)) waiting = waiting.Concat(arrays.Select(id => JobIds.Child(id, index)));
        bool isInOrder = job.Plan.DependsOn.Any(DependencyRule.IsInOrder);
        return isInOrder && index + 1 < job.Plan.ArraySize ? waiting.Append(JobIds.Child(arrayId, index + 1)) : waiting;
    }

    /// <summary>
    /// Forgets a job that has ended: who waited for it, and that it was among those that waited for jobs that are not known any more.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="isKnown">Whether a job has not been forgotten yet.</param>
    public void Remove(Job job, Predicate<string> isKnown)
    {
        Remove(job.Id);
        // One that was submitted after the end of what it waits for put an entry there that nothing else would remove.
        foreach (JobDependency dependency in job.Plan.DependsOn)
        {
            if (dependency.JobId is { } id && !isKnown(id)) Remove(id);
        }
    }

    private void Remove(string id)
    {
        _waiting.Remove(id);
        _arrays.Remove(id);
    }

    /// <summary>For how many jobs anything is kept.</summary>
    public int Size => _waiting.Count + _arrays.Count;

    private static void Add(Dictionary<string, List<string>> index, string id, string dependent)
    {
        if (!index.TryGetValue(id, out List<string>? dependents)) index[id] = dependents = [];
        dependents.Add(dependent);
    }
}
