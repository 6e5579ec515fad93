namespace Refrag.Scheduling.QuotaShares;

/// <summary>Finds the running jobs that make room for a waiting one. (UG preemption)</summary>
/// <param name="ledger">The ledger; those that are found are taken out of what is promised.</param>
/// <param name="running">What runs.</param>
internal sealed class PreemptionPlanner(QuotaLedger ledger, IEnumerable<RunningQuotaJob> running)
{
    // The first to go first: the lowest priority, then the one that loses the least work. AWS weighs the same things by a rule that it does
    // not publish.
    private readonly List<RunningQuotaJob> _candidates =
        [.. running.Where(one => !one.IsEnding)
            .OrderBy(one => one.Job.Priority).ThenByDescending(one => one.StartedAt).ThenByDescending(one => one.Job.Order)];

    /// <summary>
    /// Whether a job is within its share's own capacity, or would be without the jobs that it may displace there. Such jobs go before
    /// borrowers, whose loan would else be taken back at once.
    /// </summary>
    public bool IsOwed(QuotaJob job)
    {
        ShareUsage usage = ledger.Of(job);
        return usage.Owns(job.Quantity)
            || (usage.Share?.PreemptsInShare == true
            && usage.Owns(job.Quantity - _candidates.Where(one => IsLower(one, job)).Sum(one => one.Job.Quantity)));
    }

    /// <summary>Makes room: no job is displaced unless that is enough; null if it is not.</summary>
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
            Preempt(next);
            found.Add(next);
        }
        Spare(job, found);
        return found;
    }

    // Within its share's own capacity, so that no borrower can take what was made free for it; and what was lent comes back for such jobs
    // only.
    private bool IsReady(QuotaJob job) => ledger.Of(job).Owns(job.Quantity) && ledger.Check(job) is null;

    private RunningQuotaJob? Next(QuotaJob job) => ledger.Of(job).Owns(job.Quantity) ? Borrower(job) ?? Lower(job) : Lower(job);

    private RunningQuotaJob? Lower(QuotaJob job) => _candidates.Find(one => IsLower(one, job));

    private bool IsLower(RunningQuotaJob one, QuotaJob job) =>
        one.Job.Priority < job.Priority && one.Job.Share == job.Share && one.Job.Unit == job.Unit
            && ledger.Of(job).Share?.PreemptsInShare == true;

    // From the share that has borrowed the most.
    private RunningQuotaJob? Borrower(QuotaJob job)
    {
        RunningQuotaJob? found = null;
        long most = 0;
        foreach (ShareUsage usage in ledger.Usages)
        {
            long over = usage.Over(QuotaColumn.Promised);
            if (over <= most || !(usage.Unit == job.Unit || ledger.MixesUnits)) continue;
            if (_candidates.Find(one => ledger.Of(one.Job) == usage) is not { } candidate) continue;
            (found, most) = (candidate, over);
        }
        return found;
    }

    // The last that were found may be enough without some of the first.
    private void Spare(QuotaJob job, List<RunningQuotaJob> found)
    {
        foreach (RunningQuotaJob one in found.OrderByDescending(one => one.Job.Priority)
            .ThenBy(one => one.StartedAt).ThenBy(one => one.Job.Order).ToList())
        {
            Return(one);
            if (IsReady(job)) found.Remove(one);
            else Preempt(one);
        }
    }

    private void Preempt(RunningQuotaJob one)
    {
        _candidates.Remove(one);
        ledger.Of(one.Job).Promised -= one.Job.Quantity;
    }

    private void Return(RunningQuotaJob one)
    {
        int at = _candidates.FindIndex(other => Compare(one, other) < 0);
        _candidates.Insert(at < 0 ? _candidates.Count : at, one);
        ledger.Of(one.Job).Promised += one.Job.Quantity;
    }

    private static int Compare(RunningQuotaJob a, RunningQuotaJob b) =>
        (a.Job.Priority, b.StartedAt, b.Job.Order).CompareTo((b.Job.Priority, a.StartedAt, a.Job.Order));
}
