using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.State;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Engine.Placement;

/// <summary>A queue with quota shares as the scheduling core sees it.</summary>
internal static class QuotaSnapshots
{
    private const int Unlimited = -1;

    /// <summary>The shares, the capacity and the jobs of a queue, given the environment in which its jobs start now.</summary>
    public static QuotaSnapshot Of(EngineState state, ServiceLedger ledger, string queue, string environment)
    {
        string arn = state.Arns.Queue(queue);
        // A DISABLED share takes no new jobs; those that it has taken continue. (API CreateQuotaShare.state)
        List<QuotaShare> shares = [.. state.QuotaShares.All.Where(share => share.JobQueueArn == arn).Select(Share)];
        Dictionary<string, QuotaShare> byName = shares.ToDictionary(share => share.Name);
        List<RunningQuotaJob> running =
        [
            .. state.Placed.Select(id => state.Jobs[id]).Where(job => job.Plan.Queue == queue).OrderBy(job => job.Sequence)
                .Select(job => new RunningQuotaJob(Job(job, byName), job.StartedAt ?? long.MaxValue, job.Stop is not null)),
        ];
        return new QuotaSnapshot
        {
            Shares = shares,
            Pool = Pool(ledger, environment, running),
            Running = running,
            Waiting = [.. state.Jobs.Runnable.Of(queue).Select(id => Job(state.Jobs[id], byName))],
        };
    }

    private static QuotaShare Share(DescribeQuotaShareResponse share)
    {
        QuotaShareResourceSharingConfiguration? sharing = share.ResourceSharingConfiguration;
        return new QuotaShare(share.QuotaShareName!,
            (share.CapacityLimits ?? []).ToDictionary(limit => limit.CapacityUnit, limit => (long)(limit.MaxCapacity ?? 0)))
        {
            Sharing = sharing?.Strategy switch
            {
                QuotaShareResourceSharingStrategy.LendAndBorrow => QuotaSharing.LendAndBorrow,
                QuotaShareResourceSharingStrategy.Lend => QuotaSharing.Lend,
                _ => QuotaSharing.Reserve,
            },
            BorrowPercent = sharing?.BorrowLimit is { } percent and not Unlimited ? percent : null,
            PreemptsInShare = share.PreemptionConfiguration?.InSharePreemption == QuotaShareInSharePreemptionState.Enabled,
        };
    }

    private static QuotaJob Job(Job job, Dictionary<string, QuotaShare> shares)
    {
        SubmitServiceJobRequest asked = job.Plan.Service!;
        ServiceSize size = ServiceSize.Of(asked);
        string name = asked.QuotaShareName ?? "";
        // The instance type is the unit that is documented; a share that limits instances of all types is taken at its word.
        bool byType = shares.GetValueOrDefault(name)?.Quota is not { } quota || quota.ContainsKey(size.InstanceType)
            || !quota.ContainsKey(ServiceSize.Instances);
        return new QuotaJob(job.Id, name, byType ? size.InstanceType : ServiceSize.Instances, size.Count,
            job.Priority ?? asked.SchedulingPriority ?? 0, job.Sequence);
    }

    // What other queues hold is not there for this one.
    private static QuotaPool Pool(ServiceLedger ledger, string environment, List<RunningQuotaJob> running)
    {
        var limits = ledger.Limits(environment).ToLookup(limit => (limit.CapacityUnit ?? ServiceSize.Instances) == ServiceSize.Instances);
        long Left(CapacityLimit limit, string unit, IEnumerable<RunningQuotaJob> ours) =>
            (limit.MaxCapacity ?? 0) - ledger.Used(environment, unit) + ours.Sum(one => one.Job.Quantity);
        return new QuotaPool(
            limits[false].ToDictionary(limit => limit.CapacityUnit!,
                limit => Left(limit, limit.CapacityUnit!, running.Where(one => one.Job.Unit == limit.CapacityUnit))),
            limits[true].Select(limit => (long?)Left(limit, ServiceSize.Instances, running)).FirstOrDefault());
    }
}
