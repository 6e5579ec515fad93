using Refrag.Engine.Jobs;

namespace Refrag.Engine.State;

/// <summary>What waits for a place, queue by queue in the order of arrival. Owned by the writer loop.</summary>
internal sealed class RunnableJobs
{
    private readonly Dictionary<string, SortedDictionary<long, string>> _queues = [];

    /// <summary>How many there are in all queues.</summary>
    public int Count { get; private set; }

    public void Add(Job job)
    {
        if (!_queues.TryGetValue(job.Plan.Queue, out SortedDictionary<long, string>? queue)) _queues[job.Plan.Queue] = queue = [];
        if (queue.TryAdd(job.Sequence, job.Id)) Count++;
    }

    public void Remove(Job job)
    {
        if (_queues.TryGetValue(job.Plan.Queue, out SortedDictionary<long, string>? queue) && queue.Remove(job.Sequence)) Count--;
    }

    /// <summary>The ids of one queue.</summary>
    public IEnumerable<string> Of(string queue) => _queues.GetValueOrDefault(queue)?.Values ?? Enumerable.Empty<string>();

    /// <summary>The ids of several queues together in the order of arrival.</summary>
    public IEnumerable<string> Of(IReadOnlyList<string> queues)
    {
        if (queues is [var only]) return Of(only);
        return Merge([.. queues.Select(name => _queues.GetValueOrDefault(name)).OfType<SortedDictionary<long, string>>()]);
    }

    private static IEnumerable<string> Merge(IReadOnlyList<SortedDictionary<long, string>> queues)
    {
        var next = new PriorityQueue<IEnumerator<System.Collections.Generic.KeyValuePair<long, string>>, long>();
        foreach (SortedDictionary<long, string> queue in queues) Enqueue(queue.GetEnumerator());
        while (next.TryDequeue(out IEnumerator<System.Collections.Generic.KeyValuePair<long, string>>? first, out _))
        {
            yield return first.Current.Value;
            Enqueue(first);
        }
        void Enqueue(IEnumerator<System.Collections.Generic.KeyValuePair<long, string>> jobs)
        {
            if (jobs.MoveNext()) next.Enqueue(jobs, jobs.Current.Key);
            else jobs.Dispose();
        }
    }
}
