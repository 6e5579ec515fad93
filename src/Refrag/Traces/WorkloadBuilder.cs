namespace Refrag.Traces;

/// <summary>Collects the jobs of a workload, and brings them into the order of their submission.</summary>
internal sealed class WorkloadBuilder
{
    private List<TraceJob> _jobs = [];
    private bool _isDated;
    private bool _isSorted = true;

    public int Count => _jobs.Count;

    /// <summary>What was left out or assumed.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Adds a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="isDated">Whether its submission counts from 1970 and not from the start of the trace.</param>
    public void Add(TraceJob job, bool isDated)
    {
        _isDated |= isDated;
        _isSorted &= _jobs.Count == 0 || _jobs[^1].SubmittedAt <= job.SubmittedAt;
        _jobs.Add(job);
    }

    public Workload Finish(string source)
    {
        // By line where two are of one moment; those of Batch have none, and stay in the order in which it listed them.
        if (!_isSorted) _jobs = [.. _jobs.OrderBy(static job => job.SubmittedAt).ThenBy(static job => job.Line)];
        long first = _isDated ? _jobs[0].SubmittedAt : 0;
        for (int i = 0; first != 0 && i < _jobs.Count; i++) _jobs[i] = _jobs[i] with { SubmittedAt = _jobs[i].SubmittedAt - first };
        return new Workload
        {
            Source = source,
            Jobs = _jobs,
            Start = _isDated ? DateTimeOffset.FromUnixTimeMilliseconds(first) : null,
            Notes = Notes,
        };
    }
}
