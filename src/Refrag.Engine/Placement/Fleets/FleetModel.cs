using System.IO.Enumeration;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;
using Refrag.Engine.Options;
using Refrag.Engine.Resources;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>Batch's resources and jobs in the words of the scheduling core.</summary>
public static class FleetModel
{
    /// <summary>A compute environment. Its zones are letters: <c>a</c> for its first subnet, and so on.</summary>
    /// <param name="detail">What Batch says of it.</param>
    /// <param name="options">The instance types, and which of them the region lacks.</param>
    /// <param name="region">The region whose prices count.</param>
    /// <param name="hasRoleFault">Whether its service role lacks a permission.</param>
    public static ComputeEnvironment Environment(ComputeEnvironmentDetail detail, FleetOptions options, string region, bool hasRoleFault)
    {
        bool isValid = detail.Status is not (CEStatus.Invalid or CEStatus.Deleting or CEStatus.Deleted);
        bool isEnabled = detail.State == CEState.Enabled;
        if (detail.ComputeResources is not { } resources || detail.Type != CEType.Managed)
            return new ComputeEnvironment
            {
                Name = detail.ComputeEnvironmentName,
                Kind = ComputeEnvironmentKind.Unmanaged,
                IsEnabled = isEnabled,
                IsValid = isValid,
            };
        InstanceCatalogue catalogue = options.Catalogue;
        if (ManagedInstances.Are(resources)) return Managed(detail, resources, options, hasRoleFault) with
        {
            Region = region,
            IsEnabled = isEnabled,
            IsValid = isValid,
        };
        ComputeEnvironmentKind kind = Kind(resources.Type);
        ILookup<bool, string> named = (resources.InstanceTypes is { Count: > 0 } types ? types : ["optimal"])
            .ToLookup(type => catalogue.Resolve([type]).IsSuccess);
        bool hasTypes = isValid && kind is ComputeEnvironmentKind.Ec2 or ComputeEnvironmentKind.Spot;
        return new ComputeEnvironment
        {
            Name = detail.ComputeEnvironmentName,
            Region = region,
            Kind = kind,
            IsEnabled = isEnabled,
            IsValid = isValid,
            // A state of an earlier version may hold more than is accepted now.
            MinVCpus = Math.Min(resources.MinvCpus ?? 0, EngineLimits.KeptVCpus),
            DesiredVCpus = Math.Min(resources.DesiredvCpus ?? 0, EngineLimits.KeptVCpus),
            MaxVCpus = Math.Min(resources.MaxvCpus ?? 0, EngineLimits.VCpus),
            Strategy = Strategy(resources.AllocationStrategy),
            // An environment that is INVALID for its types has none that could be looked up.
            InstanceTypes = hasTypes ? [.. named[true].SelectMany(name => Offered(name, options))] : [],
            UnknownTypes = hasTypes ? [.. named[false]] : [],
            BidPercentage = resources.BidPercentage is { } bid and > 0 ? bid : 100,
            Zones = [.. Enumerable.Range(0, Math.Max(1, resources.Subnets?.Count ?? 0)).Select(Zone)],
            ScaleDownDelay = resources.ScalingPolicy?.MinScaleDownDelayMinutes is { } minutes and > 0
                ? TimeSpan.FromMinutes(minutes)
                : null,
            HasRoleFault = hasRoleFault,
            HasUnsupportedConfiguration = isValid && GpuImages.IsTooNewFor(resources),
        };
    }

    /// <summary>
    /// The names of an environment's types. Managed instances may be given with asterisks, which stand for any characters and are no names.
    /// </summary>
    public static IReadOnlyList<string> TypeNames(ComputeResource resources) => ManagedInstances.Are(resources)
        ? [.. (resources.ManagedInstancesProvider?.InstanceLaunchTemplate?.InstanceRequirements?.AllowedInstanceTypes ?? [])
            .Where(name => !name.Contains('*', StringComparison.Ordinal))]
        : resources.InstanceTypes ?? [];

    // ECS chooses the types for what the tasks need and what they cost, which is assumed to be as with BEST_FIT_PROGRESSIVE. Of types of
    // both architectures only those of x86_64 are launched here. Where no types are allowed by name, bare metal and burstable ones are left
    // out, as by default wherever EC2 chooses by attributes. (EC2 API InstanceRequirements, bareMetal and burstablePerformance)
    private static ComputeEnvironment Managed(
        ComputeEnvironmentDetail detail, ComputeResource resources, FleetOptions options, bool hasRoleFault)
    {
        ManagedInstancesProvider? provider = resources.ManagedInstancesProvider;
        InstanceCatalogue catalogue = options.Catalogue;
        IReadOnlyList<string>? allowed = provider?.InstanceLaunchTemplate?.InstanceRequirements?.AllowedInstanceTypes;
        IReadOnlyList<InstanceType> types = allowed is { Count: > 0 }
            ? Allowed(catalogue, allowed)
            : [.. catalogue.Types.Where(type => type is { IsBareMetal: false, IsBurstable: false, IsMac: false })];
        types = [.. types.Where(type => !options.IsExcluded(type))];
        List<InstanceType> usual = [.. types.Where(type => type.Architecture is Architecture.X64)];
        if (usual.Count > 0) types = usual;
        int subnets = provider?.InstanceLaunchTemplate?.NetworkConfiguration?.Subnets?.Count ?? 0;
        return new ComputeEnvironment
        {
            Name = detail.ComputeEnvironmentName,
            Kind = ManagedInstances.AreSpot(resources) ? ComputeEnvironmentKind.Spot : ComputeEnvironmentKind.Ec2,
            CountsRequests = true,
            MaxVCpus = Math.Min(resources.MaxvCpus ?? 0, EngineLimits.VCpus),
            Strategy = AllocationStrategy.BestFitProgressive,
            InstanceTypes = [.. types.Select(type => type.Name)],
            UnknownTypes = [.. (allowed ?? []).Where(name => Allowed(catalogue, [name]).Count == 0)],
            Zones = [.. Enumerable.Range(0, Math.Max(1, subnets)).Select(Zone)],
            ScaleDownDelay = provider?.InfrastructureOptimization?.ScaleInAfter switch
            {
                null => null,
                < 0 => TimeSpan.MaxValue,
                { } seconds => TimeSpan.FromSeconds(seconds),
            },
            HasRoleFault = hasRoleFault,
        };
    }

    // A family is only named by what the region has of it.
    private static IEnumerable<string> Offered(string name, FleetOptions options)
    {
        IReadOnlyList<InstanceType> types = InstanceFamilies.Known(options.Catalogue, [name]);
        return types.Any(type => options.IsExcluded(type))
            ? types.Where(type => !options.IsExcluded(type)).Select(type => type.Name)
            : [name];
    }

    // Asterisks stand for any characters. (EC2 API InstanceRequirements, allowedInstanceTypes) Bare metal is named one by one.
    private static IReadOnlyList<InstanceType> Allowed(InstanceCatalogue catalogue, IReadOnlyList<string> names) =>
    [
        .. names.SelectMany(name => name.Contains('*', StringComparison.Ordinal)
            ? catalogue.Types.Where(
                type => !type.IsBareMetal && FileSystemName.MatchesSimpleExpression(name, type.Name, ignoreCase: false))
            : InstanceFamilies.Known(catalogue, [name])).DistinctBy(type => type.Name),
    ];

    /// <summary>A queue with its policy.</summary>
    /// <param name="detail">What Batch says of it.</param>
    /// <param name="policy">Its fair-share policy; null for first in, first out.</param>
    public static JobQueue Queue(JobQueueDetail detail, FairsharePolicy? policy) => new()
    {
        Name = detail.JobQueueName,
        Priority = detail.Priority ?? 0,
        IsEnabled = detail.State == JQState.Enabled,
        Environments = [.. detail.ComputeEnvironmentOrder.OrderBy(one => one.Order).Select(one => LocalArn.NameOf(one.ComputeEnvironment))],
        FairShare = policy is null ? null : new FairSharePolicy
        {
            ComputeReservation = policy.ComputeReservation ?? 0,
            ShareDecay = TimeSpan.FromSeconds(policy.ShareDecaySeconds ?? 0),
            Shares = [.. (policy.ShareDistribution ?? []).Select(
                share => new ShareWeight(share.ShareIdentifier, (decimal)(share.WeightFactor ?? 1)))],
        },
        TimeLimits = [.. (detail.JobStateTimeLimitActions ?? []).SelectMany(Limit)],
    };

    /// <summary>A job that is RUNNABLE.</summary>
    internal static JobRequest Request(Job job) => new()
    {
        Id = job.Id,
        Queue = job.Plan.Queue,
        SubmittedAt = SaturatingTime.FromUnixTime(job.CreatedAt),
        Requirement = Needs(job.Plan),
        ShareIdentifier = job.Plan.ShareIdentifier ?? "",
        SchedulingPriority = job.Priority ?? job.Plan.Priority ?? 0,
        Timeout = job.Plan.Timeout,
        Attempts = job.Plan.Retry?.Attempts ?? 1,
        Kind = job.Plan.Name,
    };

    /// <summary>What a node asks for.</summary>
    internal static Amount AmountOf(Demand demand) => Amount.Of(demand.VCpus, demand.Memory, demand.Gpus);

    // The nodes of a job share one instance type, so the largest says what it must hold.
    private static Requirement Needs(JobPlan plan) => new()
    {
        Amount = plan.Nodes.Select(node => AmountOf(node.Demand)).Aggregate(
            (a, b) => new Amount(Math.Max(a.MilliVCpus, b.MilliVCpus), Math.Max(a.MemoryMiB, b.MemoryMiB), Math.Max(a.Gpus, b.Gpus))),
        Architecture = plan.Nodes[0].Container.RuntimePlatform?.CpuArchitecture switch
        {
            "ARM64" => Architecture.Arm64,
            "X86_64" => Architecture.X64,
            _ => null
        },
        Nodes = plan.IsMultiNode ? plan.Nodes.Count : 1,
    };

    private static ComputeEnvironmentKind Kind(string type) => type switch
    {
        CRType.Spot => ComputeEnvironmentKind.Spot,
        CRType.Fargate => ComputeEnvironmentKind.Fargate,
        CRType.FargateSpot => ComputeEnvironmentKind.FargateSpot,
        _ => ComputeEnvironmentKind.Ec2,
    };

    private static AllocationStrategy Strategy(string? name) => name switch
    {
        null or CRAllocationStrategy.BestFit => AllocationStrategy.BestFit,
        CRAllocationStrategy.BestFitProgressive => AllocationStrategy.BestFitProgressive,
        CRAllocationStrategy.BestFitProgressiveOrdered => AllocationStrategy.BestFitProgressiveOrdered,
        CRAllocationStrategy.SpotCapacityOptimizedPrioritized => AllocationStrategy.SpotCapacityOptimizedPrioritized,
        CRAllocationStrategy.SpotCapacityOptimized => AllocationStrategy.SpotCapacityOptimized,
        CRAllocationStrategy.SpotPriceCapacityOptimized => AllocationStrategy.SpotPriceCapacityOptimized,
        _ => AllocationStrategy.BestFit,
    };

    private static string Zone(int index) => ((char)('a' + (index % 26))).ToString();

    private static IEnumerable<TimeLimitAction> Limit(JobStateTimeLimitAction action) =>
        Enum.GetValues<BlockedCause>()
            .Where(cause => cause.Code() == action.Reason)
            .Select(cause => new TimeLimitAction(cause, TimeSpan.FromSeconds(action.MaxTimeSeconds ?? 0)));
}
