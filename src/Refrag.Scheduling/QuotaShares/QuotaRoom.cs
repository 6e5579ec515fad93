namespace Refrag.Scheduling.QuotaShares;

/// <summary>Finds the running jobs that make room for a waiting one. (UG preemption)</summary>
/// <param name="books">The books; those that are found are taken out of what is promised.</param>
/// <param name="running">What runs.</param>
internal sealed class QuotaRoom(QuotaBooks books, IEnumerable<RunningQuotaJob> running)
{
    // The first to go first: the lowest priority, then the one that loses the least work. AWS weighs the same things by a rule that it does not tell.
    private readonly List<RunningQuotaJob> _candidates =
        [.. running.Where(one => !one.IsEnding).OrderBy(one => one.Job.Priority).ThenByDescending(one => one.StartedAt).ThenByDescending(one => one.Job.Order)];

    /// <summary>
    /// Whether a job is within its share's own capacity, or would be without the jobs that it may displace there. Such jobs go before borrowers, whose loan would
    /// else be taken back at once.
    /// </summary>
    public bool IsOwed(QuotaJob job)
    {
        QuotaLane lane = books.Of(job);
        return lane.Owns(job.Quantity)
            || (lane.Share?.PreemptsInShare == true && lane.Owns(job.Quantity - _candidates.Where(one => IsLower(one, job)).Sum(one => one.Job.Quantity)));
    }

    /// <summary>Makes room: nobody is displaced unless that is enough; null where it is not.</summary>
    public IReadOnlyList<RunningQuotaJob>? MakeFor(QuotaJob job)
    {
        if (!IsOwed(job)) return null;
        List<RunningQuotaJob> found = [];
        while (!IsReady(job))
        {
            if (Next(job) is not { } next)
            {
                foreach (RunningQuotaJob one in found) Return(one);
                return null;
            }
            Take(next);
            found.Add(next);
        }
        Spare(job, found);
        return found;
    }

    // Within its share's own capacity, so that no borrower can take what was made free for it; and what was lent comes back for such jobs only.
    private bool IsReady(QuotaJob job) => books.Of(job).Owns(job.Quantity) && books.Look(job) is null;

    private RunningQuotaJob? Next(QuotaJob job) => books.Of(job).Owns(job.Quantity) ? Borrower(job) ?? Lower(job) : Lower(job);

    private RunningQuotaJob? Lower(QuotaJob job) => _candidates.Find(one => IsLower(one, job));

    private bool IsLower(RunningQuotaJob one, QuotaJob job) =>
        one.Job.Priority < job.Priority && one.Job.Share == job.Share && one.Job.Unit == job.Unit && books.Of(job).Share?.PreemptsInShare == true;

    // From the share that has borrowed the most.
    private RunningQuotaJob? Borrower(QuotaJob job)
    {
        RunningQuotaJob? found = null;
        long most = 0;
        foreach (QuotaLane lane in books.Lanes)
        {
            long over = lane.Over(QuotaColumn.Promised);
            if (over <= most || !(lane.Unit == job.Unit || books.MixesUnits)) continue;
            if (_candidates.Find(one => books.Of(one.Job) == lane) is not { } candidate) continue;
            (found, most) = (candidate, over);
        }
        return found;
    }

    // The last that were found may be enough without some of the first.
    private void Spare(QuotaJob job, List<RunningQuotaJob> found)
    {
        foreach (RunningQuotaJob one in found.OrderByDescending(one => one.Job.Priority).ThenBy(one => one.StartedAt).ThenBy(one => one.Job.Order).ToList())
        {
            Return(one);
            if (IsReady(job)) found.Remove(one);
            else Take(one);
        }
    }

    private void Take(RunningQuotaJob one)
    {
        _candidates.Remove(one);
        books.Of(one.Job).Promised -= one.Job.Quantity;
    }

    private void Return(RunningQuotaJob one)
    {
        int at = _candidates.FindIndex(other => Compare(one, other) < 0);
        _candidates.Insert(at < 0 ? _candidates.Count : at, one);
        books.Of(one.Job).Promised += one.Job.Quantity;
    }

    private static int Compare(RunningQuotaJob a, RunningQuotaJob b) => (a.Job.Priority, b.StartedAt, b.Job.Order).CompareTo((b.Job.Priority, a.StartedAt, a.Job.Order));
}
