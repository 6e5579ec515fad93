using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations.ConsumableResources;

/// <summary>ListJobsByConsumableResource.</summary>
internal static class ConsumableJobs
{

    public static OperationResult<ListJobsByConsumableResourceResponse> List(EngineState state, ListJobsByConsumableResourceRequest request)
    {
        DescribeConsumableResourceResponse resource =
            ResourceRules.Existing(state.ConsumableResources, "consumable resource", request.ConsumableResource);
        var query = new EndedQuery { ConsumableResource = resource.ConsumableResourceName };
        foreach (KeyValuesPair filter in request.Filters ?? [])
        {
            string value = filter.Values is [var only] ? only : throw new Refusal($"The filter {filter.Name} needs exactly one value.");
            query = filter.Name switch
            {
                "JOB_STATUS" =>
                    JobStatus.All.Contains(value)
                        ? query with { Status = value }
                        : throw new Refusal($"The job status {value} is unknown."),
                "JOB_NAME" => query with { Name = value },
                _ => throw new Refusal($"The filter {filter.Name} is unknown. Use JOB_STATUS or JOB_NAME."),
            };
        }
        return JobPages.Of(
            state, query, $"ListJobsByConsumableResource {query}", request.NextToken,
            Math.Clamp(request.MaxResults ?? BatchLimits.Page, 1, BatchLimits.Page),
            (job, _) => Summary(job, resource), (page, next) => new ListJobsByConsumableResourceResponse { Jobs = page, NextToken = next });
    }

    private static ListJobsByConsumableResourceSummary Summary(Job job, DescribeConsumableResourceResponse resource) => new()
    {
        JobArn = job.Plan.Arns.Job(job.Id),
        JobQueueArn = job.Plan.Arns.Queue(job.Plan.Queue),
        JobName = job.Plan.Name,
        JobDefinitionArn = job.Plan.Definition.JobDefinitionArn,
        ShareIdentifier = job.Plan.ShareIdentifier,
        JobStatus = job.State.ToStatus(),
        Quantity = job.Plan.Consumables.GetValueOrDefault(resource.ConsumableResourceName),
        StatusReason = job.StatusReason,
        StartedAt = job.StartedAt,
        CreatedAt = job.CreatedAt,
        ConsumableResourceProperties = new ConsumableResourceProperties
        {
            ConsumableResourceList = [.. job.Plan.Consumables.Select(
                one => new ConsumableResourceRequirement
                {
                    ConsumableResource = job.Plan.Arns.ConsumableResource(one.Key),
                    Quantity = one.Value,
                })],
        },
    };
}
