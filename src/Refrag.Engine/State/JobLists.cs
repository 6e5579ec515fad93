using Refrag.Engine.Jobs;

namespace Refrag.Engine.State;

/// <summary>
/// Submissions by queue and state, in the order of arrival, so that a page costs what it shows. Owned by the writer loop.
/// </summary>
internal sealed class JobLists
{
    private static readonly Comparer<Job> s_byArrival = Comparer<Job>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));
    private readonly Dictionary<(string Queue, JobState State), SortedSet<Job>> _lists = [];

    public void Add(Job job)
    {
        var key = (job.Plan.Queue, job.State);
        if (!_lists.TryGetValue(key, out SortedSet<Job>? list)) _lists[key] = list = new SortedSet<Job>(s_byArrival);
        list.Add(job);
    }

    public void Remove(Job job)
    {
        var key = (job.Plan.Queue, job.State);
        if (_lists.TryGetValue(key, out SortedSet<Job>? list) && list.Remove(job) && list.Count == 0) _lists.Remove(key);
    }

    /// <summary>Those of one queue and state beyond a place in the order of arrival.</summary>
    public IEnumerable<Job> Of(string queue, JobState state, long? after, bool latestFirst)
    {
        if (!_lists.TryGetValue((queue, state), out SortedSet<Job>? list)) return [];
        if (after is { } place) list = Beyond(list, place, latestFirst);
        return latestFirst ? list.Reverse() : list;
    }

    /// <summary>How many there are of one queue and state.</summary>
    public int Count(string queue, JobState state) => _lists.GetValueOrDefault((queue, state))?.Count ?? 0;

    /// <summary>All submissions of a queue that have not ended.</summary>
    public IEnumerable<Job> Alive(string queue) =>
        JobStateExtensions.All.Where(state => !state.IsFinal()).SelectMany(state => Of(queue, state, null, false));

    private static SortedSet<Job> Beyond(SortedSet<Job> list, long place, bool latestFirst)
    {
        long bound = latestFirst ? place - 1 : place + 1;
        Job lowest = At(latestFirst ? long.MinValue : bound, list);
        Job highest = At(latestFirst ? bound : long.MaxValue, list);
        return list.GetViewBetween(lowest, highest);
    }

    // Only the place is compared; the rest is borrowed.
    private static Job At(long sequence, SortedSet<Job> list) => list.Min! with { Sequence = sequence };
}
