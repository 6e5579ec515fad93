using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>Reads queues and compute environments, from all pages.</summary>
/// <param name="transport">Where to ask.</param>
/// <param name="time">The clock; the system's if null.</param>
public sealed class QueueReader(IAwsTransport transport, TimeProvider? time = null)
{
    /// <summary>The queues of these names or ARNs; all of the region if none is named.</summary>
    public async Task<IReadOnlyList<JobQueueDetail>> QueuesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        DescribeJobQueuesRequest request = new() { JobQueues = names.Count > 0 ? names : null };
        return await transport.ItemsAsync(BatchOperations.DescribeJobQueues, request, page => page.JobQueues, cancellationToken)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The compute environments of these names or ARNs; all of the region if none is named.</summary>
    public async Task<IReadOnlyList<ComputeEnvironmentDetail>> EnvironmentsAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        DescribeComputeEnvironmentsRequest request = new() { ComputeEnvironments = names.Count > 0 ? names : null };
        return await transport.ItemsAsync(
            BatchOperations.DescribeComputeEnvironments, request, page => page.ComputeEnvironments, cancellationToken)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Queues with their environments and the number of their jobs by state.</summary>
    /// <param name="names">Names or ARNs; empty for all.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public async Task<IReadOnlyList<QueueStatus>> StatusAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobQueueDetail> queues = await QueuesAsync(names, cancellationToken);
        string[] used = [.. queues.SelectMany(q => q.ComputeEnvironmentOrder)
            .Select(o => o.ComputeEnvironment).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<ComputeEnvironmentDetail> environments = used.Length == 0 ? [] : await EnvironmentsAsync(used, cancellationToken);
        List<QueueStatus> statuses = [];
        foreach (JobQueueDetail queue in queues) statuses.Add(await StatusAsync(queue, environments, cancellationToken));
        return statuses;
    }

    private async Task<QueueStatus> StatusAsync(
        JobQueueDetail queue, IReadOnlyList<ComputeEnvironmentDetail> environments, CancellationToken cancellationToken)
    {
        var lister = new JobLister(transport);
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        var waiting = new WaitingJobs((time ?? TimeProvider.System).GetUtcNow());
        foreach (string status in JobLister.Active)
        {
            counts[status] = 0;
            await foreach (JobSummary job in lister.InStateAsync(queue.JobQueueName, status, cancellationToken))
            {
                counts[status]++;
                if (status is JobStatus.Runnable) waiting.Add(job);
            }
        }
        return new QueueStatus(queue, QueueEnvironment.InOrder(queue, environments), counts, waiting.Oldest)
        {
            BlockedHead = waiting.BlockedHead,
        };
    }
}

/// <summary>A queue at one moment.</summary>
/// <param name="Queue">What Batch says of it.</param>
/// <param name="Environments">Its compute environments in the order in which they are tried.</param>
/// <param name="Jobs">How many jobs are in each active state; arrays and multi-node jobs count once.</param>
/// <param name="OldestWaiting">The RUNNABLE job that was made first; null if none waits.</param>
public sealed record QueueStatus(
    JobQueueDetail Queue, IReadOnlyList<QueueEnvironment> Environments, IReadOnlyDictionary<string, int> Jobs, JobSummary? OldestWaiting)
{
    /// <summary>The job that Batch calls blocked at the head of the queue; null if it calls none so.</summary>
    public JobSummary? BlockedHead { get; init; }

    /// <summary>The vCPUs that the environments have now.</summary>
    public int UsedVCpus => Environments.Sum(e => e.Detail?.ComputeResources?.DesiredvCpus ?? 0);

    /// <summary>The vCPUs that they may have; of an UNMANAGED one, those that its hosts are said to have.</summary>
    public int MostVCpus => Environments.Sum(e => e.Detail?.ComputeResources?.MaxvCpus ?? e.Detail?.UnmanagedvCpus ?? 0);
}

/// <summary>A compute environment as a queue names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Order">Its place: lower is tried first.</param>
/// <param name="Detail">What Batch says of it; null if it does not exist any more.</param>
public sealed record QueueEnvironment(string Name, int Order, ComputeEnvironmentDetail? Detail)
{
    /// <summary>The environments of a queue in the order in which they are tried.</summary>
    public static IReadOnlyList<QueueEnvironment> InOrder(JobQueueDetail queue, IReadOnlyList<ComputeEnvironmentDetail> known) =>
    [
        .. queue.ComputeEnvironmentOrder.OrderBy(o => o.Order).Select(o => new QueueEnvironment(
            AwsNames.Short(o.ComputeEnvironment),
            o.Order ?? 0,
            known.FirstOrDefault(
                k => k.ComputeEnvironmentArn == o.ComputeEnvironment || AwsNames.Same(k.ComputeEnvironmentName, o.ComputeEnvironment)))),
    ];
}
