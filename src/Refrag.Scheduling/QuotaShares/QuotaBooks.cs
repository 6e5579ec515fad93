namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// Who holds what while one decision is made. Two columns: what is held now, which no limit may be below, and what is promised, in which preempted jobs have ended already.
/// </summary>
internal sealed class QuotaBooks
{
    private readonly QuotaPool _pool;
    private readonly Dictionary<(string Share, string Unit), QuotaLane> _lanes = [];
    private readonly List<QuotaLane> _order = [];

    public QuotaBooks(QuotaScene scene)
    {
        _pool = scene.Pool;
        foreach (QuotaShare share in scene.Shares.OrderBy(share => share.Name, StringComparer.Ordinal))
        {
            foreach (string unit in share.Quota.Keys.Order(StringComparer.Ordinal)) Add(new QuotaLane(share, share.Name, unit));
        }
        Dictionary<string, QuotaShare> shares = scene.Shares.ToDictionary(share => share.Name);
        foreach (QuotaJob job in scene.Running.Select(one => one.Job).Concat(scene.Waiting).OrderBy(job => job.Order))
        {
            if (!_lanes.ContainsKey((job.Share, job.Unit))) Add(new QuotaLane(shares.GetValueOrDefault(job.Share), job.Share, job.Unit));
        }
        foreach (RunningQuotaJob one in scene.Running)
        {
            QuotaLane lane = Of(one.Job);
            lane.Held += one.Job.Quantity;
            if (!one.IsEnding) lane.Promised += one.Job.Quantity;
        }
    }

    /// <summary>The lanes, by share and unit.</summary>
    public IReadOnlyList<QuotaLane> Lanes => _order;

    /// <summary>Whether there is a limit for units together, so that jobs of one unit can stand in the way of another's.</summary>
    public bool MixesUnits => _pool.Total is not null;

    public QuotaLane Of(QuotaJob job) => _lanes[(job.Share, job.Unit)];

    /// <summary>Why a job cannot run even when everything that is ending has ended; null where it can.</summary>
    public QuotaWait? Look(QuotaJob job) => Look(job, QuotaColumn.Promised);

    /// <summary>Whether there is room for it now, beside what is ending.</summary>
    public bool FitsNow(QuotaJob job) => Look(job, QuotaColumn.Held) is null;

    private QuotaWait? Look(QuotaJob job, QuotaColumn column)
    {
        QuotaLane lane = Of(job);
        bool isLimited = _pool.ByUnit.TryGetValue(job.Unit, out long most);
        if (!lane.HasLimit || (!isLimited && _pool.Total is null)) return QuotaWait.NoLimit;
        if (!lane.Owns(job.Quantity, column) && LookAtLoan(lane, lane.In(column) + job.Quantity - lane.Own, column) is { } cause) return cause;
        bool fits = (!isLimited || FitsIn(most, job, column, one => one.Unit == job.Unit)) && (_pool.Total is not { } total || FitsIn(total, job, column, _ => true));
        return fits ? null : QuotaWait.EnvironmentFull;
    }

    // A loan comes out of what other shares have idle and lend, less what is lent already. (API QuotaShareResourceSharingConfiguration)
    private QuotaWait? LookAtLoan(QuotaLane lane, long loan, QuotaColumn column)
    {
        if (lane.Share is not { Sharing: QuotaSharing.LendAndBorrow }) return QuotaWait.QuotaUsed;
        if (loan > lane.MostBorrowed) return QuotaWait.BorrowLimit;
        long toLend = 0;
        foreach (QuotaLane other in _order)
        {
            if (other.Unit != lane.Unit || other == lane) continue;
            toLend -= other.Over(column);
            if (other.Lends) toLend += other.Idle(column);
        }
        return loan > toLend ? QuotaWait.NothingToBorrow : null;
    }

    private bool FitsIn(long most, QuotaJob job, QuotaColumn column, Predicate<QuotaLane> counts)
    {
        QuotaLane lane = Of(job);
        long used = job.Quantity;
        long reserved = 0;
        long quotas = 0;
        foreach (QuotaLane one in _order)
        {
            if (!counts(one)) continue;
            used += one.In(column);
            quotas += one.Own;
            if (one.Reserves && one != lane) reserved += one.Idle(column);
        }
        // Where more was given out than there is, not every reserve can be kept; it is then kept from borrowers only, or nobody could start.
        return used + (lane.Owns(job.Quantity, column) && quotas > most ? 0 : reserved) <= most;
    }

    private void Add(QuotaLane lane)
    {
        _lanes.Add((lane.Name, lane.Unit), lane);
        _order.Add(lane);
    }
}
