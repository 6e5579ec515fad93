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
/// <param name="most">The most rows; further ones that have ended are left out, the oldest first.</param>
/// <param name="time">The clock.</param>
internal sealed class TableReader(IAwsTransport batch, LiveTable table, int most, TimeProvider time)
{
    // Rows of one change: a page of ListJobs. The page of the browser fills while the others are read.
    private const int Together = 1000;

    // (UG service_limits)
    private const int DescribedAtOnce = 100;

    // Batch keeps a job at least as long after its end. (UG job_states)
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(7);

    // Another server may keep jobs for longer, and then is asked for the same ones so often.
    private static readonly TimeSpan s_again = TimeSpan.FromHours(1);

    // Lists may lack a new job for some seconds.
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(2);

    private readonly JobLister _lister = new(batch);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private DateTimeOffset _knownSince = time.GetUtcNow();
    private bool _isWhole;
    private bool _isCut;

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
        if (!_isWhole) _isCut = await ReadEndedAsync(queues, seen, cancellationToken);
        else await ReadNewAsync(queues, seen, cancellationToken);
        _isWhole = true;
        await AskForLostAsync(seen, cancellationToken);
        await AskForOldAsync(cancellationToken);
        MakeRoom();
        return (queues.Count, _isCut);
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

    // A page that stays open for weeks shows no job that Batch has forgotten. A request a reading is enough for that.
    private async Task AskForOldAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _knownSince >= s_again)
        {
            _known.Clear();
            _knownSince = now;
        }
        long before = (now - s_kept).ToUnixTimeMilliseconds();
        string[] old = [.. table.Where(row => row.HasEnded && row.Stopped < before && !_known.Contains(row.Id))
            .Take(DescribedAtOnce).Select(row => row.Id)];
        if (old.Length == 0) return;
        await PutAsync(old, cancellationToken);
        _known.UnionWith(old);
    }

    private void MakeRoom()
    {
        int over = table.Count - most;
        if (over <= 0) return;
        string[] oldest = [.. table.Where(row => row.HasEnded).OrderBy(row => row.Stopped ?? row.Created).Take(over).Select(row => row.Id)];
        table.Remove(oldest);
        _isCut |= oldest.Length > 0;
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
            // One that ended since the lists of the active states has its row already.
            if (seen.Contains(job.Summary.JobId)) continue;
            if (seen.Count >= limit) return Put(some, false);
            seen.Add(job.Summary.JobId);
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
