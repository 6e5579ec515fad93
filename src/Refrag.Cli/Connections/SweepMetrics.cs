using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Results;

namespace Refrag.Cli.Connections;

/// <summary>Reads the last metrics of a sweep's jobs. A store that fails hides metrics, and nothing else.</summary>
/// <param name="session">Where the jobs are.</param>
/// <param name="say">Gets each reason why results cannot be read, once.</param>
internal sealed class SweepMetrics(QuerySession session, Action<string> say)
{
    // As many as a sweep of a page shows.
    private const int MostKept = 20_000;

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    // What was read of files that may still grow, by job part: one that its index names unchanged is not read again.
    private readonly Dictionary<string, (ResultFile File, IReadOnlyDictionary<string, JsonElement>? Metrics)> _read =
        new(StringComparer.Ordinal);

    private DateTimeOffset? _refusedAt;

    /// <summary>The size in bytes of the largest file that is read.</summary>
    public long MostBytes { get; init; } = long.MaxValue;

    /// <summary>After what time a store that has refused is asked again by <see cref="Begin"/>.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.MaxValue;

    /// <summary>Why metrics are missing, of what was read since <see cref="Begin"/>, in words; null if there is no reason.</summary>
    public string? Unread { get; private set; }

    /// <summary>Begins to read all jobs anew. A store that has just refused is not asked, and its reason stays.</summary>
    public void Begin()
    {
        if (_refusedAt is { } at && session.Now - at < Patience) return;
        (_refusedAt, Unread) = (null, null);
    }

    /// <summary>The job's last metrics; null if it has none, or if they cannot be read, which is said once.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>?> ReadAsync(JobDetail job, CancellationToken cancellationToken) =>
        (await ReadAsync(job, session.Batch, cancellationToken)).Metrics;

    /// <summary>The same, and whether it is certain: what could not be read now may be read later.</summary>
    /// <param name="job">The job.</param>
    /// <param name="batch">Describes its parts, at the pace of the caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(IReadOnlyDictionary<string, JsonElement>? Metrics, bool IsCertain)> ReadAsync(
        JobDetail job, IAwsTransport batch, CancellationToken cancellationToken)
    {
        // What refuses one job's files refuses those of the others, perhaps after many tries.
        if (_refusedAt is not null) return (null, false);
        if (!MayHaveStored(job)) return (null, true);
        try
        {
            if (!(await StoredResults.OfAsync(session, job, batch, cancellationToken)).TryGet(out StoredResults? results, out _))
                return (null, true);
            using (results) return await FirstAsync(job, results, cancellationToken);
        }
        catch (Exception fault) when (ResultStores.IsFault(fault))
        {
            if (fault is AwsException) _refusedAt = session.Now;
            string why = ResultStores.Why(fault);
            Unread = $"The results of job {job.JobId} cannot be read: {why}";
            if (_said.Add(why)) say(Unread);
        }
        return (null, false);
    }

    // Of a job that has not begun, no store is asked. An array itself has no attempts: its children have.
    private static bool MayHaveStored(JobDetail job) =>
        job.ArrayProperties?.Size is > 0 || job.Attempts is { Count: > 0 }
        || job.Status is not (JobStatus.Submitted or JobStatus.Pending or JobStatus.Runnable);

    private async Task<(IReadOnlyDictionary<string, JsonElement>? Metrics, bool IsCertain)> FirstAsync(
        JobDetail job, StoredResults results, CancellationToken cancellationToken)
    {
        bool isCertain = true;
        await foreach (JobResults part in results.PartsAsync(most: null, cancellationToken))
        {
            if (LastMetrics.FileOf(part) is not { } file) continue;
            if (file.Bytes > MostBytes)
            {
                // It is found too long with each call, so that the reason is there with each call.
                isCertain = false;
                Unread = $"The {file.Path} of job {job.JobId} is too long to be read for this page; the command reads it.";
            }
            else if (await ReadAsync(part, file, cancellationToken) is { } metrics)
            {
                return (metrics, true);
            }
        }
        return (null, isCertain);
    }

    private async Task<IReadOnlyDictionary<string, JsonElement>?> ReadAsync(
        JobResults part, ResultFile file, CancellationToken cancellationToken)
    {
        string id = part.Place.JobId;
        if (_read.TryGetValue(id, out var read) && read.File == file) return read.Metrics;
        IReadOnlyDictionary<string, JsonElement>? metrics = await LastMetrics.ReadAsync(part, cancellationToken);
        if (_read.Count >= MostKept) _read.Clear();
        _read[id] = (file, metrics);
        return metrics;
    }
}
