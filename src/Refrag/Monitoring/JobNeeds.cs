using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Monitoring;

/// <summary>What a job asks of its hosts, read from Batch's many ways of saying it.</summary>
public static class JobNeeds
{
    /// <summary>Of a job: of its container, of all containers of its task together, or of the largest node of a multi-node job.</summary>
    public static Requirement Of(JobDetail job)
    {
        if (job.NodeProperties is { } nodes) return OfNodes(nodes, null);
        if (job is { Container: null, EcsProperties.TaskProperties: [{ } task, ..] }) return OfTask(task);
        return new Requirement
        {
            Amount = Amount(job.Container?.ResourceRequirements, job.Container?.Vcpus, job.Container?.Memory),
            Architecture = Architecture(job.Container?.RuntimePlatform),
        };
    }

    /// <summary>Of a submission: what it overrides, and for the rest what the definition says.</summary>
    public static Requirement Of(JobDefinition? definition, SubmitJobRequest submit)
    {
        if (definition?.NodeProperties is { } nodes) return OfNodes(nodes, submit.NodeOverrides);
        ContainerProperties? container = definition?.ContainerProperties;
        ContainerOverrides? overrides = submit.ContainerOverrides ?? OfAllNodes(submit.NodeOverrides);
        Amount amount = Amount(
            Merge(container?.ResourceRequirements, overrides?.ResourceRequirements), overrides?.Vcpus ?? container?.Vcpus,
            overrides?.Memory ?? container?.Memory);
        return new Requirement { Amount = amount, Architecture = Architecture(container?.RuntimePlatform) };
    }

    private static Requirement OfTask(EcsTaskDetails task) => new()
    {
        Amount = (task.Containers ?? []).Select(one => Amount(one.ResourceRequirements, null, null)).Aggregate(
            default(Amount),
            static (sum, one) => new Amount(sum.MilliVCpus + one.MilliVCpus, sum.MemoryMiB + one.MemoryMiB, sum.Gpus + one.Gpus)),
        Architecture = Architecture(task.RuntimePlatform),
    };

    private static Requirement OfNodes(NodeProperties nodes, NodeOverrides? overrides)
    {
        Amount largest = default;
        foreach (NodeRangeProperty range in nodes.NodeRangeProperties)
        {
            ContainerOverrides? over = OfAllNodes(overrides);
            Amount one = Amount(
                Merge(range.Container?.ResourceRequirements, over?.ResourceRequirements), over?.Vcpus ?? range.Container?.Vcpus,
                over?.Memory ?? range.Container?.Memory);
            largest =
                new Amount(Math.Max(largest.MilliVCpus, one.MilliVCpus), Math.Max(largest.MemoryMiB, one.MemoryMiB),
                    Math.Max(largest.Gpus, one.Gpus));
        }
        return new Requirement
        {
            Amount = largest,
            Nodes = overrides?.NumNodes ?? nodes.NumNodes ?? 1,
            Architecture = Architecture(nodes.NodeRangeProperties is [{ } first, ..] ? first.Container?.RuntimePlatform : null),
        };
    }

    // refrag overrides all nodes alike.
    private static ContainerOverrides? OfAllNodes(NodeOverrides? overrides) =>
        overrides?.NodePropertyOverrides is [{ } first, ..] ? first.ContainerOverrides : null;

    // An override replaces what the definition says of the same type.
    private static List<ResourceRequirement> Merge(
        IReadOnlyList<ResourceRequirement>? definition, IReadOnlyList<ResourceRequirement>? overrides) =>
        [.. (overrides ?? []).Concat(definition ?? []).DistinctBy(r => r.Type, StringComparer.Ordinal)];

    private static Amount Amount(IReadOnlyList<ResourceRequirement>? requirements, int? vcpus, int? memory)
    {
        decimal Of(string type, decimal otherwise) =>
            requirements?.FirstOrDefault(r => r.Type == type) is { } found
                && decimal.TryParse(found.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value)
                ? value
                : otherwise;
        return new Amount(
            (int)Math.Clamp(Math.Ceiling(Of(ResourceType.Vcpu, vcpus ?? 0) * 1000), 0, int.MaxValue),
            (int)Math.Clamp(Math.Ceiling(Of(ResourceType.Memory, memory ?? 0)), 0, int.MaxValue),
            (int)Math.Clamp(Math.Ceiling(Of(ResourceType.Gpu, 0)), 0, int.MaxValue));
    }

    private static Architecture? Architecture(RuntimePlatform? platform) => Architecture(platform?.CpuArchitecture);

    /// <summary>The architecture that a definition names; null if it names none.</summary>
    internal static Architecture? Architecture(string? name) => name?.ToUpperInvariant() switch
    {
        "ARM64" => Scheduling.Catalogue.Architecture.Arm64,
        "X86_64" => Scheduling.Catalogue.Architecture.X64,
        _ => null,
    };
}
