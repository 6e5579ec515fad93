using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>
/// Makes a plan of ecsProperties. A task of one container is the same as containerProperties. (API EcsTaskProperties: one task, at most ten
/// containers)
/// </summary>
internal static class EcsPlanner
{
    /// <summary>The one network mode that there is. (API EcsTaskProperties.networkMode)</summary>
    public const string HostNetwork = "host";

    /// <summary>Finds what is wrong with a definition's task.</summary>
    public static void Check(EcsProperties properties, Action<string> wrong)
    {
        if (properties.TaskProperties is not [var task])
        {
            wrong("ecsProperties.taskProperties must have exactly one element");
            return;
        }
        IReadOnlyList<TaskContainerProperties> containers = task.Containers ?? [];
        if (containers.Count is 0 or > BatchLimits.Containers)
            wrong("ecsProperties.taskProperties[0].containers must have 1 to 10 elements");
        if (containers.Count > 0 && containers.All(one => one.Essential == false))
            wrong("at least one container of a task must be essential");
        if (containers.Count > 1 && containers.Any(one => string.IsNullOrEmpty(one.Name)))
            wrong("every container of a task with several needs a name");
        var names = containers.Select(one => one.Name ?? "").ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count) wrong("the containers of a task need different names");
        foreach (TaskContainerDependency dependency in containers.SelectMany(one => one.DependsOn ?? []))
        {
            if (!names.Contains(dependency.ContainerName ?? ""))
                wrong($"the container {dependency.ContainerName} of dependsOn is not in the task");
            if (dependency.Condition is not (ContainerCondition.Start or ContainerCondition.Complete or ContainerCondition.Success))
                wrong($"the condition {dependency.Condition} of dependsOn is unknown. Use START, COMPLETE or SUCCESS");
            // The end of an essential container ends the task. (API TaskContainerDependency)
            if (dependency.Condition is ContainerCondition.Complete or ContainerCondition.Success
                && containers.Any(one => one.Name == dependency.ContainerName && one.Essential != false))
                wrong($"the condition {dependency.Condition} of dependsOn cannot be set on an essential container, which "
                    + $"{dependency.ContainerName} is");
        }
        foreach (MountPoint mount in containers.SelectMany(one => one.MountPoints ?? [])
            .Where(mount => (task.Volumes ?? []).All(volume => volume.Name != mount.SourceVolume)))
            wrong($"the mount point {mount.ContainerPath} names the volume {mount.SourceVolume}, which is not among the volumes");
        if (IsCircular(containers)) wrong("the containers of a task must not depend on each other in a circle");
    }

    // Removes, again and again, those that depend on none that is left.
    private static bool IsCircular(IReadOnlyList<TaskContainerProperties> containers)
    {
        List<TaskContainerProperties> left = [.. containers];
        while (left.RemoveAll(
            one => !(one.DependsOn ?? []).Any(dependency => left.Exists(other => other.Name == dependency.ContainerName))) > 0)
        {
            // Fewer are left now.
        }
        return left.Count > 0;
    }

    /// <summary>One node of the task.</summary>
    public static NodePlan Plan(
        EcsProperties properties, EcsPropertiesOverride? above, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        if (properties.TaskProperties is not [var task] || task.Containers is not [_, ..])
        {
            wrong("the definition has no task with a container. Register another");
            return EksPlanner.Node([], default);
        }
        IReadOnlyList<TaskContainerOverrides> overrides = above?.TaskProperties is [{ Containers: { } given }, ..] ? given : [];
        foreach (TaskContainerOverrides one in overrides.Where(one => task.Containers.All(container => container.Name != one.Name)))
            wrong($"the container {one.Name} of ecsPropertiesOverride is not in the definition");
        List<TaskContainer> plans = [.. task.Containers.Select(container => Container(task, container, overrides, parameters, wrong))];
        TaskContainer main = plans.Find(one => one.IsEssential) ?? plans[0];
        return plans.Count == 1
            ? main.Plan
            : main.Plan with { Demand = plans.Aggregate(default(Demand), (sum, one) => sum + one.Plan.Demand), Containers = plans };
    }

    private static TaskContainer Container(
        EcsTaskProperties task, TaskContainerProperties container, IReadOnlyList<TaskContainerOverrides> overrides,
        IReadOnlyDictionary<string, string> parameters, Action<string> wrong) => new()
        {
            Name = container.Name ?? "",
            Plan = NodePlanner.Plan(
                Single(task, container), Overrides(overrides.FirstOrDefault(one => one.Name == container.Name)), parameters, wrong),
            IsEssential = container.Essential != false,
            DependsOn = container.DependsOn ?? [],
            StartTimeout = Seconds(container.StartTimeout),
            StopTimeout = Seconds(container.StopTimeout),
        };

    private static TimeSpan? Seconds(int? number) => number is { } seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null;

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
