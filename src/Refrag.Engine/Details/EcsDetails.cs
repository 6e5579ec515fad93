using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Tasks;

namespace Refrag.Engine.Details;

/// <summary>Jobs with ecsProperties as DescribeJobs shows them: the definition's task, with what is known of its run.</summary>
internal static class EcsDetails
{
    /// <summary>The task of a job, or of a node of a multi-node job; null if it has none.</summary>
    public static EcsPropertiesDetail? Describe(Job job, int? node)
    {
        JobPlan plan = job.Plan;
        if (!plan.IsMultiNode)
            return plan.Definition.EcsProperties is { } own ? Describe(job, 0, own, plan.Request?.EcsPropertiesOverride) : null;
        if (node is not { } index || MultiNodePlanner.Task(plan.NodeProperties!, plan.Request?.NodeOverrides, index) is not { } task)
            return null;
        return Describe(job, index, task.Properties, task.Above);
    }

    private static EcsPropertiesDetail Describe(Job job, int node, EcsProperties properties, EcsPropertiesOverride? above)
    {
        NodeRun? run = job.Nodes.ElementAtOrDefault(node);
        IReadOnlyList<TaskContainerOverrides> overrides = above?.TaskProperties is [{ Containers: { } given }, ..] ? given : [];
        return new EcsPropertiesDetail { TaskProperties = [.. properties.TaskProperties.Select(task => Task(job, task, run, overrides))] };
    }

    private static EcsTaskDetails Task(
        Job job, EcsTaskProperties task, NodeRun? run, IReadOnlyList<TaskContainerOverrides> overrides) => new()
        {
            Containers = [.. task.Containers.Select(
            (one, at) => Container(job, one, Of(run, at), overrides.FirstOrDefault(above => above.Name == one.Name)))],
            ContainerInstanceArn = run is null ? null : JobArn.Host(job, run),
            TaskArn = run is null ? null : JobArn.Task(job, run),
            EphemeralStorage = task.EphemeralStorage,
            ExecutionRoleArn = task.ExecutionRoleArn,
            PlatformVersion = task.PlatformVersion,
            IpcMode = task.IpcMode,
            TaskRoleArn = task.TaskRoleArn,
            PidMode = task.PidMode,
            NetworkConfiguration = task.NetworkConfiguration,
            RuntimePlatform = task.RuntimePlatform,
            Volumes = task.Volumes ?? [],
            EnableExecuteCommand = task.EnableExecuteCommand,
            // API EcsTaskDetails.networkMode: always host, of managed instances alone.
            NetworkMode = TaskVariables.Has(job.Plan.Definition, PlatformCapability.ManagedInstances) ? EcsPlanner.HostNetwork : null,
        };

    // A task that is simulated as a whole, or has one container only, is described as one.
    private static ContainerRun? Of(NodeRun? run, int container) => run is null or { Containers: not null }
        ? run?.Containers?.ElementAtOrDefault(container)
        : new ContainerRun { LogStream = run.LogStream, StartedAt = run.StartedAt ?? 0, ExitCode = run.ExitCode, Reason = run.Reason };

    private static TaskContainerDetails Container(
        Job job, TaskContainerProperties container, ContainerRun? run, TaskContainerOverrides? above) => new()
        {
            Command = Placeholders.Fill(above?.Command ?? container.Command ?? [], job.Plan.Parameters),
            DependsOn = container.DependsOn ?? [],
            Environment = [.. (container.Environment ?? [])
            .Concat(above?.Environment ?? []).GroupBy(one => one.Name).Select(same => same.Last())],
            Essential = container.Essential ?? true,
            FirelensConfiguration = container.FirelensConfiguration,
            Image = container.Image,
            LinuxParameters = EmptyCollections.Fill(container.LinuxParameters),
            LogConfiguration = EmptyCollections.Fill(container.LogConfiguration),
            MountPoints = container.MountPoints ?? [],
            Name = container.Name,
            Privileged = container.Privileged,
            ReadonlyRootFilesystem = container.ReadonlyRootFilesystem,
            RepositoryCredentials = container.RepositoryCredentials,
            ResourceRequirements = above?.ResourceRequirements ?? container.ResourceRequirements ?? [],
            Secrets = container.Secrets ?? [],
            Ulimits = container.Ulimits ?? [],
            NetworkInterfaces = [],
            User = container.User,
            StartTimeout = container.StartTimeout,
            StopTimeout = container.StopTimeout,
            ExitCode = run?.ExitCode,
            Reason = run?.Reason,
            LogStreamName = run?.StartedAt is null ? null : run.LogStream,
        };
}
