using CsCheck;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Scheduling.Tests.QuotaShares;

/// <summary>
/// A queue with quota shares that lives: jobs come, plans are carried out, jobs end. Two capacity units; limits may be lowered while jobs
/// run.
/// </summary>
internal sealed class QuotaWorld(QuotaPool pool, IReadOnlyList<QuotaShare> shares)
{
    public static readonly string[] Units = ["ml.m5.large", "ml.g5.xlarge"];
    private static readonly int?[] s_percents = [null, 0, 50, 100, 200];
    private readonly List<RunningQuotaJob> _running = [];
    private readonly List<QuotaJob> _waiting = [];
    private long _clock;

    public static Gen<QuotaWorld> Any { get; } =
        from names in Gen.Int[1, 5].Select(count => Enumerable.Range(0, count).Select(at => $"s{at}").ToArray())
        from shares in Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Enum<QuotaSharing>(), Gen.Int[0, 4].Select(at => s_percents[at]),
            Gen.Bool).Array[names.Length]
        from slack in Gen.Int[-3, 6]
        from total in Gen.Frequency((3, Gen.Const((long?)null)), (1, Gen.Int[2, 30].Select(all => (long?)all)))
        let made = names.Zip(shares,
            (name, one) => new QuotaShare(name, new Dictionary<string, long> { [Units[0]] = one.Item1, [Units[1]] = one.Item2 })
            {
                Sharing = one.Item3,
                BorrowPercent = one.Item4,
                PreemptsInShare = one.Item5,
            }).ToList()
        select new QuotaWorld(
            new QuotaPool(Units.ToDictionary(unit => unit, unit => Math.Max(0, made.Sum(share => share.Quota[unit]) + slack)), total),
            made);

    public static Gen<(int Kind, int Share, int Unit, int Quantity, int Priority)[]> Steps { get; } =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, 1], Gen.Int[1, 5], Gen.Int[0, 2]).Array[1, 60];

    public QuotaPool Pool => pool;

    public IReadOnlyList<QuotaShare> Shares => shares;

    public IReadOnlyList<RunningQuotaJob> Running => _running;

    public QuotaSnapshot Snapshot => new() { Shares = shares, Pool = pool, Running = [.. _running], Waiting = [.. _waiting] };

    /// <summary>Whether there is enough for what was given out.</summary>
    public bool IsSound => pool.Total is null && Units.All(unit => shares.Sum(share => share.Quota[unit]) <= pool.ByUnit[unit]);

    public override string ToString() =>
        $"{string.Join(" ", shares.Select(Text))} of {string.Join(',', pool.ByUnit.Values)} {pool.Total}";

    private static string Text(QuotaShare share) =>
        $"{share.Name}[{string.Join(',', share.Quota.Values)} {share.Sharing} {share.BorrowPercent} {share.PreemptsInShare}]";

    /// <summary>A job comes, one that is being stopped has stopped, or one that runs ends by itself.</summary>
    public void Step((int Kind, int Share, int Unit, int Quantity, int Priority) step)
    {
        _clock++;
        if (step.Kind < 6)
            _waiting.Add(
                new QuotaJob($"j{_clock}", shares[step.Share % shares.Count].Name, Units[step.Unit], step.Quantity, step.Priority, _clock));
        else if (step.Kind < 8) StopOne(step.Quantity);
        else if (_running.Count > 0) _running.RemoveAt(step.Quantity % _running.Count);
    }

    /// <summary>One of those that are being stopped has stopped, and waits again.</summary>
    public bool StopOne(int which = 0)
    {
        List<RunningQuotaJob> ending = [.. _running.Where(one => one.IsEnding)];
        if (ending.Count == 0) return false;
        RunningQuotaJob stopped = ending[which % ending.Count];
        _running.Remove(stopped);
        _waiting.Add(stopped.Job);
        return true;
    }

    public QuotaPlan Carry()
    {
        QuotaPlan plan = QuotaScheduler.Decide(Snapshot);
        foreach (string id in plan.Starts)
        {
            QuotaJob job = _waiting.Single(one => one.Id == id);
            _waiting.Remove(job);
            _running.Add(new RunningQuotaJob(job, ++_clock));
        }
        foreach (QuotaPreemption one in plan.Preemptions)
        {
            int at = _running.FindIndex(running => running.Job.Id == one.JobId);
            _running[at] = _running[at] with { IsEnding = true };
        }
        return plan;
    }
}
