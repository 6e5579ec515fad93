namespace Refrag.Scheduling.QuotaShares;

/// <summary>One decision while it is made.</summary>
internal sealed class QuotaRound
{
    private readonly List<Queue<QuotaJob>> _lines;
    private readonly QuotaLedger _ledger;
    private readonly PreemptionPlanner _preemption;
    private readonly List<string> _starts = [];
    private readonly List<QuotaPreemption> _preemptions = [];
    private readonly List<WaitingQuotaJob> _waits = [];
    private readonly HashSet<Queue<QuotaJob>> _settled = [];

    public QuotaRound(QuotaSnapshot snapshot)
    {
        _lines = QuotaScheduler.Lines(snapshot);
        _ledger = new QuotaLedger(snapshot);
        _preemption = new PreemptionPlanner(_ledger, snapshot.Running);
    }

    /// <summary>Looks at the heads in the order of arrival until each line is empty or its head waits.</summary>
    /// <param name="phase">Which heads are settled; others are left for a later phase.</param>
    public void Go(QuotaPhase phase)
    {
        var heads = new PriorityQueue<Queue<QuotaJob>, long>();
        foreach (Queue<QuotaJob> line in _lines) Enqueue(line);
        while (heads.TryDequeue(out Queue<QuotaJob>? line, out _))
        {
            QuotaJob job = line.Peek();
            if (!IsInPhase(phase, job)) continue;
            if (Settle(job) is { } cause)
            {
                _settled.Add(line);
                _waits.Add(new WaitingQuotaJob(job.Id, cause));
                continue;
            }
            _starts.Add(job.Id);
            line.Dequeue();
            Enqueue(line);
        }
        void Enqueue(Queue<QuotaJob> line)
        {
            if (line.Count > 0 && !_settled.Contains(line)) heads.Enqueue(line, line.Peek().Order);
        }
    }

    /// <summary>What came of it.</summary>
    public QuotaPlan Plan() => new()
    {
        Starts = _starts,
        Preemptions = _preemptions,
        Waits = [.. _waits,
            .. _lines.SelectMany(line => line.Skip(1))
                .OrderBy(job => job.Order).Select(job => new WaitingQuotaJob(job.Id, QuotaWait.Behind))],
    };

    private bool IsInPhase(QuotaPhase phase, QuotaJob job) => phase switch
    {
        QuotaPhase.Owners => _ledger.Of(job).Owns(job.Quantity),
        QuotaPhase.Displacers => _preemption.IsOwed(job),
        _ => true,
    };

    // Why it waits; null if it starts.
    private QuotaWait? Settle(QuotaJob job)
    {
        if (_ledger.Check(job) is { } cause)
        {
            if (cause is QuotaWait.NoLimit || _preemption.MakeFor(job) is not { } displaced) return cause;
            _preemptions.AddRange(displaced.Select(one => new QuotaPreemption(one.Job.Id, job.Id, one.Job.Share == job.Share)));
        }
        ShareUsage usage = _ledger.Of(job);
        bool fits = _ledger.FitsNow(job);
        usage.Promised += job.Quantity;
        if (!fits) return QuotaWait.JobsEnding;
        usage.Held += job.Quantity;
        return null;
    }
}

/// <summary>The phases of a round.</summary>
internal enum QuotaPhase
{
    /// <summary>Jobs within their share's own capacity.</summary>
    Owners,

    /// <summary>Jobs that would be within it without the jobs that they may displace.</summary>
    Displacers,

    /// <summary>Jobs that must borrow.</summary>
    Borrowers,
}
