using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Names;
using Refrag.Engine.Placement;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>Create, Update, Delete and DescribeComputeEnvironments.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="placements">Knows the fleets.</param>
/// <param name="advance">Finishes in the next step what a request has begun.</param>
internal sealed class ComputeEnvironmentOperations(EngineState state, Placements placements, Action advance)
{
    private static readonly ResourceTraits<ComputeEnvironmentDetail> s_traits = new(
        ResourceKinds.ComputeEnvironment, "compute environment", one => one.ComputeEnvironmentName, one => one.State, one => one.Status,
        one => one with { Status = CEStatus.Deleting, StatusReason = "ComputeEnvironment is being deleted" });

    private readonly ResourceOperations<ComputeEnvironmentDetail> _resources = new(state, state.ComputeEnvironments, s_traits, advance);

    public CreateComputeEnvironmentResponse Create(CreateComputeEnvironmentRequest request)
    {
        ComputeEnvironmentDetail created =
            _resources.Create(request.ComputeEnvironmentName, BatchLimits.ComputeEnvironments, () => Made(request));
        return new CreateComputeEnvironmentResponse
        {
            ComputeEnvironmentName = created.ComputeEnvironmentName,
            ComputeEnvironmentArn = created.ComputeEnvironmentArn,
        };
    }

    public UpdateComputeEnvironmentResponse Update(UpdateComputeEnvironmentRequest request)
    {
        ComputeEnvironmentDetail after = _resources.Update(request.ComputeEnvironment, before => Changed(before, request));
        return new UpdateComputeEnvironmentResponse
        {
            ComputeEnvironmentName = after.ComputeEnvironmentName,
            ComputeEnvironmentArn = after.ComputeEnvironmentArn,
        };
    }

    public DeleteComputeEnvironmentResponse Delete(DeleteComputeEnvironmentRequest request)
    {
        _resources.Delete(request.ComputeEnvironment, CheckUnused);
        return new DeleteComputeEnvironmentResponse();
    }

    public DescribeComputeEnvironmentsResponse Describe(DescribeComputeEnvironmentsRequest request)
    {
        var (page, next) = _resources.Describe(
            BatchOperations.DescribeComputeEnvironments.Name, request.ComputeEnvironments, request.NextToken, request.MaxResults);
        return new DescribeComputeEnvironmentsResponse { ComputeEnvironments = [.. page.Select(AsItIs)], NextToken = next };
    }

    /// <summary>An environment as it is while it is being created, with all that Batch adds.</summary>
    public static ComputeEnvironmentDetail New(CreateComputeEnvironmentRequest request, EngineState state)
    {
        bool isEks = request.EksConfiguration is not null;
        string name = request.ComputeEnvironmentName;
        string uuid = Guid.NewGuid().ToString();
        return new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = name,
            ComputeEnvironmentArn = state.Arns.ComputeEnvironment(name),
            UnmanagedvCpus = request.UnmanagedvCpus,
            EcsClusterArn = isEks ? null : state.Arns.Cluster(name, uuid),
            Tags = ResourceRules.Tags(request.Tags),
            Type = request.Type,
            State = request.State ?? CEState.Enabled,
            Status = CEStatus.Creating,
            StatusReason = "ComputeEnvironment is being created",
            ComputeResources = request.ComputeResources is { } given ? ComputeResourceRules.WithDefaults(given, isEks, state) : null,
            ServiceRole = string.IsNullOrEmpty(request.ServiceRole) ? state.Arns.ServiceRole : request.ServiceRole,
            EksConfiguration = request.EksConfiguration,
            ContainerOrchestrationType = isEks ? OrchestrationType.Eks : OrchestrationType.Ecs,
            Uuid = uuid,
            Context = request.Context,
            EcsSettings = request.EcsSettings,
        };
    }

    private ComputeEnvironmentDetail Made(CreateComputeEnvironmentRequest request)
    {
        ComputeResourceRules.Check(request, state);
        return New(request, state);
    }

    private ComputeEnvironmentDetail Changed(ComputeEnvironmentDetail before, UpdateComputeEnvironmentRequest request)
    {
        if (request.ComputeResources is not null && before.Type == CEType.Unmanaged)
            throw new Refusal("An UNMANAGED compute environment has no computeResources. Leave them out.");
        if (request.UnmanagedvCpus is not null && before.Type == CEType.Managed)
            throw new Refusal("unmanagedvCpus is for UNMANAGED compute environments only. Leave it out.");
        CheckDesired(before, request.ComputeResources);
        return before with
        {
            State = request.State ?? before.State,
            UnmanagedvCpus = request.UnmanagedvCpus ?? before.UnmanagedvCpus,
            ServiceRole = string.IsNullOrEmpty(request.ServiceRole) ? before.ServiceRole : request.ServiceRole,
            UpdatePolicy = request.UpdatePolicy ?? before.UpdatePolicy,
            Context = request.Context ?? before.Context,
            EcsSettings = request.EcsSettings ?? before.EcsSettings,
            ComputeResources = before.ComputeResources is { } resources && request.ComputeResources is { } update
                ? ComputeResourceUpdates.Apply(resources, update, before.EksConfiguration is not null, state)
                : before.ComputeResources,
            Status = CEStatus.Updating,
            StatusReason = "ComputeEnvironment is being updated",
        };
    }

    // Batch does not take instances away for a maximum. (github.com/ASFHyP3/hyp3/issues/2965: "If the desired is over the target … the
    // update doesn't work")
    private void CheckDesired(ComputeEnvironmentDetail before, ComputeResourceUpdate? update)
    {
        if (update is not { MaxvCpus: { } most, DesiredvCpus: null } || before.ComputeResources is not { } resources) return;
        if (most < resources.MaxvCpus && ComputeResourceRules.IsEc2(resources) && placements.VCpusOf(before.ComputeEnvironmentName) > most)
            throw new Refusal("desiredvCpus must lie between minvCpus and maxvCpus.");
    }

    private void CheckUnused(ComputeEnvironmentDetail environment)
    {
        if (Queues(environment) is { Count: > 0 } queues)
            throw new Refusal(
                $"Cannot delete, found existing JobQueue relationship: {string.Join(", ", queues)}. Remove it from "
                    + "computeEnvironmentOrder first.");
    }

    // Batch says what it wants of a fleet, whatever was asked for when it was made.
    private ComputeEnvironmentDetail AsItIs(ComputeEnvironmentDetail made)
    {
        ComputeEnvironmentDetail one = made with
        {
            Tags = EmptyCollections.OrNone(made.Tags),
            ComputeResources = EmptyCollections.Fill(made.ComputeResources),
        };
        return one.ComputeResources is { } resources && ComputeResourceRules.IsEc2(resources)
            && placements.VCpusOf(one.ComputeEnvironmentName) is { } vCpus
            ? one with
            {
                ComputeResources = resources with
                {
                    DesiredvCpus = vCpus,
                    Ec2Configuration =
                        placements.HasLaunched(one.ComputeEnvironmentName) ? WithStatus(resources) : resources.Ec2Configuration,
                },
            }
            : one;
    }

    // Only of images that Batch chooses, and once there have been instances; here none is ever out of date. What a launch template says of
    // images is not known here. (API Ec2Configuration.batchImageStatus)
    private static IReadOnlyList<Ec2Configuration>? WithStatus(ComputeResource resources) =>
        resources is { ImageId: null, LaunchTemplate: null }
            ? resources.Ec2Configuration?
                .Select(one => one.ImageIdOverride is null ? one with { BatchImageStatus = "LATEST" } : one).ToList()
            : resources.Ec2Configuration;

    private List<string> Queues(ComputeEnvironmentDetail environment) =>
        [.. state.JobQueues.All
            .Where(queue => queue.ComputeEnvironmentOrder.Any(one => one.ComputeEnvironment == environment.ComputeEnvironmentArn))
            .Select(queue => queue.JobQueueName)];
}
