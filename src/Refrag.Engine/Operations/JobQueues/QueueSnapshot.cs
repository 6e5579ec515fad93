using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Placement;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.JobQueues;

/// <summary>GetJobQueueSnapshot: who is first in a queue, and who has how much of what it has given out.</summary>
internal static class QueueSnapshot
{
    private const int MostJobs = 100;
    private const int MostShares = 20;

    public static GetJobQueueSnapshotResponse Get(EngineState state, Placements placements, GetJobQueueSnapshotRequest request)
    {
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue);
        SchedulingPolicyDetail? policy = state.PolicyOf(queue);
        List<Job> waiting = [.. placements.Order(queue.JobQueueName).Select(id => state.Jobs[id])];
        List<Job> running = [.. state.Placed.Select(id => state.Jobs[id]).Where(job => job.Plan.Queue == queue.JobQueueName)];
        bool isQuota = policy?.QuotaSharePolicy is not null;
        return new GetJobQueueSnapshotResponse
        {
            FrontOfQueue = new FrontOfQueueDetail
            {
                Jobs = [.. waiting.Take(MostJobs)
                    .Select(job => new FrontOfQueueJobSummary { JobArn = JobArn.Of(job), EarliestTimeAtPosition = job.RunnableSince })],
                LastUpdatedAt = state.Now,
            },
            FrontOfQuotaShares = isQuota ? Fronts(state, waiting) : null,
            QueueUtilization = new QueueSnapshotUtilizationDetail
            {
                TotalCapacityUsage = isQuota
                    ? [.. ByUnit(running)
                    .Select(unit => new QueueSnapshotCapacityUsage { CapacityUnit = unit.Unit, Quantity = unit.Quantity })]
                    : [new QueueSnapshotCapacityUsage { CapacityUnit = Unit(queue), Quantity = running.Sum(Usage) }],
                FairshareUtilization = policy is not null && !isQuota ? Fair(running, Unit(queue)) : null,
                QuotaShareUtilization = isQuota ? Quota(running) : null,
                LastUpdatedAt = state.Now,
            },
        };
    }

    private static FrontOfQuotaSharesDetail Fronts(EngineState state, IEnumerable<Job> waiting) => new()
    {
        QuotaShares = waiting.GroupBy(job => job.Plan.Service?.QuotaShareName ?? "")
            .Select(share => (Name: share.Key, First: share.First())).ToDictionary(
            share => share.Name,
            share => (IReadOnlyList<FrontOfQuotaShareJobSummary>)[new FrontOfQuotaShareJobSummary
            {
                JobArn = JobArn.Of(share.First),
                EarliestTimeAtPosition = share.First.RunnableSince,
            }]),
        LastUpdatedAt = state.Now,
    };

    private static FairshareUtilizationDetail Fair(IEnumerable<Job> running, string unit)
    {
        var shares = running.GroupBy(job => job.Plan.ShareIdentifier ?? "")
            .Select(share => (Name: share.Key, Usage: share.Sum(Usage))).ToList();
        return new FairshareUtilizationDetail
        {
            ActiveShareCount = shares.Count,
            TopCapacityUtilization = [.. shares.OrderByDescending(share => share.Usage)
                .Take(MostShares).Select(share => new FairshareCapacityUtilization
            {
                ShareIdentifier = share.Name,
                CapacityUsage = [new FairshareCapacityUsage { CapacityUnit = unit, Quantity = share.Usage }],
            })],
        };
    }

    private static QuotaShareUtilizationDetail Quota(IEnumerable<Job> running) => new()
    {
        TopCapacityUtilization = [.. running.GroupBy(job => job.Plan.Service?.QuotaShareName ?? "")
            .OrderByDescending(share => share.Sum(Usage)).ThenBy(share => share.Key, StringComparer.Ordinal)
            .Take(MostShares).Select(share => new QuotaShareCapacityUtilization
            {
                QuotaShareName = share.Key,
                CapacityUsage = [.. ByUnit(share)
                    .Select(unit => new QuotaShareCapacityUsage { CapacityUnit = unit.Unit, Quantity = unit.Quantity })],
            })],
    };

    // Jobs with quota shares count by instance type. (API QueueSnapshotCapacityUsage)
    private static IEnumerable<(string Unit, double Quantity)> ByUnit(IEnumerable<Job> jobs) => jobs
        .Select(job => (Job: job, Size: ServiceSize.Of(job.Plan.Service!)))
        .GroupBy(one => one.Size.UnitOf(one.Job))
        .OrderBy(unit => unit.Key, StringComparer.Ordinal)
        .Select(unit => (unit.Key, (double)unit.Sum(one => one.Size.Count)));

    // Kubernetes says cpu, ECS says VCPU. (API FairshareCapacityUtilization)
    private static string Unit(JobQueueDetail queue) => queue.JobQueueType switch
    {
        JobQueueType.Eks => "cpu",
        JobQueueType.SagemakerTraining => ServiceSize.Instances,
        _ => ResourceType.Vcpu,
    };

    private static double Usage(Job job) =>
        job.Plan.Service is { } service ? ServiceSize.Of(service).Count : (double)job.Plan.Demand.VCpus.Value;
}
