using Refrag.Aws.Batch;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Reading;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Operations;

/// <summary>Partitions as queues and as environments, and the one definition that there is: a script.</summary>
/// <param name="reader">Reads partitions.</param>
internal sealed class QueueOperations(ClusterReader reader)
{
    public async Task<DescribeJobQueuesResponse> QueuesAsync(
        DescribeJobQueuesRequest request, CancellationToken cancellationToken) => new()
        {
            JobQueues =
        [
            .. (await reader.PartitionsAsync(BatchOperations.DescribeJobQueues.Name, cancellationToken))
                .Where(one => IsNamed(one.Name, request.JobQueues)).Select(one => new JobQueueDetail
                {
                    JobQueueName = one.Name,
                    JobQueueArn = one.Name,
                    // DOWN takes jobs and starts none; `why` says so.
                    State = one.State is "UP" or "DOWN" ? JQState.Enabled : JQState.Disabled,
                    Status = JQStatus.Valid,
                    StatusReason = one.State == "UP" ? null : $"partition is {one.State}",
                    ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = one.Name }],
                }),
        ],
        };

    public async Task<DescribeComputeEnvironmentsResponse> EnvironmentsAsync(
        DescribeComputeEnvironmentsRequest request, CancellationToken cancellationToken)
    {
        string operation = BatchOperations.DescribeComputeEnvironments.Name;
        IReadOnlyList<Node> nodes = await reader.NodesAsync(operation, cancellationToken);
        return new DescribeComputeEnvironmentsResponse
        {
            ComputeEnvironments =
            [
                .. (await reader.PartitionsAsync(operation, cancellationToken)).Where(one => IsNamed(one.Name, request.ComputeEnvironments))
                    .Select(one => new ComputeEnvironmentDetail
                    {
                        ComputeEnvironmentName = one.Name,
                        ComputeEnvironmentArn = one.Name,
                        Type = CEType.Unmanaged,
                        State = CEState.Enabled,
                        Status = CEStatus.Valid,
                        StatusReason = Words([.. nodes.Where(node => node.Partitions.Contains(one.Name, StringComparer.Ordinal))]),
                        UnmanagedvCpus = one.Cpus,
                    }),
            ],
        };
    }

    public static Task<DescribeJobDefinitionsResponse> DefinitionsAsync(DescribeJobDefinitionsRequest request)
    {
        bool isMeant = request.JobDefinitionName is null or SlurmJob.Definition && IsNamed(SlurmJob.Definition, request.JobDefinitions);
        return Task.FromResult(new DescribeJobDefinitionsResponse
        {
            JobDefinitions = isMeant
                ?
                [
                    new JobDefinition
                    {
                        JobDefinitionName = SlurmJob.Definition,
                        JobDefinitionArn = SlurmJob.Definition,
                        Revision = 1,
                        Status = JobDefinitionStatus.Active,
                        Type = JobDefinitionType.Container,
                        ContainerProperties = new ContainerProperties(),
                    },
                ]
                : [],
        });
    }

    private static bool IsNamed(string name, IReadOnlyList<string>? names) =>
        names is not { Count: > 0 } || names.Contains(name, StringComparer.Ordinal);

    private static string Words(IReadOnlyList<Node> nodes)
    {
        string[] gone = [.. nodes.Where(node => node.IsOut).Select(node => node.Name)];
        return gone.Length == 0
            ? $"{nodes.Count} {(nodes.Count == 1 ? "node" : "nodes")}"
            : $"{nodes.Count - gone.Length} of {nodes.Count} nodes; out of use: {string.Join(", ", gone.Take(5))}";
    }
}
