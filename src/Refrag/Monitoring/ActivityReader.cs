using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>Queues and jobs as they were at one moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Queues">Each queue with its environments and the number of its jobs by state.</param>
/// <param name="Environments">Every environment of the queues, once.</param>
/// <param name="Jobs">The jobs that have not ended, running ones first; not more than are read.</param>
/// <param name="IsCut">Whether there are more jobs than were read, so that the counts are lower bounds.</param>
/// <param name="EndedPerMinute">How many jobs ended in a minute, over the last minutes; null before that is known.</param>
public sealed record Activity(
    DateTimeOffset At,
    IReadOnlyList<QueueStatus> Queues,
    IReadOnlyList<QueueEnvironment> Environments,
    IReadOnlyList<ListedJob> Jobs,
    bool IsCut,
    double? EndedPerMinute);

/// <summary>
/// Reads the state of queues and jobs, again and again, with a bounded number of requests: per queue and state one page or two.
/// </summary>
/// <param name="transport">Where to ask.</param>
/// <param name="time">The clock.</param>
public sealed class ActivityReader(IAwsTransport transport, TimeProvider time)
{
    private const int MostPerState = 2000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    private readonly Queue<(DateTimeOffset At, int Ended)> _ended = [];
    private HashSet<string>? _active;
    private DateTimeOffset _began;

    /// <summary>The activity now.</summary>
    public async Task<Activity> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = new QueueReader(transport);
        var lister = new JobLister(transport);
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([], cancellationToken);
        string[] names = [.. queues.SelectMany(q => q.ComputeEnvironmentOrder)
            .Select(o => o.ComputeEnvironment).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<ComputeEnvironmentDetail> environments = names.Length == 0
            ? []
            : await reader.EnvironmentsAsync(names, cancellationToken);
        List<ListedJob> jobs = [];
        List<QueueStatus> statuses = [];
        bool cut = false;
        foreach (JobQueueDetail queue in queues)
        {
            Dictionary<string, int> counts = new(StringComparer.Ordinal);
            var waiting = new WaitingJobs(time.GetUtcNow());
            foreach (string status in JobLister.Active)
            {
                counts[status] = 0;
                await foreach (JobSummary job in lister.InStateAsync(queue.JobQueueName, status, cancellationToken))
                {
                    jobs.Add(new ListedJob(queue.JobQueueName, job.Status is null ? job with { Status = status } : job));
                    if (status == JobStatus.Runnable) waiting.Add(job);
                    if (++counts[status] < MostPerState) continue;
                    cut = true;
                    break;
                }
            }
            statuses.Add(new QueueStatus(queue, QueueEnvironment.InOrder(queue, environments), counts, waiting.Oldest)
            {
                BlockedHead = waiting.BlockedHead,
            });
        }
        DateTimeOffset now = time.GetUtcNow();
        QueueEnvironment[] fleets = [.. statuses.SelectMany(s => s.Environments).DistinctBy(e => e.Name, StringComparer.Ordinal)];
        return new Activity(
            now, statuses, fleets, [.. jobs.OrderBy(j => Rank(j.Summary.Status)).ThenBy(j => j.Summary.CreatedAt)], cut, Rate(jobs, now));
    }

    // What was active the last time and is not any more has ended.
    private double? Rate(List<ListedJob> jobs, DateTimeOffset now)
    {
        HashSet<string> active = new(jobs.Select(j => j.Summary.JobId), StringComparer.Ordinal);
        if (_active is null)
        {
            (_active, _began) = (active, now);
            return null;
        }
        _ended.Enqueue((now, _active.Count(id => !active.Contains(id))));
        _active = active;
        while (_ended.TryPeek(out (DateTimeOffset At, int) first) && now - first.At > s_window) _ended.Dequeue();
        TimeSpan over = now - _began < s_window ? now - _began : s_window;
        return over.TotalSeconds < 1 ? null : _ended.Sum(e => e.Ended) / over.TotalMinutes;
    }

    private static int Rank(string? status)
    {
        for (int i = 0; i < JobLister.Active.Count; i++) if (JobLister.Active[i] == status) return i;
        return JobLister.Active.Count;
    }
}
