namespace Refrag.History;

/// <summary>What a recorder has done since it began.</summary>
/// <param name="Jobs">Jobs that it has seen.</param>
/// <param name="Measured">Of them, those whose last attempt has a known instance.</param>
public sealed record Recorded(int Jobs, int Measured);

/// <summary>
/// The jobs that a recorder has written, as long as something may still be asked of them, and the number of all: a recorder runs for
/// months.
/// </summary>
internal sealed class MeasuredJobs
{
    // A job whose instance is not known yet is asked for again this often.
    private const int MostTries = 3;

    private readonly Dictionary<string, (bool IsMeasured, int Tries)> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>How many there were.</summary>
    public Recorded Done { get; private set; } = new(0, 0);

    /// <summary>How many are remembered.</summary>
    public int Remembered => _jobs.Count;

    /// <summary>Counts a job that is written.</summary>
    /// <param name="job">The job.</param>
    /// <param name="isAnswered">Whether its hosts were asked for, and there was an answer.</param>
    public void See(RecordedJob job, bool isAnswered)
    {
        bool isMeasured = job.OfJob.LastOrDefault()?.Instance is not null;
        bool isKnown = _jobs.TryGetValue(job.Id, out (bool IsMeasured, int Tries) before);
        _jobs[job.Id] = (isMeasured, before.Tries + (isAnswered ? 1 : 0));
        int measured = (isMeasured ? 1 : 0) - (before.IsMeasured ? 1 : 0);
        Done = new Recorded(Done.Jobs + (isKnown ? 0 : 1), Done.Measured + measured);
        if (job.HasEnded) _ended.Add(job.Id);
    }

    /// <summary>Whether a job has no instance yet, and may have one if it is asked for again.</summary>
    public bool IsWorthAsking(string id) =>
        _jobs.TryGetValue(id, out (bool IsMeasured, int Tries) job) && !job.IsMeasured && job.Tries < MostTries;

    /// <summary>Whether a job has ended that is not forgotten.</summary>
    public bool HasEnded(string id) => _ended.Contains(id);

    /// <summary>Forgets the jobs that have ended, and keeps their number.</summary>
    public void ForgetEnded()
    {
        foreach (string id in _ended) _jobs.Remove(id);
        _ended.Clear();
    }
}
