namespace Refrag.Scheduling.QuotaShares;

/// <summary>One decision while it is made.</summary>
internal sealed class QuotaRound(QuotaScene scene)
{
    private readonly QuotaBooks _books = new(scene);
    private readonly List<Queue<QuotaJob>> _lines = QuotaScheduler.Lines(scene);
    private readonly List<string> _starts = [];
    private readonly List<QuotaPreemption> _preemptions = [];
    private readonly List<WaitingQuotaJob> _waits = [];
    private readonly HashSet<Queue<QuotaJob>> _settled = [];
    private QuotaRoom? _room;

    // Made when it is needed: most decisions displace nobody.
    private QuotaRoom Room => _room ??= new QuotaRoom(_books, scene.Running);

    /// <summary>Looks at the heads in the order of arrival until each line is empty or its head waits.</summary>
    /// <param name="ownOnly">Whether heads that must borrow are left for later.</param>
    public void Go(bool ownOnly)
    {
        var heads = new PriorityQueue<Queue<QuotaJob>, long>();
        foreach (Queue<QuotaJob> line in _lines) Enqueue(line);
        while (heads.TryDequeue(out Queue<QuotaJob>? line, out _))
        {
            QuotaJob job = line.Peek();
            if (ownOnly && !_books.Of(job).Owns(job.Quantity)) continue;
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
        Waits = [.. _waits, .. _lines.SelectMany(line => line.Skip(1)).OrderBy(job => job.Order).Select(job => new WaitingQuotaJob(job.Id, QuotaWait.Behind))],
    };

    // Why it waits; null where it starts.
    private QuotaWait? Settle(QuotaJob job)
    {
        if (_books.Look(job) is { } cause)
        {
            if (cause is QuotaWait.NoLimit || Room.MakeFor(job) is not { } displaced) return cause;
            _preemptions.AddRange(displaced.Select(one => new QuotaPreemption(one.Job.Id, job.Id, one.Job.Share == job.Share)));
        }
        QuotaLane lane = _books.Of(job);
        bool fits = _books.FitsNow(job);
        lane.Promised += job.Quantity;
        if (!fits) return QuotaWait.JobsEnding;
        lane.Held += job.Quantity;
        return null;
    }
}
