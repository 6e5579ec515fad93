using Refrag.Scheduling.QuotaShares;

namespace Refrag.Scheduling.Tests.QuotaShares;

/// <summary>A queue with quota shares that is played with: it carries plans out, and ends jobs.</summary>
internal sealed class QuotaWorld(Dictionary<string, int> capacity, params QuotaShare[] shares)
{
    public const string Unit = "ml.m5.large";
    private readonly List<QuotaJob> _jobs = [];
    private long _order;

    /// <summary>Jobs by id, as they stand.</summary>
    public IReadOnlyList<QuotaJob> Jobs => _jobs;

    public List<QuotaShare> Shares { get; } = [.. shares];

    public QuotaSnapshot Snapshot => new() { Capacity = capacity, Shares = Shares, Jobs = [.. _jobs] };

    public static QuotaWorld Of(int capacity, params QuotaShare[] shares) => new(new Dictionary<string, int> { [Unit] = capacity }, shares);

    public static QuotaShare Share(string name, int own, QuotaSharing sharing = QuotaSharing.Reserve, int? borrow = null, bool preempts = false) =>
        new() { Name = name, Limits = new Dictionary<string, int> { [Unit] = own }, Sharing = sharing, BorrowPercent = borrow, PreemptsInShare = preempts };

    public QuotaWorld Submit(string id, string share, int count = 1, int priority = 0, string unit = Unit)
    {
        _jobs.Add(new QuotaJob(id, share, unit, count, _order++, priority));
        return this;
    }

    /// <summary>Decides, and carries it out: jobs start, those that are preempted are told to end.</summary>
    public QuotaPlan Go(int at = 0)
    {
        QuotaPlan plan = Snapshot.Decide();
        foreach (string id in plan.Starts) Change(id, job => job with { State = QuotaJobState.Running, Since = Worlds.At(at) });
        foreach (QuotaPreemption one in plan.Preemptions) Change(one.JobId, job => job with { State = QuotaJobState.Stopping });
        return plan;
    }

    public QuotaWorld Ran(int at = 0)
    {
        Go(at);
        return this;
    }

    /// <summary>Those that were told to end have ended, and wait again.</summary>
    public QuotaWorld Stopped()
    {
        foreach (QuotaJob job in _jobs.Where(job => job.State is QuotaJobState.Stopping).ToList()) Change(job.Id, one => one with { State = QuotaJobState.Waiting, Since = null });
        return this;
    }

    public QuotaWorld End(string id)
    {
        _jobs.RemoveAll(job => job.Id == id);
        return this;
    }

    public QuotaWorld Prioritize(string id, int priority)
    {
        Change(id, job => job with { Priority = priority });
        return this;
    }

    public QuotaWorld Set(QuotaShare share)
    {
        Shares[Shares.FindIndex(one => one.Name == share.Name)] = share;
        return this;
    }

    /// <summary>A round in short words: who starts, who ends for whom, who waits why.</summary>
    public string Told(int at = 0)
    {
        QuotaPlan plan = Go(at);
        return string.Join(' ', [
            .. plan.Starts.Select(id => $"+{id}"),
            .. plan.Preemptions.Select(one => $"-{one.JobId}{(one.IsCrossShare ? ">" : "^")}{one.ForJobId}"),
            .. plan.Waits.Select(one => $"{one.JobId}:{one.Cause}")]);
    }

    private void Change(string id, Func<QuotaJob, QuotaJob> change)
    {
        int at = _jobs.FindIndex(job => job.Id == id);
        _jobs[at] = change(_jobs[at]);
    }
}
