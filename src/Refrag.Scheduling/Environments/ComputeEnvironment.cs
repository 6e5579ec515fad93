namespace Refrag.Scheduling.Environments;

/// <summary>What a compute environment's hosts are.</summary>
public enum ComputeEnvironmentKind
{
    /// <summary>A managed fleet of on-demand instances.</summary>
    Ec2,

    /// <summary>A managed fleet of Spot instances.</summary>
    Spot,

    /// <summary>Fargate: no instances, fixed sizes.</summary>
    Fargate,

    /// <summary>Fargate on spare capacity.</summary>
    FargateSpot,

    /// <summary>Instances that come and go without the scheduler's doing; the local machine is one such instance.</summary>
    Unmanaged,
}

/// <summary>How a managed fleet chooses instance types. (UG allocation-strategies)</summary>
public enum AllocationStrategy
{
    /// <summary>The best fitting type at the lowest price; waits where that one cannot be had. AWS's default.</summary>
    BestFit,

    /// <summary>Types with cheap vCPUs first; the next one where a type cannot be had.</summary>
    BestFitProgressive,

    /// <summary>Types in the order of the list, and within a family as by <see cref="BestFitProgressive"/>; on demand only.</summary>
    BestFitProgressiveOrdered,

    /// <summary>Spot types that are least likely to be interrupted.</summary>
    SpotCapacityOptimized,

    /// <summary>Spot types by both price and likelihood of interruption.</summary>
    SpotPriceCapacityOptimized,

    /// <summary>Spot types that are least likely to be interrupted, and among equals those that stand first in the list.</summary>
    SpotCapacityOptimizedPrioritized,
}

/// <summary>A compute environment, as it was asked for. Immutable.</summary>
public sealed record ComputeEnvironment
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What its hosts are.</summary>
    public required ComputeEnvironmentKind Kind { get; init; }

    /// <summary>
    /// Whether it is ENABLED. A disabled one takes no new jobs and does not scale out; its idle instances go. (API
    /// ComputeEnvironmentDetail)
    /// </summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Whether it is VALID.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>vCPUs that a managed fleet keeps even when idle. Default 0.</summary>
    public int MinVCpus { get; init; }

    /// <summary>vCPUs that the fleet starts out with; at least <see cref="MinVCpus"/> is kept afterwards. Default 0.</summary>
    public int DesiredVCpus { get; init; }

    /// <summary>The most vCPUs. One instance may go beyond it, except with BEST_FIT on demand. Not used for an unmanaged one.</summary>
    public int MaxVCpus { get; init; }

    /// <summary>
    /// Whether <see cref="MaxVCpus"/> bounds what jobs ask for and not what instances have, as of Amazon ECS Managed Instances. Such an
    /// environment takes no multi-node jobs. Default false.
    /// </summary>
    public bool CountsRequests { get; init; }

    /// <summary>How types are chosen. Not used on Fargate.</summary>
    public AllocationStrategy Strategy { get; init; }

    /// <summary>Types, families, <c>optimal</c>. Not used on Fargate and for an unmanaged one.</summary>
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];

    /// <summary>
    /// Types and families that it names besides and that the catalogue does not know: none of them is launched. Default none.
    /// </summary>
    public IReadOnlyList<string> UnknownTypes { get; init; } = [];

    /// <summary>What its list of types is called, for people.</summary>
    internal string TypesText => CountsRequests ? "allowed instance types" : "instance types";

    /// <summary>What the role is called with which its instances are launched, for people.</summary>
    internal string RoleText => CountsRequests ? "infrastructure role" : "service role";

    /// <summary>The most that a Spot price may be, in percent of the on-demand price: 1 to 100. Default 100.</summary>
    public int BidPercentage { get; init; } = 100;

    /// <summary>The Availability Zones of its subnets, tried in this order. Default one, <c>a</c>.</summary>
    public IReadOnlyList<string> Zones { get; init; } = ["a"];

    /// <summary>The region whose prices count.</summary>
    public string Region { get; init; } = Catalogue.PriceTable.DefaultRegion;

    /// <summary>
    /// How long an instance stays after its last job: AWS's <c>minScaleDownDelayMinutes</c>, or <see cref="TimeSpan.MaxValue"/> for
    /// forever. Null for AWS's own unstated delay, assumed to be <see cref="DefaultIdleTime"/>.
    /// </summary>
    public TimeSpan? ScaleDownDelay { get; init; }

    /// <summary>
    /// Whether all nodes of a multi-node job may be on one instance. Never on AWS; on the local machine, which is the only one.
    /// </summary>
    public bool NodesShareInstances { get; init; }

    /// <summary>Whether the service role lacks a permission, so that nothing can be launched.</summary>
    public bool HasRoleFault { get; init; }

    /// <summary>Whether its instance types and its image do not go together, so that nothing can be launched.</summary>
    public bool HasUnsupportedConfiguration { get; init; }

    /// <summary>Assumed: how long an instance may be idle where no delay is set.</summary>
    public static TimeSpan DefaultIdleTime { get; } = TimeSpan.FromMinutes(5);

    internal bool IsFargate => Kind is ComputeEnvironmentKind.Fargate or ComputeEnvironmentKind.FargateSpot;

    internal bool IsFleet => Kind is ComputeEnvironmentKind.Ec2 or ComputeEnvironmentKind.Spot;

    // UG mnp-ce: neither on Spot nor on unmanaged environments; Fargate has no nodes. API ComputeResource.type: nor on managed instances.
    internal bool TakesNodes => (Kind is ComputeEnvironmentKind.Ec2 && !CountsRequests) || NodesShareInstances;
}
