using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>Jobs as ListJobs shows them.</summary>
internal static class JobSummaries
{
    /// <summary>A job in short.</summary>
    public static JobSummary Summarize(Job job, ChildStates children, int? node = null)
    {
        string id = node is { } index ? JobIds.Node(job.Id, index) : job.Id;
        JobPlan plan = job.Plan;
        NodeRun? run = job.Nodes.ElementAtOrDefault(node ?? job.Plan.MainNode);
        return new JobSummary
        {
            JobArn = job.Plan.Arns.Job(id),
            JobId = id,
            JobName = job.Plan.Name,
            CapacityUsage = job.State.IsBeforeStart()
                ? null
                : [new JobCapacityUsageSummary { CapacityUnit = ResourceType.Vcpu, Quantity = (double)plan.Demand.VCpus.Value }],
            CreatedAt = job.CreatedAt,
            ScheduledAt = job.ScheduledAt,
            ShareIdentifier = plan.ShareIdentifier,
            Status = NodeOutcome.State(job, node).ToStatus(),
            StatusReason = NodeOutcome.Reason(job, node),
            StartedAt = job.StartedAt,
            StoppedAt = NodeOutcome.StoppedAt(job, node),
            Container = run is null ? null : new ContainerSummary { ExitCode = run.ExitCode, Reason = run.Reason },
            ArrayProperties = Array(job, children),
            NodeProperties = Nodes(job, node),
            JobDefinition = job.Plan.Definition.JobDefinitionArn,
            // There only where it is true. (API JobSummary)
            IsCancelled = job.IsCancelled ? true : null,
            IsTerminated = job.IsTerminated ? true : null,
        };
    }

    private static ArrayPropertiesSummary? Array(Job job, ChildStates children)
    {
        if (job.IsArrayParent)
        {
            return new ArrayPropertiesSummary
            {
                Size = job.Plan.ArraySize,
                StatusSummary = JobDetails.Summary(children.Counts),
                StatusSummaryLastUpdatedAt = children.UpdatedAt,
            };
        }
        return job.Index is { } index ? new ArrayPropertiesSummary { Index = index } : null;
    }

    private static NodePropertiesSummary? Nodes(Job job, int? node)
    {
        if (!job.Plan.IsMultiNode) return null;
        return node is { } index
            ? new NodePropertiesSummary { NodeIndex = index, IsMainNode = index == job.Plan.MainNode }
            : new NodePropertiesSummary { NumNodes = job.Plan.Nodes.Count };
    }
}
