using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;

namespace Refrag.Infrastructure;

/// <summary>A compute environment of earlier settings, which stays until its last job has ended.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOpen">Whether it is ENABLED.</param>
/// <param name="IsInQueue">Whether a job queue still uses it.</param>
/// <param name="Tasks">How many jobs, or nodes of multi-node jobs, run there.</param>
public sealed record RetainedEnvironment(string Name, bool IsOpen, bool IsInQueue, int Tasks)
{
    /// <summary>The stack's output that lists them.</summary>
    internal const string Output = "batch_retained_environment_names";

    /// <summary>Whether it can be removed without a wait.</summary>
    public bool IsRemovable => !IsInQueue && Tasks == 0;

    /// <summary>One line for a person.</summary>
    public override string ToString() => (IsInQueue, Tasks) switch
    {
        (true, _) => $"{Name}: a job queue still uses it",
        (_, 0) => $"{Name}: empty",
        (_, 1) => $"{Name}: 1 job left",
        _ => $"{Name}: {Tasks} jobs left",
    };

    /// <summary>Asks Batch and ECS about each. One that does not exist is empty.</summary>
    /// <param name="aws">Asked.</param>
    /// <param name="names">Names of the environments.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<IReadOnlyList<RetainedEnvironment>> ReadAsync(
        IAwsTransport aws, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0) return [];
        HashSet<string> used = await UsedAsync(aws, cancellationToken);
        IReadOnlyList<ComputeEnvironmentDetail> found = await DeployedStack.EnvironmentsAsync(aws, names, cancellationToken);
        var retained = new List<RetainedEnvironment>();
        foreach (string name in names)
        {
            ComputeEnvironmentDetail? environment = found.FirstOrDefault(e => e.ComputeEnvironmentName == name);
            int tasks = environment?.EcsClusterArn is { Length: > 0 } cluster ? await TasksAsync(aws, cluster, cancellationToken) : 0;
            retained.Add(new RetainedEnvironment(name, environment?.State == CEState.Enabled, used.Contains(name), tasks));
        }
        return retained;
    }

    private static async Task<HashSet<string>> UsedAsync(IAwsTransport batch, CancellationToken cancellationToken)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        await foreach (JobQueueDetail queue
            in batch.ItemsAsync(BatchOperations.DescribeJobQueues, new(), page => page.JobQueues, cancellationToken))
            used.UnionWith(queue.ComputeEnvironmentOrder.Select(order => DeployedStack.NameOf(order.ComputeEnvironment)));
        return used;
    }

    private static async Task<int> TasksAsync(IAwsTransport aws, string cluster, CancellationToken cancellationToken)
    {
        var request = new ListTasksRequest { Cluster = cluster, DesiredStatus = DesiredStatus.Running };
        return await aws.ItemsAsync(EcsOperations.ListTasks, request, page => page.TaskArns, cancellationToken)
            .CountAsync(cancellationToken);
    }
}
