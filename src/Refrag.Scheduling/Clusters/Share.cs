namespace Refrag.Scheduling.Clusters;

/// <summary>
/// The jobs of one share identifier in one queue, and what the share has used. A queue without fair share has one share for all its jobs.
/// </summary>
internal sealed class Share(string name, double weight, Decay? decay)
{
    private readonly List<WaitingList> _lists = [];
    private double _average;
    private long _averageAt;

    public string Name => name;

    public double Weight => weight;

    public int Waiting { get; private set; }

    /// <summary>Jobs that are placed.</summary>
    public int Running { get; private set; }

    public long RunningMilliVCpus { get; private set; }

    /// <summary>When its last job ended; the share stays active for the time of decay.</summary>
    public long LastSeen { get; private set; }

    public Job? First => _lists.Count == 0 ? null : _lists[0].First;

    /// <summary>When the first of its waiting jobs was submitted; null if none waits.</summary>
    public DateTimeOffset? OldestSubmission => _lists.Select(list => list.First?.Request.SubmittedAt).Min();

    public IEnumerable<Job> InOrder()
    {
        foreach (WaitingList list in _lists)
        {
            for (Job? job = list.First; job is not null; job = job.Next) yield return job;
        }
    }

    public void Add(Job job)
    {
        // Priorities within a share exist with fair share only.
        ListOf(decay is null ? 0 : job.Request.SchedulingPriority).Insert(job);
        Waiting++;
    }

    public void Remove(Job job)
    {
        WaitingList list = job.WaitingList!;
        list.Remove(job);
        Waiting--;
        if (list.First is null && _lists.Count > 1) _lists.Remove(list);
    }

    public void Started(long milliVCpus, long now)
    {
        Settle(now);
        RunningMilliVCpus += milliVCpus;
        Running++;
    }

    public void Ended(long milliVCpus, long now)
    {
        Settle(now);
        RunningMilliVCpus -= milliVCpus;
        Running--;
        LastSeen = now;
    }

    /// <summary>
    /// What decides who is next: weight × (past + present usage), least first. Past usage is the mean of the vCPUs over the time of decay,
    /// the recent ones counting more; present usage are the vCPUs now, so that shares of a round do not all look as idle as before it.
    /// (Assumed: AWS says usage over time × weight factor, with decay.)
    /// </summary>
    public double Score(long now) => weight * (Average(now) + RunningMilliVCpus);

    public double Average(long now)
    {
        if (decay is null || now <= _averageAt) return _average;
        double left = decay.Left(now - _averageAt);
        return (_average * left) + (RunningMilliVCpus * (1 - left));
    }

    public void Restore(double average, long at, long lastSeen) => (_average, _averageAt, LastSeen) = (average, at, lastSeen);

    private void Settle(long now)
    {
        _average = Average(now);
        _averageAt = Math.Max(_averageAt, now);
    }

    private WaitingList ListOf(int priority)
    {
        int at = 0;
        while (at < _lists.Count && _lists[at].Priority > priority) at++;
        if (at < _lists.Count && _lists[at].Priority == priority) return _lists[at];
        // An empty line of another priority may be left from before; it is of no use any more.
        if (_lists.Count == 1 && _lists[0].First is null)
        {
            _lists.Clear();
            at = 0;
        }
        var list = new WaitingList(priority);
        _lists.Insert(at, list);
        return list;
    }
}
