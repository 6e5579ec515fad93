namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// One decision about a queue with quota shares. The first job of each share and instance type is looked at, in the order of submission: first those that fit into their
/// share's own capacity, taking lent capacity back where that is needed; then those that borrow; then those that displace jobs of lower priority in their own share.
/// </summary>
internal sealed class QuotaRound
{
    private readonly Dictionary<string, QuotaShare> _shares;
    private readonly Dictionary<string, QuotaUse> _uses = new(StringComparer.Ordinal);
    private readonly List<QuotaJob> _running;
    private readonly List<QuotaLane> _lanes;
    private readonly List<string> _starts = [];
    private readonly List<QuotaPreemption> _preemptions = [];
    private readonly List<QuotaWait> _waits = [];

    public QuotaRound(QuotaSnapshot snapshot)
    {
        _shares = snapshot.Shares.ToDictionary(share => share.Name, StringComparer.Ordinal);
        foreach (var (unit, most) in snapshot.Capacity) _uses[unit] = new QuotaUse(most);
        foreach (QuotaJob job in snapshot.Jobs)
        {
            if (job.State is not QuotaJobState.Waiting && _uses.TryGetValue(job.Unit, out QuotaUse? use)) use.Add(job);
        }
        _running = [.. snapshot.Jobs.Where(job => job.State is QuotaJobState.Running)];
        _lanes = [.. snapshot.Jobs.Where(job => job.State is QuotaJobState.Waiting).GroupBy(job => (job.Share, job.Unit)).Select(group => new QuotaLane(group))];
    }

    public QuotaPlan Run()
    {
        Func<QuotaJob, bool>[] ways = [StartsOnItsOwn, Borrows, Displaces];
        while (_lanes.Count > 0)
        {
            // By submission, whichever share it is: idle capacity is given out first in, first out. (API QuotaSharePolicy)
            _lanes.Sort((a, b) => a.First.Order.CompareTo(b.First.Order));
            _lanes.RemoveAll(IsHopeless);
            if (_lanes.Count > 0 && !Advance(ways)) break;
        }
        foreach (QuotaLane lane in _lanes) Wait(lane.First, CauseOf(lane.First));
        return new QuotaPlan { Starts = _starts, Preemptions = _preemptions, Waits = _waits };
    }

    // The first way is tried for every lane before the second: a share's own comes before what others lend.
    private bool Advance(Func<QuotaJob, bool>[] ways)
    {
        foreach (Func<QuotaJob, bool> way in ways)
        {
            if (_lanes.Find(lane => way(lane.First)) is not { } lane) continue;
            Grant(lane);
            return true;
        }
        return false;
    }

    // It starts, or the room that is being made is promised to it, and those behind it wait.
    private void Grant(QuotaLane lane)
    {
        QuotaJob job = lane.First;
        QuotaUse use = _uses[job.Unit];
        // What others reserve is kept free at once, not only later; where there is not enough for all shares, whoever comes first has it.
        long kept = Fits(job, use.Later, Kept(job, use.Later)) ? Kept(job, use.Now) : 0;
        bool starts = IsWithinOwn(job, use.Now) ? Fits(job, use.Now, kept) : MayBorrow(job, use.Now);
        use.Later.Change(job.Share, job.Count);
        if (starts)
        {
            use.Now.Change(job.Share, job.Count);
            _starts.Add(job.Id);
        }
        else Wait(job, QuotaWaitCause.Preempting);
        if (!starts || !lane.Next()) _lanes.Remove(lane);
    }

    private bool StartsOnItsOwn(QuotaJob job)
    {
        QuotaUse use = _uses[job.Unit];
        if (!IsWithinOwn(job, use.Later)) return false;
        long missing = use.Later.Total + job.Count - use.Capacity;
        long kept = Kept(job, use.Later);
        // What was lent is taken back before what others reserve is touched.
        return missing + kept <= 0 || Reclaims(job, missing + kept) || missing <= 0 || Reclaims(job, missing);
    }

    private bool Reclaims(QuotaJob job, long missing) => Preempt(
        job, _running.Where(one => one.Unit == job.Unit && one.Share != job.Share), missing, share => BorrowedBy(share, job.Unit, _uses[job.Unit].Later), isCrossShare: true);

    // Nobody is preempted so that others can borrow.
    private bool Borrows(QuotaJob job) => MayBorrow(job, _uses[job.Unit].Later);

    private bool Displaces(QuotaJob job)
    {
        if (!_shares[job.Share].PreemptsInShare) return false;
        QuotaUse use = _uses[job.Unit];
        long has = use.Later.Of(job.Share);
        // The share comes to no more than its own, or than what it uses already.
        long missing = Math.Max(has + job.Count - Math.Max(OwnOf(job.Share, job.Unit), has), use.Later.Total + job.Count - use.Capacity);
        if (missing <= 0) return false;
        var lower = _running.Where(one => one.Unit == job.Unit && one.Share == job.Share && one.Priority < job.Priority);
        return Preempt(job, lower, missing, _ => long.MaxValue, isCrossShare: false);
    }

    private bool Preempt(QuotaJob job, IEnumerable<QuotaJob> candidates, long missing, Func<string, long> most, bool isCrossShare)
    {
        IReadOnlyList<QuotaJob> victims = QuotaVictims.Choose(candidates, missing, most);
        foreach (QuotaJob victim in victims)
        {
            _running.Remove(victim);
            _uses[victim.Unit].Later.Change(victim.Share, -victim.Count);
            _preemptions.Add(new QuotaPreemption(victim.Id, job.Id, isCrossShare));
        }
        return victims.Count > 0;
    }

    private long OwnOf(string share, string unit) => _shares.TryGetValue(share, out QuotaShare? known) ? known.Limits.GetValueOrDefault(unit) : 0;

    private long BorrowedBy(string share, string unit, QuotaBook book) => Math.Max(0, book.Of(share) - OwnOf(share, unit));

    private bool IsWithinOwn(QuotaJob job, QuotaBook book) => book.Of(job.Share) + job.Count <= OwnOf(job.Share, job.Unit);

    private bool IsWithinReach(QuotaJob job, QuotaBook book) => _shares[job.Share].Reach(job.Unit) is not { } reach || book.Of(job.Share) + job.Count <= reach;

    // Nothing is borrowed while a share waits for what is its own: it would be taken back at once.
    private bool MayBorrow(QuotaJob job, QuotaBook book) =>
        _shares[job.Share].Sharing is QuotaSharing.LendAndBorrow && IsWithinReach(job, book) && IsLent(job, book)
        && Fits(job, book, Kept(job, book)) && !_lanes.Exists(lane => lane.First.Unit == job.Unit && lane.First.Share != job.Share && IsWithinOwn(lane.First, book));

    private bool Fits(QuotaJob job, QuotaBook book, long kept) => book.Total + job.Count + kept <= _uses[job.Unit].Capacity;

    // Whether the idle capacity that others lend is enough for all that is borrowed, this job included.
    private bool IsLent(QuotaJob job, QuotaBook book)
    {
        long lent = OwnOf(job.Share, job.Unit) - book.Of(job.Share) - job.Count;
        foreach (QuotaShare other in _shares.Values)
        {
            if (other.Name == job.Share) continue;
            if (other.Sharing is not QuotaSharing.Reserve) lent += IdleOf(other, job.Unit, book);
            lent -= BorrowedBy(other.Name, job.Unit, book);
        }
        return lent >= 0;
    }

    // What a share's own first job waits for is not idle, although it is not enough for it yet.
    private long IdleOf(QuotaShare share, string unit, QuotaBook book)
    {
        long own = OwnOf(share.Name, unit);
        long idle = Math.Max(0, own - book.Of(share.Name));
        QuotaLane? lane = _lanes.Find(one => one.First.Share == share.Name && one.First.Unit == unit);
        return lane is not null && lane.First.Count <= own ? Math.Max(0, idle - lane.First.Count) : idle;
    }

    // What must stay free for shares that reserve theirs; it matters where the shares together have more than the environment.
    private long Kept(QuotaJob job, QuotaBook book) => _shares.Values
        .Where(other => other.Sharing is QuotaSharing.Reserve && other.Name != job.Share)
        .Sum(other => Math.Max(0, OwnOf(other.Name, job.Unit) - book.Of(other.Name)));

    private bool IsHopeless(QuotaLane lane)
    {
        QuotaJob job = lane.First;
        QuotaWaitCause? cause = null;
        if (!_shares.TryGetValue(job.Share, out QuotaShare? share)) cause = QuotaWaitCause.NoShare;
        else if (!_uses.TryGetValue(job.Unit, out QuotaUse? use)) cause = QuotaWaitCause.NoEnvironmentLimit;
        else if (!share.Limits.ContainsKey(job.Unit)) cause = QuotaWaitCause.NoShareLimit;
        else if (job.Count > use.Capacity || job.Count > (share.Reach(job.Unit) ?? long.MaxValue)) cause = QuotaWaitCause.TooLarge;
        if (cause is { } known) Wait(job, known);
        return cause is not null;
    }

    private QuotaWaitCause CauseOf(QuotaJob job)
    {
        QuotaBook book = _uses[job.Unit].Later;
        if (IsWithinOwn(job, book)) return QuotaWaitCause.EnvironmentFull;
        if (_shares[job.Share].Sharing is not QuotaSharing.LendAndBorrow) return QuotaWaitCause.ShareFull;
        if (!IsWithinReach(job, book)) return QuotaWaitCause.BorrowLimit;
        return IsLent(job, book) ? QuotaWaitCause.EnvironmentFull : QuotaWaitCause.NothingLent;
    }

    private void Wait(QuotaJob job, QuotaWaitCause cause) => _waits.Add(new QuotaWait(job.Id, job.Share, cause));
}
