using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Jobs;

/// <summary>
/// Reads the jobs into the table: at first all that Batch has, then those that have not ended, those that are new, and what became of those
/// that are not in the lists any more.
/// </summary>
/// <param name="batch">Batch.</param>
/// <param name="table">Gets the rows.</param>
/// <param name="most">The most rows; further ones that have ended are left out.</param>
internal sealed class TableReader(IAwsTransport batch, LiveTable table, int most)
{
    // Rows of one change: a page of ListJobs. The page of the browser fills while the others are read.
    private const int Together = 1000;

    // (UG service_limits)
    private const int DescribedAtOnce = 100;

    // Lists may lack a new job for some seconds.
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(2);

    private readonly JobLister _lister = new(batch);
    private bool _isWhole;

    /// <summary>Reads all queues once.</summary>
    /// <returns>How many queues exist, and whether jobs were left out.</returns>
    public async Task<(int Queues, bool IsCut)> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JobQueueDetail> queues = await new QueueReader(batch).QueuesAsync([], cancellationToken);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JobQueueDetail queue in queues)
        {
            foreach (string status in JobLister.Active)
                await PutAsync(InState(queue.JobQueueName, status, cancellationToken), seen, cancellationToken);
        }
        bool isCut = table.Count >= most;
        if (!_isWhole) isCut = await ReadEndedAsync(queues, seen, cancellationToken);
        else await ReadNewAsync(queues, seen, cancellationToken);
        _isWhole = true;
        await AskForLostAsync(seen, cancellationToken);
        return (queues.Count, isCut);
    }

    /// <summary>Describes up to a hundred jobs that lack it, those first that have not ended; false if none does.</summary>
    /// <param name="except">Those that Batch was asked for in vain.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> DescribeAsync(HashSet<string> except, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableRow> lacking = table.Where(row => row.NeedsDescription && !except.Contains(row.Id));
        if (lacking.Count == 0) return false;
        string[] ids = [.. lacking.OrderBy(row => row.HasEnded).ThenByDescending(row => row.Created).Take(DescribedAtOnce)
            .Select(row => row.Id)];
        foreach (string id in ids) except.Add(id);
        await PutAsync(ids, cancellationToken);
        return true;
    }

    private async Task<bool> ReadEndedAsync(IReadOnlyList<JobQueueDetail> queues, HashSet<string> seen, CancellationToken cancellationToken)
    {
        foreach (string status in (string[])[JobStatus.Failed, JobStatus.Succeeded])
        {
            foreach (JobQueueDetail queue in queues)
            {
                if (!await PutAsync(InState(queue.JobQueueName, status, cancellationToken), seen, cancellationToken, most)) return true;
            }
        }
        return false;
    }

    // Jobs that came and ended between two readings are in no list of an active state. The newest that is known says how far to look back,
    // in the clock of the server, which in a rehearsal is not this machine's.
    private async Task ReadNewAsync(IReadOnlyList<JobQueueDetail> queues, HashSet<string> seen, CancellationToken cancellationToken)
    {
        long newest = table.Where(static _ => true).Max(row => row.Created) ?? 0;
        var filter = new JobFilter
        {
            Queues = [.. queues.Select(queue => queue.JobQueueName)],
            Since = DateTimeOffset.FromUnixTimeMilliseconds(newest).Minus(s_slack),
        };
        await PutAsync(_lister.ListAsync(filter, cancellationToken), seen, cancellationToken);
    }

    private async Task AskForLostAsync(HashSet<string> seen, CancellationToken cancellationToken)
    {
        string[] lost = [.. table.Where(row => !row.HasEnded && !seen.Contains(row.Id)).Select(row => row.Id)];
        foreach (string[] some in lost.Chunk(DescribedAtOnce)) await PutAsync(some, cancellationToken);
    }

    private async Task PutAsync(string[] ids, CancellationToken cancellationToken)
    {
        List<JobDetail> found = [];
        await foreach (JobDetail job in _lister.DescribeAsync(ids, cancellationToken)) found.Add(job);
        table.Put(found, static job => job.JobId, TableRow.Of);
        table.Remove(ids.Except(found.Select(job => job.JobId), StringComparer.Ordinal));
    }

    // False if there was no room for all.
    private async Task<bool> PutAsync(
        IAsyncEnumerable<ListedJob> jobs, HashSet<string> seen, CancellationToken cancellationToken, int limit = int.MaxValue)
    {
        List<ListedJob> some = [];
        await foreach (ListedJob job in jobs.WithCancellation(cancellationToken))
        {
            if (seen.Count >= limit) return Put(some, false);
            if (!seen.Add(job.Summary.JobId)) continue;
            some.Add(job);
            if (some.Count < Together) continue;
            Put(some, true);
            some.Clear();
        }
        return Put(some, true);
    }

    private bool Put(List<ListedJob> jobs, bool isAll)
    {
        table.Put(jobs, static job => job.Summary.JobId, TableRow.Of);
        return isAll;
    }

    private async IAsyncEnumerable<ListedJob> InState(
        string queue, string status, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (JobSummary job in _lister.InStateAsync(queue, status, cancellationToken))
            yield return new ListedJob(queue, job.Status is null ? job with { Status = status } : job);
    }
}
