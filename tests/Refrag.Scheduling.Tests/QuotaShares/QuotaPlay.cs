using Refrag.Scheduling.QuotaShares;

namespace Refrag.Scheduling.Tests.QuotaShares;

/// <summary>Snapshots with one capacity unit, and plans in words.</summary>
internal static class QuotaPlay
{
    public const string Unit = "ml.m5.large";

    public static QuotaShare Share(string name, long own) => new(name, new Dictionary<string, long> { [Unit] = own });

    public static QuotaShare Lender(string name, long own) => Share(name, own) with { Sharing = QuotaSharing.Lend };

    public static QuotaShare Borrower(string name, long own, int? percent = null) =>
        Share(name, own) with { Sharing = QuotaSharing.LendAndBorrow, BorrowPercent = percent };

    /// <summary>A job whose place in the order of arrival is its name's in the alphabet.</summary>
    public static QuotaJob Job(string id, string share, long quantity, int priority = 0) => new(id, share, Unit, quantity, priority, id[0]);

    public static RunningQuotaJob Run(string id, string share, long quantity, int priority = 0, long at = 0) =>
        new(Job(id, share, quantity, priority), at);

    public static string Decide(long capacity, QuotaShare[] shares, RunningQuotaJob[]? run = null, QuotaJob[]? wait = null) =>
        Decide(new QuotaPool(new Dictionary<string, long> { [Unit] = capacity }), shares, run, wait);

    public static string Decide(QuotaPool pool, QuotaShare[] shares, RunningQuotaJob[]? run = null, QuotaJob[]? wait = null) =>
        Words(QuotaScheduler.Decide(new QuotaSnapshot { Shares = shares, Pool = pool, Running = run ?? [], Waiting = wait ?? [] }));

    public static string Words(QuotaPlan plan)
    {
        IEnumerable<string> starts = plan.Starts.Count > 0 ? [$"start {string.Join(' ', plan.Starts)}"] : [];
        IEnumerable<string> preemptions = plan.Preemptions
            .GroupBy(one => one.ForJobId).Select(one => $"preempt {string.Join(' ', one.Select(victim => victim.JobId))} for {one.Key}");
        return string.Join("; ", starts.Concat(preemptions).Concat(plan.Waits.Select(one => $"{one.JobId}: {one.Cause}")));
    }
}
