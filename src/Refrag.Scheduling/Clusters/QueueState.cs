using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Clusters;

/// <summary>A queue while jobs come and go.</summary>
internal sealed class QueueState(JobQueue model)
{
    // More shares than may be active at a time (500): those that have been idle for long are forgotten.
    private const int SharesToKeep = 600;
    private const int DecaysUntilForgotten = 30;

    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private readonly Dictionary<Shape, QueueDemand> _demands = [];
    private readonly List<QueueDemand> _order = [];
    private readonly Decay? _decay = model.FairShare is { } policy ? new Decay(policy.DecayMilliseconds) : null;

    public JobQueue Model { get; set; } = model;

    public EnvironmentState[] Environments { get; set; } = [];

    public bool IsFair => _decay is not null;

    public int Waiting { get; private set; }

    public long RunningMilliVCpus { get; private set; }

    /// <summary>Whether something changed since the head could not be placed.</summary>
    public bool IsDirty { get; set; } = true;

    /// <summary>Whether all demands are checked for scaling, not only the listed ones.</summary>
    public bool ScaleAll { get; set; } = true;

    /// <summary>Demands that grew since they were checked.</summary>
    public List<QueueDemand> Grown { get; } = [];

    /// <summary>The head that could not be placed, and why.</summary>
    public Job? BlockedHead { get; set; }

    public BlockedCause? Cause { get; set; }

    public string? CauseType { get; set; }

    public long CauseSince { get; set; }

    /// <summary>When a time limit acts on the head; <see cref="long.MaxValue"/> for never.</summary>
    public long LimitAt { get; set; } = long.MaxValue;

    /// <summary>Whether the head waits only because vCPUs are reserved for other shares.</summary>
    public bool IsHeldByReservation { get; set; }

    public IEnumerable<Share> Shares => _shares.Values;

    /// <summary>The shapes of jobs that wait or waited, in the order in which they were seen first.</summary>
    public IReadOnlyList<QueueDemand> Demands => _order;

    /// <summary>The job that is next.</summary>
    public Job? Head(long now)
    {
        if (Waiting == 0) return null;
        Share? best = null;
        double bestScore = 0;
        foreach (Share share in _shares.Values)
        {
            if (share.Waiting == 0) continue;
            if (!IsFair) return share.First;
            double score = share.Score(now);
            if (best is not null && (score > bestScore || (score == bestScore && best.First!.IsBefore(share.First!)))) continue;
            (best, bestScore) = (share, score);
        }
        return best?.First;
    }

    public Share ShareOf(string name, long now)
    {
        string key = IsFair ? name : "";
        if (_shares.TryGetValue(key, out Share? share)) return share;
        if (_shares.Count > SharesToKeep) Forget(now);
        share = new Share(key, (double)(Model.FairShare?.WeightOf(key) ?? 1), _decay);
        _shares.Add(key, share);
        return share;
    }

    public QueueDemand DemandOf(Shape shape)
    {
        if (_demands.TryGetValue(shape, out QueueDemand? demand)) return demand;
        demand = new QueueDemand(this, shape);
        _demands.Add(shape, demand);
        _order.Add(demand);
        return demand;
    }

    public void Enter(Job job)
    {
        job.Share.Add(job);
        Waiting++;
        QueueDemand demand = DemandOf(job.Shape);
        demand.Waiting++;
        List(demand);
        if (BlockedHead is null || IsFair || job.IsBefore(BlockedHead)) IsDirty = true;
    }

    public void Leave(Job job)
    {
        job.Share.Remove(job);
        Waiting--;
        QueueDemand demand = DemandOf(job.Shape);
        demand.Waiting--;
        if (job == BlockedHead) (IsDirty, ScaleAll) = (true, true);
    }

    public void Started(Job job, long now)
    {
        job.Share.Started(job.Shape.TotalMilliVCpus, now);
        RunningMilliVCpus += job.Shape.TotalMilliVCpus;
    }

    public void Ended(Job job, long now)
    {
        job.Share.Ended(job.Shape.TotalMilliVCpus, now);
        RunningMilliVCpus -= job.Shape.TotalMilliVCpus;
        if (IsFair) IsDirty = true;
    }

    public void List(QueueDemand demand)
    {
        if (demand.IsListed) return;
        demand.IsListed = true;
        Grown.Add(demand);
    }

    public void Unlist()
    {
        foreach (QueueDemand demand in Grown) demand.IsListed = false;
        Grown.Clear();
    }

    /// <summary>
    /// Shares with jobs, or whose last job ended less than the time of decay ago. (UG fair-share-scheduling)
    /// </summary>
    public int ActiveShares(long now) => Model.FairShare is { } policy
        ? _shares.Values.Count(
        share => share.Waiting + share.Running > 0 || (share.LastSeen > 0 && now - share.LastSeen < policy.DecayMilliseconds))
        : 0;

    private void Forget(long now)
    {
        double old = DecaysUntilForgotten * Model.FairShare!.DecayMilliseconds;
        string[] idle = [.. _shares.Values.Where(s => s.Waiting + s.Running == 0 && now - s.LastSeen > old).Select(s => s.Name)];
        foreach (string name in idle) _shares.Remove(name);
    }
}
