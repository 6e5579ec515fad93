using Refrag.Aws.Batch;
using Refrag.Engine.Definitions;
using Refrag.Engine.Jobs;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Loop;

/// <summary>Everything that the engine knows. Only the writer loop touches it.</summary>
internal sealed class EngineState
{
    private long _sequence;

    public EngineState(LocalBatchOptions options)
    {
        Options = options;
        Host = new HostLedger(options.VCpus, options.Memory);
        foreach (LocalDefinition definition in options.Definitions) Definitions.Add(Definition(definition));
    }

    /// <summary>How the engine was set up.</summary>
    public LocalBatchOptions Options { get; }

    /// <summary>The jobs.</summary>
    public JobTable Jobs { get; } = new();

    /// <summary>The job definitions.</summary>
    public DefinitionTable Definitions { get; } = new();

    /// <summary>The machine.</summary>
    public HostLedger Host { get; }

    /// <summary>Whether no job may be submitted or started any more.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether the machine's GPUs are known.</summary>
    public bool KnowsGpus { get; set; }

    /// <summary>The next place in the order of arrival.</summary>
    public long NextSequence() => _sequence++;

    /// <summary>The queue of a name or ARN; null where there is none.</summary>
    public LocalQueue? FindQueue(string nameOrArn) => Options.Queues.FirstOrDefault(queue => queue.Name == LocalArn.NameOf(nameOrArn));

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
