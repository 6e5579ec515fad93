using Refrag.Aws.Batch;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Plans;

/// <summary>
/// Makes a plan of ecsProperties. A task of one container is the same as containerProperties; a task of several is executed on paper, because its containers
/// share a network and volumes that processes do not have. (API EcsTaskProperties: one task, at most ten containers)
/// </summary>
internal static class EcsPlanner
{
    private const int MostContainers = 10;

    /// <summary>Whether a task has more containers than one.</summary>
    public static bool HasSeveral(EcsProperties? properties) => properties?.TaskProperties is [{ Containers.Count: > 1 }, ..];

    /// <summary>The containers of a definition that nothing says anything against; what is wrong is told.</summary>
    public static void Check(EcsProperties properties, Action<string> wrong)
    {
        if (properties.TaskProperties is not [var task])
        {
            wrong("ecsProperties.taskProperties must have exactly one element");
            return;
        }
        IReadOnlyList<TaskContainerProperties> containers = task.Containers ?? [];
        if (containers.Count is 0 or > MostContainers) wrong("ecsProperties.taskProperties[0].containers must have 1 to 10 elements");
        if (containers.Count > 0 && containers.All(one => one.Essential == false)) wrong("at least one container of a task must be essential");
        if (containers.Count > 1 && containers.Any(one => string.IsNullOrEmpty(one.Name))) wrong("every container of a task with several needs a name");
        var names = containers.Select(one => one.Name ?? "").ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count) wrong("the containers of a task need different names");
        foreach (TaskContainerDependency dependency in containers.SelectMany(one => one.DependsOn ?? []))
        {
            if (!names.Contains(dependency.ContainerName ?? "")) wrong($"the container {dependency.ContainerName} of dependsOn is not in the task");
            if (dependency.Condition is not ("START" or "COMPLETE" or "SUCCESS")) wrong($"the condition {dependency.Condition} of dependsOn is unknown. Use START, COMPLETE or SUCCESS");
        }
    }

    /// <summary>One node of the task.</summary>
    public static NodePlan Plan(EcsProperties properties, EcsPropertiesOverride? above, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        if (properties.TaskProperties is not [var task] || task.Containers is not [_, ..])
        {
            wrong("the definition has no task with a container. Register another");
            return Pods.Node([], default);
        }
        IReadOnlyList<TaskContainerOverrides> overrides = above?.TaskProperties is [{ Containers: { } given }, ..] ? given : [];
        foreach (TaskContainerOverrides one in overrides.Where(one => task.Containers.All(container => container.Name != one.Name)))
            wrong($"the container {one.Name} of ecsPropertiesOverride is not in the definition");
        List<NodePlan> plans = [.. task.Containers.Select(container => NodePlanner.Plan(
            Single(task, container), Overrides(overrides.FirstOrDefault(one => one.Name == container.Name)), parameters,
            // An image's own command is good enough for what is not run.
            task.Containers.Count > 1 ? _ => { } : wrong))];
        NodePlan main = plans[Math.Max(0, task.Containers.ToList().FindIndex(one => one.Essential != false))];
        return main with { Demand = plans.Aggregate(default(Demand), (sum, plan) => sum + plan.Demand) };
    }

    private static ContainerProperties Single(EcsTaskProperties task, TaskContainerProperties container) => new()
    {
        Image = container.Image,
        Command = container.Command,
        Environment = container.Environment,
        JobRoleArn = task.TaskRoleArn,
        ExecutionRoleArn = task.ExecutionRoleArn,
        Volumes = task.Volumes,
        MountPoints = container.MountPoints,
        ReadonlyRootFilesystem = container.ReadonlyRootFilesystem,
        Privileged = container.Privileged,
        Ulimits = container.Ulimits,
        User = container.User,
        ResourceRequirements = container.ResourceRequirements,
        LinuxParameters = container.LinuxParameters,
        LogConfiguration = container.LogConfiguration,
        Secrets = container.Secrets,
        NetworkConfiguration = task.NetworkConfiguration,
        EphemeralStorage = task.EphemeralStorage,
        RuntimePlatform = task.RuntimePlatform,
        RepositoryCredentials = container.RepositoryCredentials,
    };

    private static ContainerOverrides? Overrides(TaskContainerOverrides? above) => above is null ? null : new ContainerOverrides
    {
        Command = above.Command,
        Environment = above.Environment,
        ResourceRequirements = above.ResourceRequirements,
    };
}
