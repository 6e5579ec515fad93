using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>Makes a plan of a submission and the definition that it names.</summary>
internal static class JobPlanner
{
    /// <summary>The plan, and everything that is wrong with the request; with anything wrong there is no plan.</summary>
    public static (JobPlan? Plan, IReadOnlyList<string> Wrong) Plan(
        SubmitJobRequest request, JobDefinition definition, string queue, LocalArns arns) =>
        Plan(request, definition, queue, arns, isStored: false);

    private static (JobPlan? Plan, IReadOnlyList<string> Wrong) Plan(
        SubmitJobRequest request, JobDefinition definition, string queue, LocalArns arns, bool isStored)
    {
        List<string> wrong = [];
        CheckRequest(request, definition, wrong.Add);
        IReadOnlyDictionary<string, string> parameters = Placeholders.Merge(definition.Parameters, request.Parameters);
        NodeProperties? properties = definition.NodeProperties is { } node
            ? MultiNodePlanner.Properties(node, request.NodeOverrides)
            : null;
        RetryStrategy? retry = request.RetryStrategy ?? definition.RetryStrategy;
        JobTimeout? timeout = request.Timeout ?? definition.Timeout;
        if (retry is { EvaluateOnExit.Count: > 0, Attempts: null })
            wrong.Add("evaluateOnExit without attempts decides nothing. Give retryStrategy.attempts as well");
        IReadOnlyDictionary<string, long> consumables = ConsumablePlanner.Plan(request, definition, isStored ? null : arns, wrong.Add);
        IReadOnlyList<NodePlan> nodes = Nodes(request, definition, properties, parameters, wrong.Add);
        // Nodes of one range have the same faults.
        if (wrong.Count > 0) return (null, [.. wrong.Distinct()]);
        return (new JobPlan
        {
            Name = request.JobName,
            Queue = queue,
            Arns = arns,
            Request = request,
            Definition = definition,
            Nodes = nodes,
            Simulated = EksPlanner.Simulated(definition),
            Consumables = consumables,
            MainNode = properties?.MainNode ?? 0,
            NodeProperties = properties,
            ArraySize = request.ArrayProperties?.Size,
            DependsOn = request.DependsOn ?? [],
            Retry = retry,
            Timeout = timeout?.AttemptDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Parameters = parameters,
            Tags = request.Tags,
            PropagateTags = request.PropagateTags ?? definition.PropagateTags,
            ShareIdentifier = request.ShareIdentifier,
            Priority = request.SchedulingPriorityOverride ?? definition.SchedulingPriority,
        }, wrong);
    }

    /// <summary>The plan of a service job, which the service that it is for would execute.</summary>
    public static JobPlan Plan(SubmitServiceJobRequest request, string queue, LocalArns arns) => new()
    {
        Name = request.JobName,
        Queue = queue,
        Arns = arns,
        Service = request,
        Definition = s_noDefinition,
        Nodes = [EksPlanner.Node(TrainingEnvironment.Of(request), default)],
        Retry = Retry(request.RetryStrategy),
        Timeout = request.TimeoutConfig?.AttemptDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Tags = request.Tags,
        ShareIdentifier = request.ShareIdentifier,
        Priority = request.SchedulingPriority,
        Simulated = "there is no SageMaker here",
    };

    /// <summary>
    /// The plan of a stored submission; one that holds no more than the <see cref="JobPlan.Fault"/> if it breaks a rule of this version.
    /// </summary>
    public static JobPlan PlanStored(SubmitJobRequest request, JobDefinition definition, string queue, LocalArns arns)
    {
        var (plan, wrong) = Plan(request, definition, queue, arns, isStored: true);
        return plan ?? Empty(request, definition, queue, arns, $"The job cannot be run by this version: {string.Join(". ", wrong)}.");
    }

    /// <summary>The plan of a job that cannot be run: what can still be shown of it, and why.</summary>
    public static JobPlan Empty(SubmitJobRequest request, JobDefinition definition, string queue, LocalArns arns, string fault) => new()
    {
        Fault = fault,
        Name = request.JobName,
        Queue = queue,
        Arns = arns,
        Request = request,
        Definition = definition,
        Nodes = [EksPlanner.Node([], default)],
        ArraySize = request.ArrayProperties?.Size is { } size and >= BatchLimits.LeastArraySize and <= BatchLimits.ArraySize ? size : null,
        DependsOn = request.DependsOn ?? [],
        ShareIdentifier = request.ShareIdentifier,
        Priority = request.SchedulingPriorityOverride ?? definition.SchedulingPriority,
    };

    private static readonly JobDefinition s_noDefinition = new();

    private static RetryStrategy? Retry(ServiceJobRetryStrategy? service) => service is null ? null : new RetryStrategy
    {
        Attempts = service.Attempts,
        EvaluateOnExit =
            service.EvaluateOnExit?.Select(one => new EvaluateOnExit { Action = one.Action ?? "", OnStatusReason = one.OnStatusReason })
                .ToList(),
    };

    private static IReadOnlyList<NodePlan> Nodes(
        SubmitJobRequest request, JobDefinition definition, NodeProperties? properties, IReadOnlyDictionary<string, string> parameters,
        Action<string> wrong)
    {
        if (properties is not null) return MultiNodePlanner.Plan(properties, request.NodeOverrides, parameters, wrong);
        if (definition.ContainerProperties is { } container)
            return [NodePlanner.Plan(container, request.ContainerOverrides, parameters, wrong)];
        if (definition.EcsProperties is { } ecs) return [EcsPlanner.Plan(ecs, request.EcsPropertiesOverride, parameters, wrong)];
        if (definition.EksProperties is { } eks) return [EksPlanner.Plan(eks, request.EksPropertiesOverride, parameters, wrong)];
        wrong("the definition has no container. Register one with containerProperties, ecsProperties, eksProperties or nodeProperties");
        return [];
    }

    private static void CheckRequest(SubmitJobRequest request, JobDefinition definition, Action<string> wrong)
    {
        bool multiNode = definition.NodeProperties is not null;
        // A request is checked against the contract before it comes here, a stored one is not: its size bounds what is built below.
        if (request.ArrayProperties?.Size is < BatchLimits.LeastArraySize or > BatchLimits.ArraySize)
            wrong(string.Create(
                CultureInfo.InvariantCulture,
                $"an array of {request.ArrayProperties.Size} is not possible. Give {BatchLimits.LeastArraySize} to "
                    + $"{BatchLimits.ArraySize}"));
        if (request.ArrayProperties?.Size is not null && multiNode) wrong("a multi-node job cannot be an array. Leave arrayProperties out");
        if (request.ContainerOverrides is not null && multiNode)
            wrong("containerOverrides do not reach a multi-node job. Use nodeOverrides");
        if (request.NodeOverrides is not null && !multiNode) wrong("nodeOverrides need a multi-node definition. Use containerOverrides");
        if (request.ContainerOverrides is not null && definition is { ContainerProperties: null, NodeProperties: null })
            wrong("containerOverrides do not reach this definition. Use "
                + $"{(definition.EksProperties is null ? "ecsPropertiesOverride" : "eksPropertiesOverride")}");
        if (request.EcsPropertiesOverride is not null && definition.EcsProperties is null)
            wrong("ecsPropertiesOverride needs a definition with ecsProperties. Leave it out");
        if (request.EksPropertiesOverride is not null && definition.EksProperties is null)
            wrong("eksPropertiesOverride needs a definition with eksProperties. Leave it out");
    }
}
