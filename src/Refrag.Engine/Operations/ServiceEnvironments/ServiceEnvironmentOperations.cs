using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.ServiceEnvironments;

/// <summary>Create, Update, Delete and DescribeServiceEnvironments.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="goOn">Finishes in the next step what a request has begun.</param>
internal sealed class ServiceEnvironmentOperations(EngineState state, Action goOn)
{
    private const string Kind = "service environment";

    public CreateServiceEnvironmentResponse Create(CreateServiceEnvironmentRequest request)
    {
        string name = request.ServiceEnvironmentName;
        ResourceRules.CheckNew(state.ServiceEnvironments, Kind, name, BatchLimits.ServiceEnvironments);
        Check(request.CapacityLimits);
        var created = new ServiceEnvironmentDetail
        {
            ServiceEnvironmentName = name,
            ServiceEnvironmentArn = LocalArn.ServiceEnvironment(name),
            ServiceEnvironmentType = request.ServiceEnvironmentType,
            State = request.State ?? ServiceEnvironmentState.Enabled,
            Status = ServiceEnvironmentStatus.Creating,
            CapacityLimits = request.CapacityLimits,
            Tags = ResourceRules.Tags(request.Tags),
        };
        state.ServiceEnvironments.Put(created);
        goOn();
        return new CreateServiceEnvironmentResponse { ServiceEnvironmentName = name, ServiceEnvironmentArn = created.ServiceEnvironmentArn };
    }

    public UpdateServiceEnvironmentResponse Update(UpdateServiceEnvironmentRequest request)
    {
        ServiceEnvironmentDetail before = ResourceRules.Existing(state.ServiceEnvironments, Kind, request.ServiceEnvironment);
        ResourceRules.CheckChangeable(before.ServiceEnvironmentName, before.Status);
        if (request.CapacityLimits is { } limits) Check(limits);
        state.ServiceEnvironments.Put(before with
        {
            State = request.State ?? before.State,
            CapacityLimits = request.CapacityLimits ?? before.CapacityLimits,
            Status = ServiceEnvironmentStatus.Updating,
        });
        goOn();
        return new UpdateServiceEnvironmentResponse { ServiceEnvironmentName = before.ServiceEnvironmentName, ServiceEnvironmentArn = before.ServiceEnvironmentArn };
    }

    public DeleteServiceEnvironmentResponse Delete(DeleteServiceEnvironmentRequest request)
    {
        if (state.ServiceEnvironments.Find(request.ServiceEnvironment) is not { } found) return new DeleteServiceEnvironmentResponse();
        if (found.State != ServiceEnvironmentState.Disabled) throw new Refusal("Cannot delete, service environment must be DISABLED. Set its state with UpdateServiceEnvironment first.");
        if (state.JobQueues.All.FirstOrDefault(queue => queue.ServiceEnvironmentOrder?.Any(one => one.ServiceEnvironment == found.ServiceEnvironmentArn) == true) is { } queue)
            throw new Refusal($"Cannot delete, found existing JobQueue relationship: {queue.JobQueueName}. Take it out of serviceEnvironmentOrder first.");
        state.ServiceEnvironments.Put(found with { Status = ServiceEnvironmentStatus.Deleting });
        goOn();
        return new DeleteServiceEnvironmentResponse();
    }

    public DescribeServiceEnvironmentsResponse Describe(DescribeServiceEnvironmentsRequest request)
    {
        string[]? asked = request.ServiceEnvironments is { Count: > 0 } names ? [.. names.Select(name => LocalArn.NameOf(ResourceKinds.ServiceEnvironment, name) ?? "")] : null;
        var (page, next) = Page.Of(
            state.ServiceEnvironments.All.Where(one => asked?.Contains(one.ServiceEnvironmentName) != false), one => one.ServiceEnvironmentName,
            $"DescribeServiceEnvironments {string.Join(' ', asked ?? [])}", request.NextToken, request.MaxResults);
        return new DescribeServiceEnvironmentsResponse { ServiceEnvironments = page, NextToken = next };
    }

    private static void Check(IReadOnlyList<CapacityLimit> limits)
    {
        if (limits.Count == 0) throw new Refusal("capacityLimits must not be empty. Give at least one limit.");
        if (limits.Any(limit => limit.MaxCapacity is null or < 0 || string.IsNullOrEmpty(limit.CapacityUnit))) throw new Refusal("Each capacity limit needs a capacityUnit and a maxCapacity of 0 or more.");
        if (limits.Select(limit => limit.CapacityUnit).Distinct().Count() < limits.Count) throw new Refusal("capacityLimits names a capacityUnit twice.");
    }
}
