using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Placement;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>Create, Update, Delete and DescribeComputeEnvironments.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="placements">Knows the fleets.</param>
/// <param name="goOn">Finishes in the next step what a request has begun.</param>
internal sealed class ComputeEnvironmentOperations(EngineState state, Placements placements, Action goOn)
{
    private const string Kind = "compute environment";
    private const string ServiceRole = "arn:aws:iam::000000000000:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch";

    public CreateComputeEnvironmentResponse Create(CreateComputeEnvironmentRequest request)
    {
        string name = request.ComputeEnvironmentName;
        ResourceRules.CheckNew(state.ComputeEnvironments, Kind, name, BatchLimits.ComputeEnvironments);
        ComputeResourceRules.Check(request);
        string uuid = Guid.NewGuid().ToString();
        var created = new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = name,
            ComputeEnvironmentArn = LocalArn.ComputeEnvironment(name),
            UnmanagedvCpus = request.UnmanagedvCpus,
            EcsClusterArn = request.EksConfiguration is null ? LocalArn.Cluster(name, uuid) : null,
            Tags = ResourceRules.Tags(request.Tags),
            Type = request.Type,
            State = request.State ?? CEState.Enabled,
            Status = CEStatus.Creating,
            StatusReason = "ComputeEnvironment is being created",
            ComputeResources = request.ComputeResources is { } resources ? ComputeResourceRules.WithDefaults(resources) : null,
            ServiceRole = request.ServiceRole ?? ServiceRole,
            EksConfiguration = request.EksConfiguration,
            ContainerOrchestrationType = request.EksConfiguration is null ? OrchestrationType.Ecs : OrchestrationType.Eks,
            Uuid = uuid,
            Context = request.Context,
        };
        state.ComputeEnvironments.Put(created);
        goOn();
        return new CreateComputeEnvironmentResponse { ComputeEnvironmentName = name, ComputeEnvironmentArn = created.ComputeEnvironmentArn };
    }

    public UpdateComputeEnvironmentResponse Update(UpdateComputeEnvironmentRequest request)
    {
        ComputeEnvironmentDetail before = ResourceRules.Existing(state.ComputeEnvironments, Kind, request.ComputeEnvironment);
        ResourceRules.CheckChangeable(before.ComputeEnvironmentName, before.Status);
        ResourceRules.CheckSettled(before.ComputeEnvironmentName, before.Status, state.Options.ChangeLatency);
        if (request.ComputeResources is not null && before.Type == CEType.Unmanaged) throw new Refusal("An UNMANAGED compute environment has no computeResources. Leave them out.");
        if (request.UnmanagedvCpus is not null && before.Type == CEType.Managed) throw new Refusal("unmanagedvCpus is for UNMANAGED compute environments only. Leave it out.");
        ComputeEnvironmentDetail after = before with
        {
            State = request.State ?? before.State,
            UnmanagedvCpus = request.UnmanagedvCpus ?? before.UnmanagedvCpus,
            ServiceRole = string.IsNullOrEmpty(request.ServiceRole) ? before.ServiceRole : request.ServiceRole,
            UpdatePolicy = request.UpdatePolicy ?? before.UpdatePolicy,
            Context = request.Context ?? before.Context,
            ComputeResources = before.ComputeResources is { } resources && request.ComputeResources is { } update ? ComputeResourceUpdates.Apply(resources, update) : before.ComputeResources,
            Status = CEStatus.Updating,
            StatusReason = "ComputeEnvironment is being updated",
        };
        state.ComputeEnvironments.Put(after);
        goOn();
        return new UpdateComputeEnvironmentResponse { ComputeEnvironmentName = after.ComputeEnvironmentName, ComputeEnvironmentArn = after.ComputeEnvironmentArn };
    }

    public DeleteComputeEnvironmentResponse Delete(DeleteComputeEnvironmentRequest request)
    {
        // Deleting what is not there is a success, as with every Delete of Batch.
        if (state.ComputeEnvironments.Find(request.ComputeEnvironment) is not { } found) return new DeleteComputeEnvironmentResponse();
        if (found.State != CEState.Disabled) throw new Refusal("Cannot delete, compute environment must be DISABLED. Set its state with UpdateComputeEnvironment first.");
        if (Queues(found) is { Count: > 0 } queues)
            throw new Refusal($"Cannot delete, found existing JobQueue relationship: {string.Join(", ", queues)}. Take it out of computeEnvironmentOrder first.");
        state.ComputeEnvironments.Put(found with { Status = CEStatus.Deleting, StatusReason = "ComputeEnvironment is being deleted" });
        goOn();
        return new DeleteComputeEnvironmentResponse();
    }

    public DescribeComputeEnvironmentsResponse Describe(DescribeComputeEnvironmentsRequest request)
    {
        string[]? asked = request.ComputeEnvironments is { Count: > 0 } names ? [.. names.Select(name => LocalArn.NameOf(ResourceKinds.ComputeEnvironment, name) ?? "")] : null;
        var (page, next) = Page.Of(
            state.ComputeEnvironments.All.Where(one => asked?.Contains(one.ComputeEnvironmentName) != false), one => one.ComputeEnvironmentName,
            $"DescribeComputeEnvironments {string.Join(' ', asked ?? [])}", request.NextToken, request.MaxResults);
        return new DescribeComputeEnvironmentsResponse { ComputeEnvironments = [.. page.Select(AsItIs)], NextToken = next };
    }

    // Batch says what it wants of a fleet, whatever was asked for when it was made.
    private ComputeEnvironmentDetail AsItIs(ComputeEnvironmentDetail one) =>
        one.ComputeResources is { } resources && !ComputeResourceRules.IsFargate(resources) && placements.VCpusOf(one.ComputeEnvironmentName) is { } vCpus
            ? one with { ComputeResources = resources with { DesiredvCpus = vCpus } }
            : one;

    private List<string> Queues(ComputeEnvironmentDetail environment) =>
        [.. state.JobQueues.All.Where(queue => queue.ComputeEnvironmentOrder.Any(one => one.ComputeEnvironment == environment.ComputeEnvironmentArn)).Select(queue => queue.JobQueueName)];
}
