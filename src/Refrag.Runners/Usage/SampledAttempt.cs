namespace Refrag.Runners.Usage;

/// <summary>An attempt that is sampled. Any thread may call it; after its end it takes no more samples.</summary>
/// <param name="source">Where its figures come from.</param>
/// <param name="pace">How often it reports.</param>
/// <param name="time">The clock.</param>
/// <param name="report">Takes what it has used so far.</param>
/// <param name="ended">Is called when it has ended.</param>
internal sealed class SampledAttempt(
    UsageSource source, UsagePace pace, TimeProvider time, Action<AttemptUsage> report, Action<SampledAttempt> ended)
{
    // The end of a job does not wait long for a sample that hangs.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly long _begin = time.GetTimestamp();
    private UsageMeter? _meter;
    private TimeSpan _due = pace.FirstReport;
    private TimeSpan _pause = pace.FirstReport;
    private volatile bool _isOver;

    /// <summary>Whether it has GPUs to ask for.</summary>
    public bool WantsGpus => source.Gpus is not { Count: 0 };

    private TimeSpan Age => time.GetElapsedTime(_begin);

    /// <summary>Takes a sample, and reports if that is due.</summary>
    public void Sample(Func<ProcessSnapshot> processes)
    {
        lock (_lock)
        {
            if (_isOver) return;
            Add(processes);
        }
        // A file system that does not answer holds up no end.
        (long Used, long Size)? space = source.Folder is { } folder ? DiskSpace.Of(folder) : null;
        lock (_lock)
        {
            if (_isOver) return;
            if (space is { } known) _meter!.AddDisk(known.Used, known.Size);
            if (Age < _due) return;
            _pause = Doubled(_pause);
            _due = Age + _pause;
            report(_meter!.Usage(isFinal: false));
        }
    }

    /// <summary>Takes a sample of the GPUs of this host.</summary>
    public void Sample(IReadOnlyList<GpuSample> gpus)
    {
        lock (_lock)
        {
            if (!_isOver) _meter?.Add(Age.TotalSeconds, gpus.Where(IsItsOwn));
        }
    }

    /// <summary>Samples and reports now, as when it may be killed soon. It throws nothing.</summary>
    public void Report() => UsageSampler.Try(() => TryLocked(() =>
    {
        if (_isOver) return;
        Add(ProcessesNow());
        report(_meter!.Usage(isFinal: false));
    }));

    /// <summary>
    /// Says that it has ended, and reports what it has used. One that ended before its first sample is not worth a report, nor the time.
    /// It throws nothing.
    /// </summary>
    /// <param name="use">What the kernel has counted of it; null if that is not known.</param>
    public void Finish(EndedUse? use) => UsageSampler.Try(() =>
    {
        ended(this);
        TryLocked(() => End(use));
        _isOver = true;
    });

    private void End(EndedUse? use)
    {
        if (_isOver) return;
        _isOver = true;
        if (_meter is null) return;
        // Of its group alone, and without its memory: its processes have ended.
        if (source.Group is { } group) _meter.Add(Age.TotalSeconds, group.Read() with { MemoryBytes = null });
        _meter.End(Age.TotalSeconds, use);
        report(_meter.Usage(isFinal: true));
    }

    // Leaves it out if a sample under way takes too long.
    private void TryLocked(Action act)
    {
        if (!_lock.TryEnter(s_patience)) return;
        try
        {
            act();
        }
        finally
        {
            _lock.Exit();
        }
    }

    private TimeSpan Doubled(TimeSpan pause)
    {
        TimeSpan next = pause < pace.Interval ? pace.Interval : pause * 2;
        return next < pace.LongestPause ? next : pace.LongestPause;
    }

    private void Add(Func<ProcessSnapshot> processes)
    {
        _meter ??= new UsageMeter(source.CountsFromItsStart, source.IsFresh);
        _meter.Add(Age.TotalSeconds, source.Read(processes));
    }

    private bool IsItsOwn(GpuSample gpu) => source.Gpus is null
        || source.Gpus.Any(id => id == gpu.Index || (id.Length > 1 && gpu.Uuid.StartsWith(id, StringComparison.Ordinal)));

    internal static Func<ProcessSnapshot> ProcessesNow()
    {
        ProcessSnapshot? taken = null;
        return () => taken ??= ProcessSnapshot.Take();
    }
}
