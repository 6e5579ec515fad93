namespace Refrag.Scheduling.QuotaShares;

/// <summary>Finds the running jobs that make room for a waiting one. (UG preemption)</summary>
/// <param name="books">The books; those that are found are taken out of what is promised.</param>
/// <param name="running">What runs.</param>
internal sealed class QuotaRoom(QuotaBooks books, IEnumerable<RunningQuotaJob> running)
{
    // The first to go first: the lowest priority, then the one that loses the least work. AWS weighs the same things by a rule that it does not tell.
    private readonly List<RunningQuotaJob> _candidates =
        [.. running.Where(one => !one.IsEnding).OrderBy(one => one.Job.Priority).ThenByDescending(one => one.StartedAt).ThenByDescending(one => one.Job.Order)];

    /// <summary>Makes room: nobody is displaced unless that is enough; null where it is not.</summary>
    public IReadOnlyList<RunningQuotaJob>? MakeFor(QuotaJob job)
    {
        List<RunningQuotaJob> found = [];
        while (books.Look(job) is { } cause)
        {
            if (Next(job, cause) is not { } next)
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

    private RunningQuotaJob? Next(QuotaJob job, QuotaWait cause) => cause switch
    {
        QuotaWait.QuotaUsed or QuotaWait.BorrowLimit or QuotaWait.NothingToBorrow => Lower(job),
        // What was lent comes back for jobs within their share's own capacity only; a loan is never made by taking another away.
        QuotaWait.EnvironmentFull when books.Of(job).Owns(job.Quantity) => Borrower(job) ?? Lower(job),
        QuotaWait.EnvironmentFull => Lower(job),
        _ => null,
    };

    private RunningQuotaJob? Lower(QuotaJob job) => books.Of(job).Share?.PreemptsInShare == true
        ? _candidates.Find(one => one.Job.Share == job.Share && one.Job.Unit == job.Unit && one.Job.Priority < job.Priority)
        : null;

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
            if (books.Look(job) is null) found.Remove(one);
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
