using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Quotas;

namespace Refrag.Infrastructure;

/// <summary>What a compute environment, deployed or planned, may ask of EC2.</summary>
/// <param name="Name">The environment's name.</param>
/// <param name="IsSpot">Whether its instances are Spot instances.</param>
/// <param name="MaxVCpus">The most vCPUs that it may have.</param>
/// <param name="Listed">Types and families as it lists them.</param>
internal sealed record EnvironmentDemand(string Name, bool IsSpot, int MaxVCpus, IReadOnlyList<string> Listed)
{
    /// <summary>The demand of a deployed environment; null if it has no EC2 instances of its own.</summary>
    public static EnvironmentDemand? Of(ComputeEnvironmentDetail environment) =>
        environment.ComputeResources is { Type: CRType.Ec2 or CRType.Spot } resources
        ? new EnvironmentDemand(environment.ComputeEnvironmentName, resources.Type == CRType.Spot, resources.MaxvCpus ?? 0,
            resources.InstanceTypes ?? [])
        : null;

    /// <summary>What of the list the region does not offer.</summary>
    /// <param name="offered">The types that the region offers, of those that environments list.</param>
    public IReadOnlyList<string> Missing(IReadOnlyList<InstanceTypeInfo> offered) =>
        [.. Listed.Where(t => ListedType.Pattern(t) is not null && !offered.Any(o => ListedType.Covers(t, o)))];

    /// <summary>The quotas that its types count against, with the vCPUs of the smallest type of each.</summary>
    /// <param name="offered">The types that the region offers, of those that environments list.</param>
    public IEnumerable<(InstanceQuota Quota, int Smallest)> Quotas(IReadOnlyList<InstanceTypeInfo> offered) =>
        from type in offered
        where Listed.Any(listed => ListedType.Covers(listed, type))
        let quota = InstanceQuota.Of(type.Name, IsSpot)
        where quota is not null
        group type.VCpus by quota into sizes
        select (sizes.Key, sizes.Min());

    /// <summary>Whether <see cref="Quotas"/> are all that it can use: no entry leaves the choice of types to Batch, and the quota of each
    /// type is known.</summary>
    /// <param name="offered">The types that the region offers, of those that environments list.</param>
    public bool HasKnownQuotas(IReadOnlyList<InstanceTypeInfo> offered) =>
        Listed.All(listed => ListedType.Pattern(listed) is not null && offered
            .Where(type => ListedType.Covers(listed, type)).All(type => InstanceQuota.Of(type.Name, IsSpot) is not null));
}
