using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Operations;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;

namespace Refrag.Engine.ServiceJobs;

/// <summary>DescribeServiceJob and ListServiceJobs.</summary>
internal static class ServiceJobQueries
{
    private const int MostPerPage = 100;

    public static DescribeServiceJobResponse Describe(EngineState state, DescribeServiceJobRequest request) => Describe(Existing(state, request.JobId));

    public static DescribeServiceJobResponse Describe(Job job)
    {
        SubmitServiceJobRequest asked = job.Plan.Service!;
        ServiceSize size = ServiceSize.Of(asked);
        return new DescribeServiceJobResponse
        {
            Attempts = [.. job.Attempts.Select(attempt => new ServiceJobAttemptDetail
            {
                ServiceResourceId = Resource(LocalArn.NameOf(attempt.Container?.TaskArn ?? "")),
                StartedAt = attempt.StartedAt,
                StoppedAt = attempt.StoppedAt,
                StatusReason = attempt.StatusReason,
            })],
            CapacityUsage = [new ServiceJobCapacityUsageDetail { CapacityUnit = size.UnitOf(job), Quantity = size.Count }],
            CreatedAt = job.CreatedAt,
            IsTerminated = job.IsTerminated,
            JobArn = LocalArn.ServiceJob(job.Id),
            JobId = job.Id,
            JobName = job.Plan.Name,
            JobQueue = LocalArn.Queue(job.Plan.Queue),
            LatestAttempt = Latest(job),
            RetryStrategy = asked.RetryStrategy ?? new ServiceJobRetryStrategy { Attempts = 1 },
            ScheduledAt = job.ScheduledAt,
            SchedulingPriority = job.Priority ?? asked.SchedulingPriority,
            ServiceRequestPayload = asked.ServiceRequestPayload,
            ServiceJobType = asked.ServiceJobType,
            ShareIdentifier = asked.ShareIdentifier,
            QuotaShareName = asked.QuotaShareName,
            PreemptionConfiguration = asked.PreemptionConfiguration,
            PreemptionSummary = Preemptions(job),
            StartedAt = job.StartedAt,
            Status = job.State.ToStatus(),
            StatusReason = job.StatusReason,
            StoppedAt = job.StoppedAt,
            Tags = job.Tags ?? asked.Tags ?? new Dictionary<string, string>(),
            TimeoutConfig = asked.TimeoutConfig,
        };
    }

    public static OperationResult<ListServiceJobsResponse> List(EngineState state, ListServiceJobsRequest request)
    {
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue ?? throw new Refusal("Give a jobQueue."));
        EndedQuery query = ListFilters.Read(request.Filters, request.JobStatus ?? ServiceJobStatus.Running, request.JobStatus, ServiceJobStatus.All) with
        {
            Queue = queue.JobQueueName,
            Kind = JobKind.Service,
        };
        return JobPages.Of(
            state, query, $"ListServiceJobs {query}", request.NextToken, Math.Clamp(request.MaxResults ?? MostPerPage, 1, MostPerPage),
            (job, _) => Summary(job), (page, next) => new ListServiceJobsResponse { JobSummaryList = page, NextToken = next });
    }

    /// <summary>The service job of an id or ARN, or a refusal.</summary>
    public static Job Existing(EngineState state, string idOrArn) =>
        state.Find(LocalArn.NameOf(idOrArn)) is { Plan.Kind: JobKind.Service } job ? job : throw new Refusal($"There is no service job {idOrArn}.");

    private static ServiceJobSummary Summary(Job job) => new()
    {
        LatestAttempt = Latest(job),
        CapacityUsage = [Usage(job)],
        CreatedAt = job.CreatedAt,
        JobArn = LocalArn.ServiceJob(job.Id),
        JobId = job.Id,
        JobName = job.Plan.Name,
        ScheduledAt = job.ScheduledAt,
        ServiceJobType = job.Plan.Service!.ServiceJobType,
        ShareIdentifier = job.Plan.ShareIdentifier,
        QuotaShareName = job.Plan.Service.QuotaShareName,
        Status = job.State.ToStatus(),
        StatusReason = job.StatusReason,
        StartedAt = job.StartedAt,
        StoppedAt = job.StoppedAt,
    };

    private static LatestServiceJobAttempt? Latest(Job job) =>
        job.Nodes is [var run, ..] ? new LatestServiceJobAttempt { ServiceResourceId = Resource(run.TaskId) } : null;

    private static ServiceResourceId Resource(string task) => new() { Name = ServiceResourceIdName.TrainingJobArn, Value = LocalArn.TrainingJob($"AWSBatch-{task}") };

    private static ServiceJobCapacityUsageSummary Usage(Job job)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        return new ServiceJobCapacityUsageSummary { CapacityUnit = size.UnitOf(job), Quantity = size.Count };
    }

    /// <summary>How often a job was preempted; null for never. (API DescribeServiceJob.preemptionSummary)</summary>
    public static ServiceJobPreemptionSummary? Preemptions(Job job) => job.Preemptions == 0 ? null : new ServiceJobPreemptionSummary
    {
        PreemptedAttemptCount = job.Preemptions,
        RecentPreemptedAttempts = [.. job.PreemptedAttempts.Select(attempt => new ServiceJobPreemptedAttempt
        {
            ServiceResourceId = Resource(LocalArn.NameOf(attempt.Container?.TaskArn ?? "")),
            StartedAt = attempt.StartedAt,
            StoppedAt = attempt.StoppedAt,
            StatusReason = attempt.StatusReason,
        })],
    };
}
