using Refrag.Aws.Batch;
using Refrag.Infrastructure;
using Refrag.Launching;

namespace Refrag.Regions;

/// <summary>What a job names that is in one region and must be where the job runs.</summary>
internal static class RegionBound
{
    /// <summary>What is elsewhere, as a sentence without a full stop; null if nothing is.</summary>
    /// <param name="plan">The job's plan.</param>
    /// <param name="definition">The definition that it starts from, in the region.</param>
    /// <param name="region">The region.</param>
    public static string? Elsewhere(LaunchPlan plan, JobDefinition definition, string region)
    {
        ContainerProperties? container = ContainerOf(plan, definition);
        if (container?.Image is { } image && EcrImage.Parse(image) is { } inEcr && inEcr.Region != region)
            return $"its image is in {inEcr.Region} ({image})";
        foreach (Secret secret in container?.Secrets ?? [])
        {
            if (secret.ValueFrom?.Split(':') is ["arn", _, _, { Length: > 0 } home, ..] && home != region)
                return $"its secret {secret.Name} is in {home}";
        }
        return null;
    }

    /// <summary>The container as it runs; null for a definition of several.</summary>
    public static ContainerProperties? ContainerOf(LaunchPlan plan, JobDefinition definition) =>
        plan.Derivation is { } derivation ? derivation.ChangedContainer(definition) : definition.ContainerProperties;
}
