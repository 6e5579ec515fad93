using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.ServiceJobs;

/// <summary>What service jobs hold of their environment's capacity and of their quota share's.</summary>
internal sealed class ServiceLedger(EngineState state)
{
    // In environments without quota shares all instances count alike. (API CapacityLimit.capacityUnit)
    private const string Instances = "NUM_INSTANCES";
    private const int Unlimited = -1;

    private readonly Dictionary<(string Owner, string Unit), long> _used = [];
    private readonly Dictionary<string, (string Environment, string? Share, ServiceSize Size)> _held = [];

    /// <summary>Whether the job has room in the environment and in its share.</summary>
    public bool Fits(Job job, string environment)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        IReadOnlyList<CapacityLimit> limits = state.ServiceEnvironments.Find(environment)?.CapacityLimits ?? [];
        if (!limits.All(limit => Fits(environment, limit.CapacityUnit ?? Instances, limit.MaxCapacity ?? 0, size))) return false;
        return ShareOf(job) is not { } share || (share.CapacityLimits ?? []).All(limit => Fits(share.QuotaShareArn!, limit.CapacityUnit, Reach(share, limit), size));
    }

    /// <summary>Takes.</summary>
    public void Take(Job job, string environment)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        string? share = ShareOf(job)?.QuotaShareArn;
        _held[job.Id] = (environment, share, size);
        Count(environment, share, size, size.Count);
    }

    /// <summary>Gives back.</summary>
    public void Release(Job job)
    {
        if (_held.Remove(job.Id, out var held)) Count(held.Environment, held.Share, held.Size, -held.Size.Count);
    }

    private void Count(string environment, string? share, ServiceSize size, long change)
    {
        foreach (string owner in new[] { environment, share }.OfType<string>())
        {
            foreach (string unit in new[] { Instances, size.InstanceType }) _used[(owner, unit)] = _used.GetValueOrDefault((owner, unit)) + change;
        }
    }

    private bool Fits(string owner, string unit, long most, ServiceSize size)
    {
        long wanted = unit == Instances || unit == size.InstanceType ? size.Count : 0;
        return wanted == 0 || most < 0 || _used.GetValueOrDefault((owner, unit)) + wanted <= most;
    }

    // Only LEND_AND_BORROW goes beyond its own capacity: by a percentage of it, or without a limit of its own. (API QuotaShareResourceSharingConfiguration)
    private static long Reach(DescribeQuotaShareResponse share, QuotaShareCapacityLimit limit)
    {
        long own = limit.MaxCapacity ?? 0;
        if (share.ResourceSharingConfiguration?.Strategy != QuotaShareResourceSharingStrategy.LendAndBorrow) return own;
        int borrow = share.ResourceSharingConfiguration.BorrowLimit ?? Unlimited;
        return borrow == Unlimited ? Unlimited : own + (own * borrow / 100);
    }

    private DescribeQuotaShareResponse? ShareOf(Job job) =>
        job.Plan.Service?.QuotaShareName is { } name ? state.QuotaShares.Find($"{job.Plan.Queue}/{name}") : null;
}
