using System.Globalization;
using System.Runtime.CompilerServices;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Results;

namespace Refrag.Cli.Connections;

/// <summary>What a job has stored: of an array each child, of a job of several nodes each node.</summary>
internal sealed class StoredResults : IDisposable
{
    // Of an array of thousands, each index is a request.
    private const int AtOnce = 16;

    private readonly IAwsTransport _batch;
    private readonly JobDetail _job;
    private readonly IResultStore _store;

    private StoredResults(IAwsTransport batch, JobDetail job, IResultStore store) => (_batch, _job, _store) = (batch, job, store);

    /// <summary>
    /// The results of a job, whose variables name the store; RF8036 if they name none, RF8030 if they name one that cannot be used.
    /// </summary>
    /// <param name="session">Where the jobs are.</param>
    /// <param name="job">Whose results.</param>
    /// <param name="batch">Describes parts of the job, at the pace of the caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<StoredResults>> OfAsync(
        QuerySession session, JobDetail job, IAwsTransport batch, CancellationToken cancellationToken)
    {
        string? url = Url(job.Container);
        if (url is null && job.NodeProperties is not null)
        {
            // What a submission overrides stands in the nodes. (AskedNodes)
            await foreach (JobDetail node in new JobLister(batch).DescribeAsync([$"{job.JobId}#0"], cancellationToken))
                url = Url(node.Container);
        }
        if (url is null) return ResultProblems.Nothing(job.JobId, hasStore: false);
        return ResultStores.Named(url, place: null, AwsConnection.OfOtherServices(session.Context, session.Spec.Connection))
            .TryGet(out IResultStore? store, out IReadOnlyList<Problem> problems)
                ? new StoredResults(batch, job, store)
                : Result<StoredResults>.Failure(problems);
    }

    /// <summary>
    /// The newest results of each part that has stored some, in the order of the parts. Throws what
    /// <see cref="ResultStores.IsFault"/> knows.
    /// </summary>
    /// <param name="most">The newest attempt that counts; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<JobResults> PartsAsync(int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Task<JobResults?>> asked = [];
        await foreach ((string id, int attempt) in IdsAsync(cancellationToken))
        {
            if (ResultPlace.Of(id) is not { } place) continue;
            asked.Add(JobResults.FindAsync(_store, place, Math.Min(attempt, most ?? attempt), cancellationToken));
            if (asked.Count < AtOnce) continue;
            foreach (JobResults one in (await Task.WhenAll(asked)).OfType<JobResults>()) yield return one;
            asked.Clear();
        }
        foreach (JobResults one in (await Task.WhenAll(asked)).OfType<JobResults>()) yield return one;
    }

    public void Dispose() => _store.Dispose();

    // The ids of the parts, each with the newest attempt that there can be.
    private async IAsyncEnumerable<(string Id, int Attempt)> IdsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_job.ArrayProperties?.Size is { } size and > 0)
        {
            IEnumerable<string> ids =
                Enumerable.Range(0, size).Select(index => string.Create(CultureInfo.InvariantCulture, $"{_job.JobId}:{index}"));
            await foreach (JobDetail child in new JobLister(_batch).DescribeAsync(ids, cancellationToken))
                yield return (child.JobId, Newest(child));
        }
        else if (_job.NodeProperties is { } nodes)
        {
            for (int node = 0; node < nodes.NumNodes; node++)
                yield return (string.Create(CultureInfo.InvariantCulture, $"{_job.JobId}#{node}"), Newest(_job));
        }
        else yield return (_job.JobId, Newest(_job));
    }

    // The attempt that runs is not among the attempts yet.
    private static int Newest(JobDetail job) => (job.Attempts?.Count ?? 0) + (JobStates.IsFinished(job.Status) ? 0 : 1);

    private static string? Url(ContainerDetail? container)
    {
        string? url = container?.Environment?.LastOrDefault(variable => variable.Name == ResultVariables.Store)?.Value;
        return string.IsNullOrEmpty(url) ? null : url;
    }
}
