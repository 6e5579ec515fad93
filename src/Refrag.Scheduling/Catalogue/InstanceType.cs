namespace Refrag.Scheduling.Catalogue;

/// <summary>One EC2 instance type, as AWS publishes it.</summary>
public sealed record InstanceType
{
    /// <summary>The name, such as <c>g5.4xlarge</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many vCPUs.</summary>
    public required int VCpus { get; init; }

    /// <summary>The installed memory in MiB. What jobs can have of it is less: <see cref="Usable"/>.</summary>
    public required int InstalledMiB { get; init; }

    /// <summary>The processor architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>How many GPUs; 0 for none.</summary>
    public int Gpus { get; init; }

    /// <summary>The GPUs' model, such as <c>A10G</c>; null without GPUs.</summary>
    public string? GpuModel { get; init; }

    /// <summary>The memory of one GPU in MiB; 0 without GPUs.</summary>
    public int GpuMemoryMiB { get; init; }

    /// <summary>Whether AWS sells it on the Spot market.</summary>
    public bool HasSpot { get; init; } = true;

    /// <summary>The family: what stands before the point, such as <c>g5</c>.</summary>
    public string Family => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>What jobs can have on one instance: all vCPUs and GPUs, and the memory of <see cref="UsableMemory"/>.</summary>
    public Amount Usable => Amount.Of(VCpus, UsableMemory.Of(InstalledMiB), Gpus);

    /// <summary>What jobs surely have on one instance, whatever its machine image: <see cref="UsableMemory.Sure"/>.</summary>
    public Amount SurelyUsable => Amount.Of(VCpus, UsableMemory.Sure(InstalledMiB), Gpus);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
