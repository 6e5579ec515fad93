using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Operations.ComputeEnvironments;
using Refrag.Engine.Options;
using Refrag.Engine.State;

namespace Refrag.Engine.Loop;

/// <summary>The resources that the options name, put into a state that is new.</summary>
internal static class Seeds
{
    public static void Plant(EngineState state)
    {
        foreach (LocalDefinition definition in state.Options.Definitions) state.Definitions.Add(Definition(definition));
        foreach (LocalQueue queue in state.Options.Queues.DistinctBy(queue => queue.ComputeEnvironment))
            state.ComputeEnvironments.Put(Environment(queue, state));
        foreach (LocalQueue queue in state.Options.Queues) state.JobQueues.Put(Queue(queue, state.Arns));
    }

    private static JobQueueDetail Queue(LocalQueue queue, LocalArns arns) => new()
    {
        JobQueueName = queue.Name,
        JobQueueArn = arns.Queue(queue.Name),
        State = JQState.Enabled,
        Status = JQStatus.Valid,
        StatusReason = "JobQueue Healthy",
        Priority = 1,
        ComputeEnvironmentOrder = [new ComputeEnvironmentOrder
        {
            Order = 1,
            ComputeEnvironment = arns.ComputeEnvironment(queue.ComputeEnvironment),
        }],
        JobQueueType = JobQueueType.Ecs,
        Tags = new Dictionary<string, string>(),
    };

    // This machine is not managed: Batch knows such environments as UNMANAGED, with no instance types to choose from.
    private static ComputeEnvironmentDetail Environment(LocalQueue queue, EngineState state)
    {
        var request = new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = queue.ComputeEnvironment,
            Type = queue.Fleet is null ? CEType.Unmanaged : CEType.Managed,
            UnmanagedvCpus = queue.Fleet is null ? (int)state.Options.VCpus.Value : null,
            ComputeResources = queue.Fleet is { } fleet ? Resources(fleet) : null,
        };
        return ComputeEnvironmentOperations.New(request, state) with
        {
            Status = CEStatus.Valid,
            StatusReason = "ComputeEnvironment Healthy",
        };
    }

    private static ComputeResource Resources(LocalFleet fleet) => new()
    {
        Type = fleet.IsSpot ? CRType.Spot : CRType.Ec2,
        AllocationStrategy =
            fleet.IsSpot ? CRAllocationStrategy.SpotPriceCapacityOptimized : CRAllocationStrategy.BestFitProgressive,
        MinvCpus = 0,
        DesiredvCpus = 0,
        MaxvCpus = fleet.MaxVCpus,
        InstanceTypes = fleet.InstanceTypes,
        Subnets = ["subnet-refrag-local"],
        SecurityGroupIds = ["sg-refrag-local"],
        InstanceRole = "refrag-local",
    };

    private static JobDefinition Definition(LocalDefinition definition) => new()
    {
        JobDefinitionName = definition.Name,
        Type = JobDefinitionType.Container,
        PlatformCapabilities = [PlatformCapability.Ec2],
        ContainerOrchestrationType = OrchestrationType.Ecs,
        // No image is run here, but Batch has no definition without one, and definitions are derived from this.
        ContainerProperties = new ContainerProperties { Image = "refrag:local", ResourceRequirements = [.. Requirements(definition)] },
    };

    private static IEnumerable<ResourceRequirement> Requirements(LocalDefinition definition)
    {
        yield return new ResourceRequirement { Type = ResourceType.Vcpu, Value = definition.VCpus.ToString() };
        yield return new ResourceRequirement { Type = ResourceType.Memory, Value = definition.Memory.ToString() };
        if (definition.Gpus.Value > 0) yield return new ResourceRequirement { Type = ResourceType.Gpu, Value = definition.Gpus.ToString() };
    }
}
