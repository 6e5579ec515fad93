using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Placement;
using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations.ServiceJobs;

/// <summary>DescribeServiceJob and ListServiceJobs.</summary>
internal static class ServiceJobQueries
{

    public static DescribeServiceJobResponse Describe(EngineState state, DescribeServiceJobRequest request) =>
        ServiceJobDetails.Describe(Existing(state, request.JobId));

    public static OperationResult<ListServiceJobsResponse> List(EngineState state, ListServiceJobsRequest request)
    {
        JobQueueDetail queue =
            ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue ?? throw new Refusal("Give a jobQueue."));
        EndedQuery query = ListFilters.Read(
            request.Filters, request.JobStatus ?? ServiceJobStatus.Running, request.JobStatus, ServiceJobStatus.All) with
        {
            Queue = queue.JobQueueName,
            Kind = JobKind.Service,
        };
        return JobPages.Of(
            state, query, $"ListServiceJobs {query}", request.NextToken,
            Math.Clamp(request.MaxResults ?? BatchLimits.Page, 1, BatchLimits.Page),
            (job, _) => Summary(job), (page, next) => new ListServiceJobsResponse { JobSummaryList = page, NextToken = next });
    }

    /// <summary>The service job of an id or ARN, or a refusal.</summary>
    public static Job Existing(EngineState state, string idOrArn) =>
        state.Find(LocalArn.NameOf(idOrArn)) is { Plan.Kind: JobKind.Service } job
            ? job
            : throw new Refusal($"There is no service job {idOrArn}.");

    private static ServiceJobSummary Summary(Job job) => new()
    {
        LatestAttempt = ServiceJobDetails.Latest(job),
        CapacityUsage = [Usage(job)],
        CreatedAt = job.CreatedAt,
        JobArn = JobArn.Of(job),
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
        IsTerminated = job.IsTerminated ? true : null,
    };

    private static ServiceJobCapacityUsageSummary Usage(Job job)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        return new ServiceJobCapacityUsageSummary { CapacityUnit = size.UnitOf(job), Quantity = size.Count };
    }
}
