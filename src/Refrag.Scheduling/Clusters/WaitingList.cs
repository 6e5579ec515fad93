namespace Refrag.Scheduling.Clusters;

/// <summary>
/// Waiting jobs of one share and one scheduling priority by submission. A linked list, since jobs come at the end, leave at the front, and
/// return to the front when they are retried; removal from the middle is a cancellation and costs nothing either.
/// </summary>
internal sealed class WaitingList(int priority)
{
    public int Priority => priority;

    public Job? First { get; private set; }

    public Job? Last { get; private set; }

    public void Insert(Job job)
    {
        job.WaitingList = this;
        Job? before = Last is null || Last.IsBefore(job) ? Last : Place(job);
        Job? after = before is null ? First : before.Next;
        (job.Previous, job.Next) = (before, after);
        if (before is null) First = job;
        else before.Next = job;
        if (after is null) Last = job;
        else after.Previous = job;
    }

    public void Remove(Job job)
    {
        if (job.Previous is null) First = job.Next;
        else job.Previous.Next = job.Next;
        if (job.Next is null) Last = job.Previous;
        else job.Next.Previous = job.Previous;
        (job.WaitingList, job.Previous, job.Next) = (null, null, null);
    }

    // From both ends at once: who does not belong to the end belongs near the front.
    private Job? Place(Job job)
    {
        Job? front = First;
        Job? back = Last;
        while (true)
        {
            if (job.IsBefore(front!)) return front!.Previous;
            if (back!.IsBefore(job)) return back;
            front = front!.Next;
            back = back.Previous;
        }
    }
}
