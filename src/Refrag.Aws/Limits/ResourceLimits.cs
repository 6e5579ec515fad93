using System.Globalization;

namespace Refrag.Aws.Batch;

/// <summary>What resource requirements must fulfil. (API ResourceRequirement)</summary>
internal static class ResourceLimits
{
    // The least vCPU of Fargate; EC2 wants whole ones.
    private const decimal LeastVCpus = 0.25m;
    private const int LeastMebiBytes = 4;

    /// <summary>Finds requirements that no platform, or not this one, can fulfil.</summary>
    /// <param name="requirements">The requirements; null for none.</param>
    /// <param name="path">What they are members of.</param>
    /// <param name="isFargate">Whether they are for Fargate; null if that is not known.</param>
    public static IEnumerable<Problem> Check(IReadOnlyList<ResourceRequirement>? requirements, string path, bool? isFargate) =>
        requirements is [_, ..] ? CheckEach(requirements, path, isFargate) : [];

    /// <summary>Whether EC2 takes a count of vCPUs: AWS calls even <c>1.0</c> no number.</summary>
    public static bool IsWhole(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1;

    private static IEnumerable<Problem> CheckEach(IReadOnlyList<ResourceRequirement> requirements, string path, bool? isFargate)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int index, ResourceRequirement requirement) in requirements.Index())
        {
            string here = $"{path}.resourceRequirements[{index}]";
            if (requirement.Type is null || requirement.Value is null) continue;
            if (!seen.Add(requirement.Type))
                yield return LimitProblems.Contradiction($"{here} gives {requirement.Type} a second time", "Give each type once.");
            if (Value(requirement, isFargate) is { } words) yield return LimitProblems.Shape($"{here}.value", requirement.Value, words);
        }
    }

    private static string? Value(ResourceRequirement requirement, bool? isFargate)
    {
        bool isNumber =
            decimal.TryParse(requirement.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value);
        bool isWhole = isNumber && requirement.Value.All(char.IsAsciiDigit);
        return requirement.Type switch
        {
            ResourceType.Vcpu when isFargate == false && !IsWhole(requirement.Value) => "a whole count of vCPUs, 1 or more, as text",
            ResourceType.Vcpu when !isNumber || value < LeastVCpus || decimal.Remainder(value, LeastVCpus) != 0 =>
                "a count of vCPUs, as text (EC2: whole, from 1; Fargate: from 0.25)",
            ResourceType.Memory when !isWhole || value < LeastMebiBytes => "whole MiB, 4 or more, as text",
            ResourceType.Gpu when !isWhole || value < 1 => "a whole count of GPUs, 1 or more, as text",
            _ => null,
        };
    }
}
