using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Engine.ServiceJobs;

/// <summary>Placement of service jobs in queues with quota shares: the scheduling core decides, this tells it how things stand. Owned by the writer loop.</summary>
internal sealed class QuotaPlacement(EngineState state, ServiceLedger ledger)
{
    /// <summary>The beginning of every status reason of a job that waits in a quota share. (assumed: Batch shows no words)</summary>
    public const string WaitWords = "Waits in its quota share: ";

    // As Batch words it in its event. (UG batch-service-job-preemption-events)
    private const string CrossShare = "PREEMPTION_IN_PROGRESS: Cross-share preemption triggered to reclaim borrowed capacity";
    private const string InShare = "PREEMPTION_IN_PROGRESS: In-share preemption triggered by a job with a higher priority";

    /// <summary>Whether a queue has quota shares.</summary>
    public bool IsQuota(JobQueueDetail queue) => state.SchedulingPolicies.Find(queue.SchedulingPolicyArn)?.QuotaSharePolicy is not null;

    /// <summary>What is to happen in a queue.</summary>
    public QuotaPlan Decide(JobQueueDetail queue, string environment)
    {
        List<Job> held = [.. ledger.Held.Select(id => state.Jobs[id]).Where(job => job.Plan.Queue == queue.JobQueueName)];
        IReadOnlyList<CapacityLimit> limits = state.ServiceEnvironments.Find(environment)?.CapacityLimits ?? [];
        List<QuotaJob> jobs = [.. held.Concat(state.Jobs.Runnable.Of(queue.JobQueueName).Select(id => state.Jobs[id])).Select(job => Model(job, limits))];
        return new QuotaSnapshot
        {
            // What other queues use of the environment is not there for this one.
            Capacity = limits.Where(limit => limit.CapacityUnit is not null).ToDictionary(
                limit => limit.CapacityUnit!,
                limit => (int)Math.Max(0, (limit.MaxCapacity ?? 0) - ledger.UsedBeside(environment, limit.CapacityUnit!, held))),
            Shares = [.. state.QuotaShares.All.Where(share => share.JobQueueArn == queue.JobQueueArn).Select(Model)],
            Jobs = jobs,
        }.Decide();
    }

    /// <summary>The ids of a queue's waiting jobs: the higher priority first, then by submission, so that of each share the first comes first.</summary>
    public IEnumerable<string> Order(string queue) => state.Jobs.Runnable.Of(queue).Select(id => state.Jobs[id]).OrderByDescending(Priority).ThenBy(job => job.Sequence).Select(job => job.Id);

    /// <summary>Why a job is preempted, for its status reason.</summary>
    public static string ReasonOf(QuotaPreemption one) => one.IsCrossShare ? CrossShare : InShare;

    /// <summary>Why a job waits, for its status reason.</summary>
    public string WordsOf(QuotaWait wait)
    {
        ServiceSize size = ServiceSize.Of(state.Jobs[wait.JobId].Plan.Service!);
        string wanted = string.Create(CultureInfo.InvariantCulture, $"{size.Count} {(size.InstanceType.Length > 0 ? size.InstanceType : "instances")}");
        return WaitWords + wait.Cause switch
        {
            QuotaWaitCause.NoShare => $"{wait.Share} does not exist any more.",
            QuotaWaitCause.NoEnvironmentLimit => $"the service environment has no capacity limit for {size.InstanceType}.",
            QuotaWaitCause.NoShareLimit => $"{wait.Share} has no capacity limit for {size.InstanceType}.",
            QuotaWaitCause.TooLarge => $"it asks for {wanted}, more than {wait.Share} or the service environment can ever have.",
            QuotaWaitCause.ShareFull => $"the capacity of {wait.Share} is in use, and it does not borrow.",
            QuotaWaitCause.BorrowLimit => $"{wait.Share} has reached its borrow limit.",
            QuotaWaitCause.NothingLent => $"the capacity of {wait.Share} is in use, and no other share lends {wanted}.",
            QuotaWaitCause.Preempting => "jobs that are being preempted make room for it.",
            _ => "the capacity of the service environment is in use.",
        };
    }

    private static int Priority(Job job) => job.Priority ?? job.Plan.Priority ?? 0;

    private static QuotaJob Model(Job job, IReadOnlyList<CapacityLimit> limits)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        QuotaJobState stand = job.State is JobState.Runnable ? QuotaJobState.Waiting : job.Stop is not null || job.Preemption is not null ? QuotaJobState.Stopping : QuotaJobState.Running;
        DateTimeOffset? since = (job.StartedAt ?? job.ScheduledAt) is { } at && stand is not QuotaJobState.Waiting ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
        return new QuotaJob(job.Id, job.Plan.Service!.QuotaShareName ?? "", ServiceLedger.UnitOf(size, limits), size.Count, job.Sequence, Priority(job), stand, since);
    }

    private static QuotaShare Model(DescribeQuotaShareResponse share) => new()
    {
        Name = share.QuotaShareName!,
        Limits = (share.CapacityLimits ?? []).Where(limit => limit.CapacityUnit is not null).ToDictionary(limit => limit.CapacityUnit!, limit => limit.MaxCapacity ?? 0),
        Sharing = share.ResourceSharingConfiguration?.Strategy switch
        {
            QuotaShareResourceSharingStrategy.LendAndBorrow => QuotaSharing.LendAndBorrow,
            QuotaShareResourceSharingStrategy.Lend => QuotaSharing.Lend,
            _ => QuotaSharing.Reserve,
        },
        BorrowPercent = share.ResourceSharingConfiguration?.BorrowLimit is >= 0 and var percent ? percent : null,
        PreemptsInShare = share.PreemptionConfiguration?.InSharePreemption == QuotaShareInSharePreemptionState.Enabled,
    };
}
