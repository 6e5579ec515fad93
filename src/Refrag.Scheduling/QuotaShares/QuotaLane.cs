namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// The waiting jobs of one share that need one instance type: the higher priority first, then by submission. The first holds up those behind it, as the head of a job queue does;
/// jobs for another instance type are not held up, because they need nothing of what it waits for.
/// </summary>
internal sealed class QuotaLane(IEnumerable<QuotaJob> jobs)
{
    private readonly PriorityQueue<QuotaJob, (int, long)> _jobs = new(jobs.Select(job => (job, (-job.Priority, job.Order))));

    /// <summary>The first.</summary>
    public QuotaJob First => _jobs.Peek();

    /// <summary>Goes on to the next; false where there is none.</summary>
    public bool Next()
    {
        _jobs.Dequeue();
        return _jobs.Count > 0;
    }
}
