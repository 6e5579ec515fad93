namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// Who holds what while one decision is made. Two columns: what is held now, which no limit may be below, and what is promised, in which
/// preempted jobs have ended already.
/// </summary>
internal sealed class QuotaLedger
{
    private readonly QuotaPool _pool;
    private readonly Dictionary<(string Share, string Unit), ShareUsage> _usages = [];
    private readonly List<ShareUsage> _order = [];

    public QuotaLedger(QuotaSnapshot snapshot)
    {
        _pool = snapshot.Pool;
        foreach (QuotaShare share in snapshot.Shares.OrderBy(share => share.Name, StringComparer.Ordinal))
        {
            foreach (string unit in share.Quota.Keys.Order(StringComparer.Ordinal)) Add(new ShareUsage(share, share.Name, unit));
        }
        Dictionary<string, QuotaShare> shares = snapshot.Shares.ToDictionary(share => share.Name);
        foreach (QuotaJob job in snapshot.Running.Select(one => one.Job).Concat(snapshot.Waiting).OrderBy(job => job.Order))
        {
            if (!_usages.ContainsKey((job.Share, job.Unit))) Add(new ShareUsage(shares.GetValueOrDefault(job.Share), job.Share, job.Unit));
        }
        foreach (RunningQuotaJob one in snapshot.Running)
        {
            ShareUsage usage = Of(one.Job);
            usage.Held += one.Job.Quantity;
            if (!one.IsEnding) usage.Promised += one.Job.Quantity;
        }
    }

    /// <summary>What each share uses of each unit: declared shares by name, then those that only jobs name.</summary>
    public IReadOnlyList<ShareUsage> Usages => _order;

    /// <summary>Whether there is a limit for units together, so that jobs of one unit can stand in the way of another's.</summary>
    public bool MixesUnits => _pool.Total is not null;

    public ShareUsage Of(QuotaJob job) => _usages[(job.Share, job.Unit)];

    /// <summary>Why a job cannot run even when everything that is ending has ended; null if it can.</summary>
    public QuotaWait? Check(QuotaJob job) => Check(job, QuotaColumn.Promised);

    /// <summary>Whether there is room for it now, beside what is ending.</summary>
    public bool FitsNow(QuotaJob job) => Check(job, QuotaColumn.Held) is null;

    private QuotaWait? Check(QuotaJob job, QuotaColumn column)
    {
        ShareUsage usage = Of(job);
        bool isLimited = _pool.ByUnit.TryGetValue(job.Unit, out long most);
        if (!usage.HasLimit || (!isLimited && _pool.Total is null)) return QuotaWait.NoLimit;
        if (!usage.Owns(job.Quantity, column) && CheckLoan(usage, usage.In(column) + job.Quantity - usage.Own, column) is { } cause)
            return cause;
        bool fits = (!isLimited || FitsIn(most, job, column, one => one.Unit == job.Unit))
            && (_pool.Total is not { } total || FitsIn(total, job, column, _ => true));
        return fits ? null : QuotaWait.EnvironmentFull;
    }

    // A loan comes out of what other shares have idle and lend, less what is lent already. (API QuotaShareResourceSharingConfiguration)
    private QuotaWait? CheckLoan(ShareUsage usage, long loan, QuotaColumn column)
    {
        if (usage.Share is not { Sharing: QuotaSharing.LendAndBorrow }) return QuotaWait.QuotaUsed;
        if (loan > usage.MostBorrowed) return QuotaWait.BorrowLimit;
        long toLend = 0;
        foreach (ShareUsage other in _order)
        {
            if (other.Unit != usage.Unit || other == usage) continue;
            toLend -= other.Over(column);
            if (other.Lends) toLend += other.Idle(column);
        }
        return loan > toLend ? QuotaWait.NothingToBorrow : null;
    }

    private bool FitsIn(long most, QuotaJob job, QuotaColumn column, Predicate<ShareUsage> counts)
    {
        ShareUsage usage = Of(job);
        long used = job.Quantity;
        long reserved = 0;
        long quotas = 0;
        foreach (ShareUsage one in _order)
        {
            if (!counts(one)) continue;
            used += one.In(column);
            quotas += one.Own;
            if (one.Reserves && one != usage) reserved += one.Idle(column);
        }
        // Where more was given out than there is, not every reserve can be kept; it is then kept from borrowers only, or no job could
        // start.
        return used + (usage.Owns(job.Quantity, column) && quotas > most ? 0 : reserved) <= most;
    }

    private void Add(ShareUsage usage)
    {
        _usages.Add((usage.Name, usage.Unit), usage);
        _order.Add(usage);
    }
}
