using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Resources;
using Refrag.Engine.ServiceJobs;

namespace Refrag.Engine.JobQueues;

/// <summary>GetJobQueueSnapshot: who is first in a queue, and who has how much of what it has given out.</summary>
internal static class QueueSnapshot
{
    private const int MostJobs = 100;
    private const int MostShares = 20;
    private const string Cpu = "VCPU";

    public static GetJobQueueSnapshotResponse Get(EngineState state, GetJobQueueSnapshotRequest request)
    {
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue);
        SchedulingPolicyDetail? policy = QueueRules.PolicyOf(state, queue);
        List<Job> waiting = [.. state.Placement.Order(queue.JobQueueName).Select(id => state.Jobs[id])];
        List<Job> running = [.. state.Placed.Select(id => state.Jobs[id]).Where(job => job.Plan.Queue == queue.JobQueueName)];
        bool isQuota = policy?.QuotaSharePolicy is not null;
        return new GetJobQueueSnapshotResponse
        {
            FrontOfQueue = new FrontOfQueueDetail
            {
                Jobs = [.. waiting.Take(MostJobs).Select(job => new FrontOfQueueJobSummary { JobArn = LocalArn.Job(job.Id), EarliestTimeAtPosition = job.RunnableSince })],
                LastUpdatedAt = state.Now,
            },
            FrontOfQuotaShares = isQuota ? Fronts(state, waiting) : null,
            QueueUtilization = new QueueSnapshotUtilizationDetail
            {
                TotalCapacityUsage = [.. ByUnit(running, queue).Select(one => new QueueSnapshotCapacityUsage { CapacityUnit = one.Unit, Quantity = one.Usage })],
                FairshareUtilization = policy is not null && !isQuota ? Fair(running, Unit(queue)) : null,
                QuotaShareUtilization = isQuota ? Quota(running, queue) : null,
                LastUpdatedAt = state.Now,
            },
        };
    }

    private static FrontOfQuotaSharesDetail Fronts(EngineState state, IEnumerable<Job> waiting) => new()
    {
        QuotaShares = waiting.GroupBy(job => job.Plan.Service?.QuotaShareName ?? "").ToDictionary(
            share => share.Key,
            share => (IReadOnlyList<FrontOfQuotaShareJobSummary>)[new FrontOfQuotaShareJobSummary { JobArn = LocalArn.Job(share.First().Id), EarliestTimeAtPosition = share.First().RunnableSince }]),
        LastUpdatedAt = state.Now,
    };

    private static FairshareUtilizationDetail Fair(IEnumerable<Job> running, string unit)
    {
        var shares = running.GroupBy(job => job.Plan.ShareIdentifier ?? "").Select(share => (Name: share.Key, Usage: share.Sum(Usage))).ToList();
        return new FairshareUtilizationDetail
        {
            ActiveShareCount = shares.Count,
            TopCapacityUtilization = [.. shares.OrderByDescending(share => share.Usage).Take(MostShares).Select(share => new FairshareCapacityUtilization
            {
                ShareIdentifier = share.Name,
                CapacityUsage = [new FairshareCapacityUsage { CapacityUnit = unit, Quantity = share.Usage }],
            })],
        };
    }

    private static QuotaShareUtilizationDetail Quota(IEnumerable<Job> running, JobQueueDetail queue) => new()
    {
        TopCapacityUtilization = [.. running.GroupBy(job => job.Plan.Service?.QuotaShareName ?? "")
            .OrderByDescending(share => share.Sum(Usage)).ThenBy(share => share.Key, StringComparer.Ordinal).Take(MostShares).Select(share => new QuotaShareCapacityUtilization
            {
                QuotaShareName = share.Key,
                CapacityUsage = [.. ByUnit([.. share], queue).Select(one => new QuotaShareCapacityUsage { CapacityUnit = one.Unit, Quantity = one.Usage })],
            })],
    };

    // Service jobs count by instance type; an idle queue uses nothing of its own unit. (API QueueSnapshotCapacityUsage)
    private static IEnumerable<(string Unit, double Usage)> ByUnit(List<Job> running, JobQueueDetail queue) => running.Count == 0
        ? [(Unit(queue), 0)]
        : running.GroupBy(job => job.Plan.Service is { } service && ServiceSize.Of(service).InstanceType is { Length: > 0 } type ? type : Unit(queue))
            .OrderBy(unit => unit.Key, StringComparer.Ordinal).Select(unit => (unit.Key, unit.Sum(Usage)));

    // Kubernetes says cpu, ECS says VCPU. (API FairshareCapacityUtilization)
    private static string Unit(JobQueueDetail queue) => queue.JobQueueType switch
    {
        JobQueueType.Eks => "cpu",
        JobQueueType.SagemakerTraining => ServiceLedger.Instances,
        _ => Cpu,
    };

    private static double Usage(Job job) => job.Plan.Service is { } service ? ServiceSize.Of(service).Count : (double)job.Plan.Demand.VCpus.Value;
}
