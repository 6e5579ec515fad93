using Refrag.History;

namespace Refrag.Traces;

/// <summary>A span of the history as a workload.</summary>
public static class HistoryTrace
{
    /// <summary>
    /// The jobs that were submitted in a span and have ended; null if there is none. A job runs as long as its last attempt did: what came
    /// before it was lost or failed, and would be again.
    /// </summary>
    /// <param name="reader">The history.</param>
    /// <param name="place">Where.</param>
    /// <param name="span">When they were submitted.</param>
    /// <param name="source">What to call the workload.</param>
    public static Workload? Of(HistoryReader reader, JobPlace place, HistorySpan span, string source) =>
        Of(reader.Jobs(place, span), span, source);

    /// <summary>The same; a problem if there is no job, or if the history has more jobs of the span than a limit.</summary>
    /// <param name="reader">The history.</param>
    /// <param name="place">Where.</param>
    /// <param name="span">When they were submitted.</param>
    /// <param name="source">What to call the workload.</param>
    /// <param name="most">The most jobs that are read; at least 1.</param>
    public static Result<Workload> Read(HistoryReader reader, JobPlace place, HistorySpan span, string source, int most)
    {
        IReadOnlyList<RecordedJob> jobs = reader.JobsSubmittedIn(place, span, most == int.MaxValue ? most : most + 1);
        if (jobs.Count > most) return TraceProblem.TooMany(most);
        return Of(jobs, span, source) is { } workload ? workload : HistoryProblems.NoJobs(place);
    }

    private static Workload? Of(IReadOnlyList<RecordedJob> remembered, HistorySpan span, string source)
    {
        var jobs = new WorkloadBuilder();
        (int never, int active, int dependent) = (0, 0, 0);
        foreach (RecordedJob job in remembered)
        {
            if (job.CreatedAt is not { } created || created < span.From) continue;
            if (!job.HasEnded)
            {
                active++;
                continue;
            }
            if (RunOf(job) is not { } runs)
            {
                never++;
                continue;
            }
            if (job.HasDependencies == true) dependent++;
            jobs.Add(JobOf(job, created, runs), isDated: true);
        }
        if (never > 0) jobs.Notes.Add($"{never} jobs that never ran, or whose end was not seen, are left out.");
        if (active > 0) jobs.Notes.Add($"{active} jobs had not ended when they were last seen, and are left out.");
        if (dependent > 0)
            jobs.Notes.Add($"{dependent} jobs depended on others; a trace has no dependencies, and they count from their submission.");
        return jobs.Count == 0 ? null : jobs.Finish(source);
    }

    private static TimeSpan? RunOf(RecordedJob job) => job.OfJob.LastOrDefault() is { StoppedAt: { } stopped } last
        ? last.Ran(stopped)
        : job is { StartedAt: { } started, StoppedAt: { } ended } && ended >= started ? ended - started : null;

    private static TraceJob JobOf(RecordedJob job, DateTimeOffset created, TimeSpan runs) => new()
    {
        Id = job.Id,
        SubmittedAt = created.ToUnixTimeMilliseconds(),
        Runs = (long)runs.TotalMilliseconds,
        MilliVCpus = Math.Max(TraceJob.LeastMilliVCpus, job.Needs.Amount.MilliVCpus),
        MemoryMiB = Math.Max(TraceJob.LeastMemoryMiB, job.Needs.Amount.MemoryMiB),
        Gpus = job.Needs.Amount.Gpus,
        Nodes = job.Needs.Nodes,
        Attempts = Math.Max(1, job.MostAttempts ?? 1),
        Priority = job.Priority ?? 0,
        Timeout = (long)(job.Timeout?.TotalMilliseconds ?? 0),
        Queue = job.Queue,
        Share = job.Share,
        Name = job.Name,
    };
}
