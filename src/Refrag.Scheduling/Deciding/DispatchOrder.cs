using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <summary>A queue's jobs in the order in which they would be dispatched if there were room for all.</summary>
internal static class DispatchOrder
{
    public static IEnumerable<Job> Of(QueueState queue, long now) =>
        queue.IsFair ? Fair(queue, now) : queue.Shares.SelectMany(share => share.InOrder());

    // Each dispatch counts towards its share, as it does when jobs are really placed.
    private static IEnumerable<Job> Fair(QueueState queue, long now)
    {
        var next = new PriorityQueue<(IEnumerator<Job> Jobs, Share Share, double Usage), (double Score, long Submitted, long Sequence)>();
        foreach (Share share in queue.Shares.Where(share => share.Waiting > 0))
            Offer(next, share.InOrder().GetEnumerator(), share, share.Score(now) / share.Weight);
        while (next.TryDequeue(out (IEnumerator<Job> Jobs, Share Share, double Usage) one, out _))
        {
            Job job = one.Jobs.Current;
            yield return job;
            Offer(next, one.Jobs, one.Share, one.Usage + job.Shape.TotalMilliVCpus);
        }
    }

    private static void Offer(
        PriorityQueue<(IEnumerator<Job> Jobs, Share Share, double Usage), (double Score, long Submitted, long Sequence)> next,
        IEnumerator<Job> jobs, Share share, double usage)
    {
        if (jobs.MoveNext()) next.Enqueue((jobs, share, usage), (share.Weight * usage, jobs.Current.SubmittedAt, jobs.Current.Sequence));
        else jobs.Dispose();
    }
}
