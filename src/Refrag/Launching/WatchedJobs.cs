using System.Runtime.CompilerServices;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Monitoring;

namespace Refrag.Launching;

/// <summary>Jobs that are watched together: one request asks for a hundred of them.</summary>
/// <param name="transport">Where they were submitted.</param>
/// <param name="time">The clock that paces the questions.</param>
/// <param name="ids">The jobs' ids.</param>
public sealed class WatchedJobs(IAwsTransport transport, TimeProvider time, IEnumerable<string> ids)
{
    private readonly List<string> _ids = [.. ids.Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Those that have not ended, as they are each time they are asked for, each to its end. Ends when all have ended, or are jobs that
    /// Batch does not know. Throws as the transport does.
    /// </summary>
    /// <param name="pace">How often to ask.</param>
    /// <param name="visible">How long from now a job may not be known yet.</param>
    /// <param name="cancellationToken">Stops watching; the jobs keep running.</param>
    public async IAsyncEnumerable<IReadOnlyList<JobDetail>> WatchAsync(
        PollPace pace, TimeSpan visible, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, JobDetail> last = new(StringComparer.Ordinal);
        List<string> open = [.. _ids];
        TimeSpan wait = pace.First;
        long began = time.GetTimestamp();
        while (open.Count > 0)
        {
            List<JobDetail> now = await DescribeAsync(open, cancellationToken);
            bool isChanged = now.Exists(job => !last.TryGetValue(job.JobId, out JobDetail? before) || JobHandle.Differs(before, job));
            foreach (JobDetail job in now) last[job.JobId] = job;
            if (now.Count > 0) yield return now;
            HashSet<string> answered = now.Select(job => job.JobId).ToHashSet(StringComparer.Ordinal);
            bool isVisible = time.GetElapsedTime(began) > visible;
            open.RemoveAll(id => answered.Contains(id) ? JobStates.IsFinished(last[id].Status) : isVisible);
            if (open.Count == 0) yield break;
            wait = isChanged ? pace.First : pace.After(wait);
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<List<JobDetail>> DescribeAsync(List<string> open, CancellationToken cancellationToken)
    {
        List<JobDetail> now = [];
        await foreach (JobDetail job in new JobLister(transport).DescribeAsync(open, cancellationToken)) now.Add(job);
        return now;
    }
}
