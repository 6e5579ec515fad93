using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Operations.ComputeEnvironments;
using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.Operations.JobQueues;

/// <summary>What holds for queues. (API CreateJobQueue, UpdateJobQueue, SubmitJob)</summary>
internal static class QueueRules
{

    /// <summary>Refuses a submission to a queue that takes none.</summary>
    public static void CheckAccepts(JobQueueDetail queue)
    {
        if (queue.State != JQState.Enabled)
            throw new Refusal(
                $"The job queue {queue.JobQueueName} is DISABLED and takes no jobs. Enable it with UpdateJobQueue, or use another.");
        if (queue.Status is JQStatus.Deleting or JQStatus.Invalid)
            throw new Refusal($"The job queue {queue.JobQueueName} is {queue.Status} and takes no jobs. Use another.");
    }

    /// <summary>A share identifier is needed on a fair-share queue and refused on any other.</summary>
    public static void CheckShare(EngineState state, JobQueueDetail queue, string? share, int? priority)
    {
        bool isFair = state.PolicyOf(queue) is { QuotaSharePolicy: null };
        if (isFair && share is null)
            throw new Refusal($"The job queue {queue.JobQueueName} has a fair-share scheduling policy. Give a shareIdentifier.");
        if (!isFair && share is not null)
            throw new Refusal(
                $"shareIdentifier {share} was given, but the queue {queue.JobQueueName} takes jobs in order of arrival. Leave it out, "
                    + "or use a fair-share queue.");
        if (priority is < 0 or > BatchLimits.SchedulingPriority)
            throw new Refusal($"The scheduling priority {priority} is not possible. Give 0 to {BatchLimits.SchedulingPriority}.");
    }

    /// <summary>Checks a new queue's or an updated queue's environments, and names the queue's type.</summary>
    public static string CheckEnvironments(
        EngineState state, IReadOnlyList<ComputeEnvironmentOrder> computes, IReadOnlyList<ServiceEnvironmentOrder> services)
    {
        if (computes.Count > 0 && services.Count > 0)
            throw new Refusal("A job queue cannot have both computeEnvironmentOrder and serviceEnvironmentOrder. Give one.");
        if (computes.Count == 0 && services.Count == 0)
            throw new Refusal("A job queue needs computeEnvironmentOrder or serviceEnvironmentOrder. Give one.");
        if (services.Count > 0) return CheckServices(state, services);
        if (computes.Count > BatchLimits.EnvironmentsOfQueue)
            throw new Refusal(
                $"{computes.Count} compute environments are too many for one job queue. Give at most {BatchLimits.EnvironmentsOfQueue}.");
        if (computes.Select(one => one.Order).Distinct().Count() < computes.Count)
            throw new Refusal("computeEnvironmentOrder has two entries of one order. Number them.");
        List<string> types = [.. computes.Select(one => TypeOf(Valid(state, one.ComputeEnvironment))).Distinct()];
        if (types is not [var type])
            throw new Refusal(
                $"A job queue cannot mix compute environments of the types {string.Join(", ", types)}. Make one queue for each.");
        List<Architecture> architectures = [.. computes
            .Select(one => state.ComputeEnvironments.Find(one.ComputeEnvironment)?.ComputeResources?.InstanceTypes)
            .SelectMany(names => InstanceFamilies.Architectures(state.Catalogue, names)).Distinct()];
        return architectures.Count <= 1
            ? type
            : throw new Refusal("A job queue cannot mix compute environments of different architectures, and these have "
                + $"{string.Join(" and ", architectures)}. Make one queue for each.");
    }

    /// <summary>
    /// Checks a policy that a queue names. Quota shares are of service jobs, so that their policy is for queues of those only.
    /// </summary>
    public static void CheckPolicy(EngineState state, string arn, string? queueType)
    {
        SchedulingPolicyDetail policy = state.SchedulingPolicies.Find(arn) ?? throw new Refusal($"Scheduling policy {arn} does not exist.");
        if (policy.QuotaSharePolicy is not null && queueType != JobQueueType.SagemakerTraining)
            throw new Refusal(
                $"The scheduling policy {policy.Name} has quota shares, which only a job queue of the type SAGEMAKER_TRAINING can use. "
                    + "Use a fair-share policy, or serviceEnvironmentOrder.");
    }

    /// <summary>The environments by their ARNs, listed as they were given; their numbers say which is tried first.</summary>
    public static IReadOnlyList<ComputeEnvironmentOrder> ByArn(EngineState state, IReadOnlyList<ComputeEnvironmentOrder> order) =>
        [.. order.Select(one =>
            one with { ComputeEnvironment = state.ComputeEnvironments.Find(one.ComputeEnvironment)!.ComputeEnvironmentArn })];

    /// <summary>The same of service environments.</summary>
    public static IReadOnlyList<ServiceEnvironmentOrder> ByArn(EngineState state, IReadOnlyList<ServiceEnvironmentOrder> order) =>
        [.. order.Select(one =>
            one with { ServiceEnvironment = state.ServiceEnvironments.Find(one.ServiceEnvironment)!.ServiceEnvironmentArn })];

    private static ComputeEnvironmentDetail Valid(EngineState state, string nameOrArn)
    {
        ComputeEnvironmentDetail found = ResourceRules.Existing(state.ComputeEnvironments, "compute environment", nameOrArn);
        return found.Status is CEStatus.Valid or CEStatus.Updating
            ? found
            : throw new Refusal($"{found.ComputeEnvironmentArn} is not VALID but {found.Status}. Wait until it is.");
    }

    private static ServiceEnvironmentDetail ValidService(EngineState state, string nameOrArn)
    {
        ServiceEnvironmentDetail found = ResourceRules.Existing(state.ServiceEnvironments, "service environment", nameOrArn);
        return found.Status is ServiceEnvironmentStatus.Valid or ServiceEnvironmentStatus.Updating
            ? found
            : throw new Refusal($"{found.ServiceEnvironmentArn} is not VALID but {found.Status}. Wait until it is.");
    }

    private static string TypeOf(ComputeEnvironmentDetail environment)
    {
        if (environment.ContainerOrchestrationType == OrchestrationType.Eks) return JobQueueType.Eks;
        return environment.ComputeResources switch
        {
            { } resources when ComputeResourceRules.IsFargate(resources) => JobQueueType.EcsFargate,
            { } resources when ManagedInstances.Are(resources) => JobQueueType.EcsManagedInstances,
            _ => JobQueueType.Ecs,
        };
    }

    private static string CheckServices(EngineState state, IReadOnlyList<ServiceEnvironmentOrder> services)
    {
        if (services.Select(one => one.Order).Distinct().Count() < services.Count)
            throw new Refusal("serviceEnvironmentOrder has two entries of one order. Number them.");
        List<string> types = [.. services.Select(one => ValidService(state, one.ServiceEnvironment).ServiceEnvironmentType).Distinct()];
        return types is [var type] ? type : throw new Refusal("All service environments of a job queue must have the same type.");
    }
}
