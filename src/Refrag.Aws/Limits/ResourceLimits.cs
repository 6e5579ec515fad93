using System.Globalization;

namespace Refrag.Aws.Batch;

/// <summary>What resource requirements must fulfil. (API ResourceRequirement)</summary>
internal static class ResourceLimits
{
    // The least vCPU of Fargate; EC2 wants whole ones, but which of the two a queue uses is not known here.
    private const decimal LeastVCpus = 0.25m;
    private const decimal LeastMebiBytes = 4;

    public static IEnumerable<Problem> Check(IReadOnlyList<ResourceRequirement>? requirements, string path) =>
        requirements is [_, ..] ? CheckEach(requirements, path) : [];

    private static IEnumerable<Problem> CheckEach(IReadOnlyList<ResourceRequirement> requirements, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int index, ResourceRequirement requirement) in requirements.Index())
        {
            string here = $"{path}.resourceRequirements[{index}]";
            if (requirement.Type is null || requirement.Value is null) continue;
            if (!seen.Add(requirement.Type))
                yield return LimitProblems.Contradiction($"{here} gives {requirement.Type} a second time", "Give each type once.");
            if (Value(requirement) is { } words) yield return LimitProblems.Shape($"{here}.value", requirement.Value, words);
        }
    }

    private static string? Value(ResourceRequirement requirement)
    {
        bool isNumber =
            decimal.TryParse(requirement.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value);
        bool isWhole = isNumber && decimal.IsInteger(value);
        return requirement.Type switch
        {
            ResourceType.Vcpu when !isNumber || value < LeastVCpus || decimal.Remainder(value, LeastVCpus) != 0 =>
                "a count of vCPUs, as text (EC2: whole, from 1; Fargate: from 0.25)",
            ResourceType.Memory when !isWhole || value < LeastMebiBytes => "whole MiB, 4 or more, as text",
            ResourceType.Gpu when !isWhole || value < 1 => "a whole count of GPUs, 1 or more, as text",
            _ => null,
        };
    }
}
