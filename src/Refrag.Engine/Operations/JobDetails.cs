using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Plans;

namespace Refrag.Engine.Operations;

/// <summary>Jobs as DescribeJobs shows them.</summary>
internal static class JobDetails
{
    /// <summary>A job, an array's child or parent, or (with <paramref name="node"/>) a node of a multi-node job.</summary>
    public static JobDetail Describe(Job job, IReadOnlyDictionary<JobState, int> children, int? node = null)
    {
        JobPlan plan = job.Plan;
        string id = node is { } index ? JobIds.Node(job.Id, index) : job.Id;
        return new JobDetail
        {
            JobArn = LocalArn.Job(id),
            JobName = plan.Name,
            JobId = id,
            JobQueue = LocalArn.Queue(plan.Queue),
            Status = job.State.ToStatus(),
            StatusReason = job.StatusReason,
            Attempts = job.Attempts,
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            StoppedAt = job.StoppedAt,
            RetryStrategy = plan.Retry,
            DependsOn = plan.DependsOn,
            JobDefinition = plan.Definition.JobDefinitionArn,
            Parameters = plan.Parameters,
            Container = plan.IsMultiNode && node is null ? null : Container(job, node ?? 0),
            NodeProperties = node is null ? plan.NodeProperties : null,
            NodeDetails = node is { } number ? new NodeDetails { NodeIndex = number, IsMainNode = number == plan.MainNode } : null,
            ArrayProperties = Array(job, children),
            Timeout = plan.Timeout is { } timeout ? new JobTimeout { AttemptDurationSeconds = (int)timeout.TotalSeconds } : null,
            Tags = plan.Tags,
            PropagateTags = plan.PropagateTags,
            PlatformCapabilities = plan.Definition.PlatformCapabilities,
            IsCancelled = job.IsCancelled,
            IsTerminated = job.IsTerminated,
        };
    }

    /// <summary>The counts of a parent in the API's words; every state is there.</summary>
    public static IReadOnlyDictionary<string, int> Summary(IReadOnlyDictionary<JobState, int> children) =>
        JobStates.All.ToDictionary(state => state.ToStatus(), state => children.GetValueOrDefault(state));

    private static ArrayPropertiesDetail? Array(Job job, IReadOnlyDictionary<JobState, int> children)
    {
        if (job.IsArrayParent) return new ArrayPropertiesDetail { Size = job.Plan.ArraySize, StatusSummary = Summary(children) };
        return job.Index is { } index ? new ArrayPropertiesDetail { Index = index } : null;
    }

    private static ContainerDetail Container(Job job, int node)
    {
        NodePlan plan = job.Plan.Nodes[node];
        NodeRun? run = job.Nodes.ElementAtOrDefault(node);
        return new ContainerDetail
        {
            Image = plan.Container.Image,
            Vcpus = (int)plan.Demand.VCpus.Value,
            Memory = (int)plan.Demand.Memory.Value,
            Command = plan.Command,
            JobRoleArn = plan.Container.JobRoleArn,
            Environment = plan.Environment,
            ResourceRequirements = plan.Requirements,
            LogConfiguration = plan.Container.LogConfiguration,
            ExitCode = run?.ExitCode,
            Reason = run?.Reason,
            ContainerInstanceArn = run is null ? null : LocalArn.Host,
            TaskArn = run is null ? null : LocalArn.Task(run.TaskId),
            LogStreamName = run?.LogStream,
            NetworkInterfaces = [],
            MountPoints = [],
            Volumes = [],
            Ulimits = [],
            Secrets = [],
        };
    }
}
