using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>Resource requirements: the definition's, its old fields, and the submission's over them. (API ResourceRequirement)</summary>
internal static class RequirementRules
{
    /// <summary>
    /// One requirement a type; what the submission says wins. But its old fields win over the definition's old fields only: what the
    /// definition's resourceRequirements say they don't change. (API ContainerOverrides.vcpus and memory)
    /// </summary>
    public static IReadOnlyList<ResourceRequirement> Merge(ContainerProperties container, ContainerOverrides? overrides)
    {
        if (overrides is not { Vcpus: not null } and not { Memory: not null } and not { ResourceRequirements.Count: > 0 }
            && AsTheyAre(container) is { } list) return list;
        var byType = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Put(byType, container.Vcpus, container.Memory, container.ResourceRequirements);
        Put(byType, Unless(container, ResourceType.Vcpu, overrides?.Vcpus), Unless(container, ResourceType.Memory, overrides?.Memory),
            overrides?.ResourceRequirements);
        return [.. byType.Select(pair => new ResourceRequirement { Type = pair.Key, Value = pair.Value })];
    }

    /// <summary>
    /// What the old fields of definition and submission ask for; null for what resource requirements ask for, which are answered instead.
    /// (UG batch_cwe_events: the container of a job that has resourceRequirements has no vcpus and no memory; API ContainerDetail.memory)
    /// </summary>
    public static (int? VCpus, int? Memory) OfOldFields(ContainerProperties container, ContainerOverrides? overrides)
    {
        return (Of(ResourceType.Vcpu, overrides?.Vcpus ?? container.Vcpus), Of(ResourceType.Memory, overrides?.Memory ?? container.Memory));

        int? Of(string type, int? value) =>
            Has(container.ResourceRequirements, type) || Has(overrides?.ResourceRequirements, type) ? null : value;
    }

    /// <summary>The requirements as numbers. Texts that are no numbers are reported to <paramref name="wrong"/>.</summary>
    public static Demand Read(IReadOnlyList<ResourceRequirement> requirements, Action<string> wrong) => new(
        new VCpus(Number(requirements, ResourceType.Vcpu, wrong)),
        new MebiBytes((long)Number(requirements, ResourceType.Memory, wrong)),
        new Gpus((int)Number(requirements, ResourceType.Gpu, wrong)));

    private static int? Unless(ContainerProperties container, string type, int? value) =>
        Has(container.ResourceRequirements, type) ? null : value;

    private static bool Has(IReadOnlyList<ResourceRequirement>? list, string type) => list?.Any(one => one.Type == type) == true;

    // All jobs of a definition share its list where nothing is to be merged.
    private static IReadOnlyList<ResourceRequirement>? AsTheyAre(ContainerProperties container)
    {
        if (container is not { Vcpus: null, Memory: null, ResourceRequirements: { } list }) return null;
        for (int i = 1; i < list.Count; i++)
        {
            if (string.CompareOrdinal(list[i - 1].Type, list[i].Type) >= 0) return null;
        }
        return list;
    }

    private static void Put(SortedDictionary<string, string> byType, int? vcpus, int? memory, IReadOnlyList<ResourceRequirement>? list)
    {
        if (vcpus is { } cpus) byType[ResourceType.Vcpu] = cpus.ToString(CultureInfo.InvariantCulture);
        if (memory is { } mebiBytes) byType[ResourceType.Memory] = mebiBytes.ToString(CultureInfo.InvariantCulture);
        foreach (ResourceRequirement requirement in list ?? []) byType[requirement.Type] = requirement.Value;
    }

    /// <summary>The most of a type that one container can ask for.</summary>
    public static int Most(string type) => type switch
    {
        ResourceType.Vcpu => EngineLimits.ContainerVCpus,
        ResourceType.Memory => EngineLimits.ContainerMebiBytes,
        _ => EngineLimits.ContainerGpus,
    };

    private static decimal Number(IReadOnlyList<ResourceRequirement> requirements, string type, Action<string> wrong)
    {
        if (requirements.FirstOrDefault(one => one.Type == type) is not { } requirement) return 0;
        bool isNumber =
            decimal.TryParse(requirement.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value);
        // Quarters of a vCPU exist on Fargate; nothing else comes in parts.
        if (isNumber && value <= Most(type) && (type == ResourceType.Vcpu || value == decimal.Truncate(value))) return value;
        wrong(string.Create(CultureInfo.InvariantCulture,
            $"the resource requirement {type}={requirement.Value} is not a number that {type} can have. Write a whole number of at most "
                + $"{Most(type)}"));
        return 0;
    }
}
