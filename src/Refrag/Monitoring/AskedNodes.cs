using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>
/// What multi-node jobs were asked for. DescribeJobs shows a job's node properties as the definition has them; what a submission overrides
/// stands in the nodes, and each node can be described.
/// </summary>
public static class AskedNodes
{
    /// <summary>
    /// The jobs, those of several nodes with what the first node of each range really asks for; one more request for a hundred ranges. A
    /// node that Batch does not describe leaves its range as it is.
    /// </summary>
    /// <param name="batch">Batch.</param>
    /// <param name="jobs">Jobs of any kind, as DescribeJobs returns them.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public static async Task<IReadOnlyList<JobDetail>> ReadAsync(
        IAwsTransport batch, IReadOnlyList<JobDetail> jobs, CancellationToken cancellationToken)
    {
        string[] ids = [.. jobs.SelectMany(Resubmission.FirstNodes).Distinct()];
        if (ids.Length == 0) return jobs;
        Dictionary<string, JobDetail> nodes = [];
        await foreach (JobDetail node in new JobLister(batch).DescribeAsync(ids, cancellationToken)) nodes[node.JobId] = node;
        return [.. jobs.Select(job => Merge(job, nodes))];
    }

    /// <summary>The same for one job.</summary>
    public static async Task<JobDetail> ReadAsync(IAwsTransport batch, JobDetail job, CancellationToken cancellationToken) =>
        (await ReadAsync(batch, [job], cancellationToken))[0];

    private static JobDetail Merge(JobDetail job, Dictionary<string, JobDetail> nodes) => job.NodeProperties is not { } properties
        ? job
        : job with
        {
            NodeProperties = properties with
            {
                NodeRangeProperties = [.. properties.NodeRangeProperties.Zip(
                    Resubmission.FirstNodes(job), (range, id) => Merge(range, nodes.GetValueOrDefault(id)?.Container))],
            },
        };

    private static NodeRangeProperty Merge(NodeRangeProperty range, ContainerDetail? asked) =>
        range.Container is not { } container || asked is null ? range : range with
        {
            Container = container with
            {
                ResourceRequirements = asked.ResourceRequirements ?? container.ResourceRequirements,
                Vcpus = asked.Vcpus ?? container.Vcpus,
                Memory = asked.Memory ?? container.Memory,
            },
        };
}
