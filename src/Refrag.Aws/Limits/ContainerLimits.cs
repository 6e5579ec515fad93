namespace Refrag.Aws.Batch;

/// <summary>What containers and what is said over them must fulfil, wherever in a request they stand.</summary>
internal static class ContainerLimits
{
    /// <summary>A container of a definition.</summary>
    /// <param name="container">The container; null for none.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="isFargate">Whether the definition is for Fargate.</param>
    public static IEnumerable<Problem> Check(ContainerProperties? container, string path, bool isFargate) => container is null ? [] :
    [
        .. Sizes(
            path, container.Vcpus is not null || Has(container.ResourceRequirements, ResourceType.Vcpu),
            container.Memory is not null || Has(container.ResourceRequirements, ResourceType.Memory)),
        .. Check(container.Command, container.Environment, path),
        .. ResourceLimits.Check(container.ResourceRequirements, path, isFargate),
    ];

    /// <summary>What a submission says over a container. Which platform it is for is not known here.</summary>
    public static IEnumerable<Problem> Check(ContainerOverrides? overrides, string path) => overrides is null ? [] :
    [
        .. Check(overrides.Command, overrides.Environment, path),
        .. ResourceLimits.Check(overrides.ResourceRequirements, path, isFargate: null),
    ];

    /// <summary>The tasks of a definition.</summary>
    public static IEnumerable<Problem> Check(EcsProperties? properties, string path) =>
        from task in (properties?.TaskProperties ?? []).Index()
        let here = $"{path}.taskProperties[{task.Index}]"
        from problem in (IEnumerable<Problem>)[.. TaskSizes(task.Item, here), .. Containers(task.Item, here)]
        select problem;

    /// <summary>What a submission says over tasks.</summary>
    public static IEnumerable<Problem> Check(EcsPropertiesOverride? overrides, string path) =>
        from task in (overrides?.TaskProperties ?? []).Index()
        from container in (task.Item.Containers ?? []).Index()
        let here = $"{path}.taskProperties[{task.Index}].containers[{container.Index}]"
        from problem in Check(container.Item.Command, container.Item.Environment, here)
            .Concat(ResourceLimits.Check(container.Item.ResourceRequirements, here, isFargate: null))
        select problem;

    private static IEnumerable<Problem> Containers(EcsTaskProperties task, string path) =>
        from container in (task.Containers ?? []).Index()
        let here = $"{path}.containers[{container.Index}]"
        from problem in Check(container.Item.Command, container.Item.Environment, here)
            .Concat(ResourceLimits.Check(container.Item.ResourceRequirements, here, isFargate: null))
        select problem;

    // Which container of a task must have both is not documented; a task without any has no size.
    private static IEnumerable<Problem> TaskSizes(EcsTaskProperties task, string path) => task.Containers is not { Count: > 0 } all ? [] :
        Sizes(
            path, all.Any(one => Has(one.ResourceRequirements, ResourceType.Vcpu)),
            all.Any(one => Has(one.ResourceRequirements, ResourceType.Memory)));

    // "vCPU is not provided." is AWS's own message. (API ContainerProperties: both must be given, in one of two places)
    private static IEnumerable<Problem> Sizes(string path, bool hasVCpus, bool hasMemory)
    {
        if (!hasVCpus)
            yield return LimitProblems.Contradiction($"{path}: vCPU is not provided", "Give resourceRequirements one of type VCPU.");
        if (!hasMemory)
            yield return LimitProblems.Contradiction($"{path}: memory is not provided", "Give resourceRequirements one of type MEMORY.");
    }

    private static IEnumerable<Problem> Check(IReadOnlyList<string>? command, IReadOnlyList<KeyValuePair>? variables, string path) =>
        [.. Arguments(command ?? [], path), .. EnvironmentLimits.Check(variables, path)];

    // "Command field cannot have empty strings" is AWS's own message.
    private static IEnumerable<Problem> Arguments(IReadOnlyList<string> command, string path)
    {
        foreach ((int index, string argument) in command.Index())
        {
            if (argument.Length > 0) continue;
            yield return LimitProblems.Contradiction(
                $"{path}.command[{index}] is empty: Command field cannot have empty strings",
                "Remove the argument, or pass the value in the environment.");
        }
    }

    private static bool Has(IReadOnlyList<ResourceRequirement>? requirements, string type) =>
        requirements?.Any(one => string.Equals(one.Type, type, StringComparison.Ordinal)) == true;
}
