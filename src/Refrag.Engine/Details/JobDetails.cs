using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;

namespace Refrag.Engine.Details;

/// <summary>Jobs as DescribeJobs shows them.</summary>
internal static class JobDetails
{
    private static readonly IReadOnlyDictionary<string, int> s_noChildren = new Dictionary<string, int>();

    /// <summary>A job, an array's child or parent, or (with <paramref name="node"/>) a node of a multi-node job.</summary>
    public static JobDetail Describe(Job job, ChildStates children, int? node = null)
    {
        JobPlan plan = job.Plan;
        string id = node is { } index ? JobIds.Node(job.Id, index) : job.Id;
        return new JobDetail
        {
            JobArn = plan.Arns.Job(id),
            JobName = plan.Name,
            JobId = id,
            JobQueue = plan.Arns.Queue(plan.Queue),
            Status = NodeOutcome.State(job, node).ToStatus(),
            StatusReason = NodeOutcome.Reason(job, node),
            Attempts = [.. (node is { } own && own != plan.MainNode ? AttemptsOfNode(job, own) : job.Attempts).Select(WithNetwork)],
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            StoppedAt = NodeOutcome.StoppedAt(job, node),
            RetryStrategy = EmptyCollections.Fill(plan.Retry),
            DependsOn = plan.DependsOn,
            ShareIdentifier = plan.ShareIdentifier,
            SchedulingPriority = job.Priority ?? plan.Priority,
            ConsumableResourceProperties = Consumables(plan),
            EcsProperties = EcsDetails.Describe(job, node),
            EksProperties = plan.Definition.EksProperties is { } eks ? EksDetails.Describe(job, eks) : null,
            EksAttempts = plan.Definition.EksProperties is null ? [] : EksDetails.Attempts(job),
            JobDefinition = plan.Definition.JobDefinitionArn,
            Parameters = plan.Parameters,
            Container = HasContainer(plan, node) ? Container(job, node ?? 0) : null,
            NodeProperties = node is null ? EmptyCollections.Fill(plan.NodeProperties) : null,
            NodeDetails = node is { } number ? new NodeDetails { NodeIndex = number, IsMainNode = number == plan.MainNode } : null,
            ArrayProperties = Array(job, children),
            Timeout = plan.Timeout is { } timeout ? new JobTimeout { AttemptDurationSeconds = (int)timeout.TotalSeconds } : null,
            Tags = EmptyCollections.OrNone(job.Tags ?? plan.Tags),
            PropagateTags = plan.PropagateTags,
            PlatformCapabilities = plan.Definition.PlatformCapabilities ?? [],
            IsCancelled = job.IsCancelled,
            IsTerminated = job.IsTerminated,
        };
    }

    /// <summary>The counts of a parent in the API's words; every state is there.</summary>
    public static IReadOnlyDictionary<string, int> Summary(IReadOnlyDictionary<JobState, int> children) =>
        JobStateExtensions.All
            .Where(state => state is not JobState.Scheduled)
            .ToDictionary(state => state.ToStatus(), state => children.GetValueOrDefault(state));

    private static bool HasContainer(JobPlan plan, int? node) =>
        plan.IsMultiNode ? node is not null : plan.Definition.EcsProperties is null && plan.Definition.EksProperties is null;

    private static ConsumableResourceProperties? Consumables(JobPlan plan) =>
        plan.Consumables.Count == 0 ? null : new ConsumableResourceProperties
        {
            ConsumableResourceList = [.. plan.Consumables.Select(
            one => new ConsumableResourceRequirement { ConsumableResource = plan.Arns.ConsumableResource(one.Key), Quantity = one.Value })],
        };

    private static ArrayPropertiesDetail? Array(Job job, ChildStates children)
    {
        if (job.IsArrayParent)
        {
            return new ArrayPropertiesDetail
            {
                Size = job.Plan.ArraySize,
                StatusSummary = Summary(children.Counts),
                StatusSummaryLastUpdatedAt = children.UpdatedAt,
            };
        }
        return job.Index is { } index ? new ArrayPropertiesDetail { Index = index, StatusSummary = s_noChildren } : null;
    }

    private static AttemptDetail WithNetwork(AttemptDetail attempt) => attempt.Container is { NetworkInterfaces: null } container
        ? attempt with { Container = container with { NetworkInterfaces = [] } }
        : attempt;

    // What is kept of an attempt is its main node. Of another node the last attempt is known, and nothing false is said of those before.
    private static List<AttemptDetail> AttemptsOfNode(Job job, int node)
    {
        NodeRun? last = job.State.IsFinal() ? job.Nodes.ElementAtOrDefault(node) : null;
        return [.. job.Attempts.Select(
            (attempt, at) => attempt with { Container = Of(attempt.Container, at == job.Attempts.Count - 1 ? last : null) })];

        AttemptContainerDetail? Of(AttemptContainerDetail? main, NodeRun? run) => main is null ? null : main with
        {
            ExitCode = run?.ExitCode,
            Reason = run?.Reason,
            LogStreamName = run?.LogStream,
            TaskArn = run is null ? null : JobArn.Task(job, run),
        };
    }

    // What the old fields ask for is answered there and not here. (Terraform AWS provider, its test of empty resourceRequirements)
    private static IReadOnlyList<ResourceRequirement> Requirements(NodePlan plan) => plan.OldFields is (null, null)
        ? plan.Requirements
        : [.. plan.Requirements.Where(one => one.Type switch
        {
            ResourceType.Vcpu => plan.OldFields.VCpus is null,
            ResourceType.Memory => plan.OldFields.Memory is null,
            _ => true,
        })];

    private static ContainerDetail Container(Job job, int node)
    {
        NodePlan plan = job.Plan.Nodes[node];
        NodeRun? run = job.Nodes.ElementAtOrDefault(node);
        ContainerProperties container = plan.Container;
        return new ContainerDetail
        {
            Image = container.Image,
            Vcpus = plan.OldFields.VCpus,
            Memory = plan.OldFields.Memory,
            Command = plan.Command,
            JobRoleArn = container.JobRoleArn,
            ExecutionRoleArn = container.ExecutionRoleArn,
            Volumes = container.Volumes ?? [],
            Environment = plan.Environment,
            MountPoints = container.MountPoints ?? [],
            ReadonlyRootFilesystem = container.ReadonlyRootFilesystem,
            Ulimits = container.Ulimits ?? [],
            Privileged = container.Privileged,
            User = container.User,
            ExitCode = run?.ExitCode,
            Reason = run?.Reason,
            ContainerInstanceArn = run is null ? null : JobArn.Host(job, run),
            TaskArn = run is null ? null : JobArn.Task(job, run),
            LogStreamName = run?.LogStream,
            InstanceType = container.InstanceType,
            NetworkInterfaces = [],
            ResourceRequirements = Requirements(plan),
            LinuxParameters = EmptyCollections.Fill(container.LinuxParameters),
            LogConfiguration = EmptyCollections.Fill(container.LogConfiguration),
            Secrets = container.Secrets ?? [],
            NetworkConfiguration = container.NetworkConfiguration,
            FargatePlatformConfiguration = container.FargatePlatformConfiguration,
            EphemeralStorage = container.EphemeralStorage,
            RuntimePlatform = container.RuntimePlatform,
            RepositoryCredentials = container.RepositoryCredentials,
            EnableExecuteCommand = container.EnableExecuteCommand,
        };
    }
}
