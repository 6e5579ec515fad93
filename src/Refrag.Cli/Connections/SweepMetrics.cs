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
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private bool _isRefused;

    /// <summary>The job's last metrics; null if it has none, or if they cannot be read, which is said once.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>?> ReadAsync(JobDetail job, CancellationToken cancellationToken)
    {
        // What refuses one job's files refuses those of the others, perhaps after many tries.
        if (_isRefused) return null;
        try
        {
            if (!(await StoredResults.OfAsync(session, job, cancellationToken)).TryGet(out StoredResults? results, out _)) return null;
            using (results)
            {
                await foreach (JobResults part in results.PartsAsync(most: null, cancellationToken))
                {
                    if (await LastMetrics.ReadAsync(part, cancellationToken) is { } metrics) return metrics;
                }
            }
        }
        catch (Exception fault) when (ResultStores.IsFault(fault))
        {
            _isRefused = fault is AwsException;
            string why = ResultStores.Why(fault);
            if (_said.Add(why)) say($"The results of job {job.JobId} cannot be read: {why}");
        }
        return null;
    }
}
