using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Fitting;

namespace Refrag.Traces;

/// <summary>Jobs of Batch as a workload: what has ended, or what waits and runs now.</summary>
public static class BatchTrace
{
    private const int DescribedAtOnce = 100;
    private static readonly TimeSpan s_leastLeft = TimeSpan.FromSeconds(1);

    /// <summary>The jobs that have ended and that Batch still knows.</summary>
    /// <param name="batch">Batch.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="source">What to call the workload.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public static async Task<Workload?> EndedAsync(
        IAwsTransport batch, JobFilter filter, string source, CancellationToken cancellationToken)
    {
        var jobs = new WorkloadBuilder();
        (int without, int dependent) = (0, 0);
        await foreach (JobDetail job in ReadAsync(batch, filter, cancellationToken))
        {
            if (job is not { CreatedAt: > 0 and { } created, Status: JobStatus.Succeeded or JobStatus.Failed }) continue;
            if (RunOf(job) is not { } runs)
            {
                without++;
                continue;
            }
            if (job.DependsOn is { Count: > 0 }) dependent++;
            jobs.Add(JobOf(job, created, runs), isDated: true);
        }
        if (without > 0) jobs.Notes.Add($"{without} jobs that never ran are left out.");
        if (dependent > 0)
            jobs.Notes.Add($"{dependent} jobs depended on others; a trace has no dependencies, and they count from their submission.");
        return jobs.Count == 0 ? null : jobs.Finish(source);
    }

    /// <summary>
    /// The jobs that wait or run, all submitted at once: those that run first, then by submission. How long one runs is the median of the
    /// ended jobs of its name, or else of its queue, that Batch still knows; of what runs already the rest counts.
    /// </summary>
    /// <param name="batch">Batch.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="usual">How long a job runs if nothing is known of its queue; null for a problem then.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">The most jobs that are read, those that have ended among them; more are a problem.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public static async Task<Result<Workload>> NowAsync(
        IAwsTransport batch, JobFilter filter, TimeSpan? usual, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        int read = 0;
        List<JobDetail> active = [];
        Dictionary<string, List<long>> lengths = new(StringComparer.Ordinal);
        await foreach (JobDetail job in ReadAsync(batch, filter, cancellationToken))
        {
            if (++read > most) return TraceProblem.TooMany(most);
            if (job.Status is not (JobStatus.Succeeded or JobStatus.Failed)) active.Add(job);
            else if (RunOf(job) is { } runs)
            {
                Add(lengths, $"{AwsNames.Short(job.JobQueue)}/{job.JobName}", runs);
                Add(lengths, AwsNames.Short(job.JobQueue), runs);
            }
        }
        var jobs = new WorkloadBuilder();
        foreach (JobDetail job in active.OrderBy(one => one.Status is JobStatus.Running ? 0 : 1).ThenBy(one => one.CreatedAt))
        {
            string queue = AwsNames.Short(job.JobQueue);
            if ((Median(lengths, $"{queue}/{job.JobName}") ?? Median(lengths, queue) ?? (long?)usual?.TotalMilliseconds) is not { } runs)
            {
                return new Problem
                {
                    Code = "RF8159",
                    What = $"How long {job.JobName} ({job.JobId}) runs is not known: no job of {queue} has ended lately",
                    Cure = "Say how long such jobs run, for example --run-time=1h.",
                };
            }
            if (job is { Status: JobStatus.Running, StartedAt: > 0 and { } started })
            {
                // A server's own clock may be ahead: nothing has longer left than it runs.
                runs = Math.Clamp(
                    runs - (now.ToUnixTimeMilliseconds() - started), (long)s_leastLeft.TotalMilliseconds,
                    Math.Max(runs, (long)s_leastLeft.TotalMilliseconds));
            }
            jobs.Add(JobOf(job, now.ToUnixTimeMilliseconds(), runs), isDated: true);
        }
        if (jobs.Count == 0) return TraceProblem.Empty("of the queues as they are now");
        jobs.Notes.Add(
            "How long each runs is assumed: the median of the ended jobs of its name, else of its queue, else the time that was given.");
        jobs.Notes.Add("Jobs that run now start anew on instances of their own, for the rest of their time.");
        if (active.Count(job => job.Status is JobStatus.Pending or JobStatus.Submitted) is > 0 and int held)
            jobs.Notes.Add($"{Counted(held)} for another job to end, and may start at once in the simulation: it knows no dependencies.");
        return jobs.Finish("the queues now");
    }

    private static string Counted(int jobs) => jobs == 1 ? "1 job waits" : string.Create(CultureInfo.InvariantCulture, $"{jobs} jobs wait");

    private static async IAsyncEnumerable<JobDetail> ReadAsync(
        IAwsTransport batch, JobFilter filter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lister = new JobLister(batch);
        IAsyncEnumerable<string[]> chunks = IdsAsync(lister, filter, cancellationToken).Chunk(DescribedAtOnce);
        await foreach (string[] ids in chunks.WithCancellation(cancellationToken))
        {
            List<JobDetail> some = [];
            await foreach (JobDetail job in lister.DescribeAsync(ids, cancellationToken)) some.Add(job);
            foreach (JobDetail job in await AskedNodes.ReadAsync(batch, some, cancellationToken)) yield return job;
        }
    }

    // The parent of an array runs nothing: its children do.
    private static async IAsyncEnumerable<string> IdsAsync(
        JobLister lister, JobFilter filter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ListedJob job in lister.ListAsync(filter, cancellationToken))
        {
            if (job.Summary.ArrayProperties?.Size is not > 0)
            {
                yield return job.Summary.JobId;
                continue;
            }
            await foreach (JobSummary child in lister.ChildrenAsync(job.Summary.JobId, null, cancellationToken)) yield return child.JobId;
        }
    }

    private static TraceJob JobOf(JobDetail job, long submitted, long runs)
    {
        Requirement needs = JobNeeds.Of(job);
        return new TraceJob
        {
            Id = job.JobId,
            SubmittedAt = submitted,
            Runs = runs,
            MilliVCpus = Math.Max(TraceJob.LeastMilliVCpus, needs.Amount.MilliVCpus),
            MemoryMiB = Math.Max(TraceJob.LeastMemoryMiB, needs.Amount.MemoryMiB),
            Gpus = needs.Amount.Gpus,
            Nodes = needs.Nodes,
            Attempts = Math.Max(1, job.RetryStrategy?.Attempts ?? 1),
            Priority = job.SchedulingPriority ?? 0,
            Timeout = (job.Timeout?.AttemptDurationSeconds ?? 0) * 1000L,
            Queue = AwsNames.Short(job.JobQueue),
            Share = job.ShareIdentifier,
            Name = job.JobName,
        };
    }

    // Of the last attempt: what came before it was lost or failed, and would be again.
    private static long? RunOf(JobDetail job) => job is { StartedAt: > 0 and { } started, StoppedAt: { } stopped } && stopped >= started
        ? stopped - started
        : null;

    private static void Add(Dictionary<string, List<long>> lengths, string key, long runs)
    {
        if (!lengths.TryGetValue(key, out List<long>? known)) lengths.Add(key, known = []);
        known.Add(runs);
    }

    private static long? Median(Dictionary<string, List<long>> lengths, string key)
    {
        if (!lengths.TryGetValue(key, out List<long>? known)) return null;
        long[] sorted = [.. known.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
