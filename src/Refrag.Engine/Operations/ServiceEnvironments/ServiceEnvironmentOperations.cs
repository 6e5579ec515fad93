using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.ServiceEnvironments;

/// <summary>Create, Update, Delete and DescribeServiceEnvironments.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="advance">Finishes in the next step what a request has begun.</param>
internal sealed class ServiceEnvironmentOperations(EngineState state, Action advance)
{
    private static readonly ResourceTraits<ServiceEnvironmentDetail> s_traits = new(
        ResourceKinds.ServiceEnvironment, "service environment", one => one.ServiceEnvironmentName, one => one.State, one => one.Status,
        one => one with { Status = ServiceEnvironmentStatus.Deleting });


    private readonly ResourceOperations<ServiceEnvironmentDetail> _resources = new(state, state.ServiceEnvironments, s_traits, advance);

    public CreateServiceEnvironmentResponse Create(CreateServiceEnvironmentRequest request)
    {
        ServiceEnvironmentDetail created =
            _resources.Create(request.ServiceEnvironmentName, BatchLimits.ServiceEnvironments, () => Made(request));
        return new CreateServiceEnvironmentResponse
        {
            ServiceEnvironmentName = created.ServiceEnvironmentName,
            ServiceEnvironmentArn = created.ServiceEnvironmentArn,
        };
    }

    public UpdateServiceEnvironmentResponse Update(UpdateServiceEnvironmentRequest request)
    {
        ServiceEnvironmentDetail after = _resources.Update(request.ServiceEnvironment, before => Changed(before, request));
        return new UpdateServiceEnvironmentResponse
        {
            ServiceEnvironmentName = after.ServiceEnvironmentName,
            ServiceEnvironmentArn = after.ServiceEnvironmentArn,
        };
    }

    public DeleteServiceEnvironmentResponse Delete(DeleteServiceEnvironmentRequest request)
    {
        _resources.Delete(request.ServiceEnvironment, CheckUnused);
        return new DeleteServiceEnvironmentResponse();
    }

    public DescribeServiceEnvironmentsResponse Describe(DescribeServiceEnvironmentsRequest request)
    {
        var (page, next) = _resources.Describe(
            BatchOperations.DescribeServiceEnvironments.Name, request.ServiceEnvironments, request.NextToken, request.MaxResults);
        return new DescribeServiceEnvironmentsResponse { ServiceEnvironments = page, NextToken = next };
    }

    private ServiceEnvironmentDetail Made(CreateServiceEnvironmentRequest request)
    {
        Check(request.CapacityLimits);
        return new ServiceEnvironmentDetail
        {
            ServiceEnvironmentName = request.ServiceEnvironmentName,
            ServiceEnvironmentArn = state.Arns.ServiceEnvironment(request.ServiceEnvironmentName),
            ServiceEnvironmentType = request.ServiceEnvironmentType,
            State = request.State ?? ServiceEnvironmentState.Enabled,
            Status = ServiceEnvironmentStatus.Creating,
            CapacityLimits = request.CapacityLimits,
            Tags = ResourceRules.Tags(request.Tags),
        };
    }

    private static ServiceEnvironmentDetail Changed(ServiceEnvironmentDetail before, UpdateServiceEnvironmentRequest request)
    {
        if (request.CapacityLimits is { } limits) Check(limits);
        return before with
        {
            State = request.State ?? before.State,
            CapacityLimits = request.CapacityLimits ?? before.CapacityLimits,
            Status = ServiceEnvironmentStatus.Updating,
        };
    }

    private void CheckUnused(ServiceEnvironmentDetail environment)
    {
        JobQueueDetail? queue = state.JobQueues.All.FirstOrDefault(
            queue => queue.ServiceEnvironmentOrder?.Any(one => one.ServiceEnvironment == environment.ServiceEnvironmentArn) == true);
        if (queue is not null)
            throw new Refusal(
                $"Cannot delete, found existing JobQueue relationship: {queue.JobQueueName}. Remove it from serviceEnvironmentOrder "
                    + "first.");
    }

    private static void Check(IReadOnlyList<CapacityLimit> limits)
    {
        if (limits.Count == 0) throw new Refusal("capacityLimits must not be empty. Give at least one limit.");
        if (limits.Any(limit => limit.MaxCapacity is null or < 0 || string.IsNullOrEmpty(limit.CapacityUnit)))
            throw new Refusal("Each capacity limit needs a capacityUnit and a maxCapacity of 0 or more.");
        if (limits.Select(limit => limit.CapacityUnit).Distinct().Count() < limits.Count)
            throw new Refusal("capacityLimits names a capacityUnit twice.");
    }
}
