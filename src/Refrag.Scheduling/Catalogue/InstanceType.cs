using System.Globalization;

namespace Refrag.Scheduling.Catalogue;

/// <summary>One EC2 instance type, as AWS publishes it.</summary>
public sealed record InstanceType
{
    internal const string Nvidia = "NVIDIA ";

    /// <summary>The name, such as <c>g5.4xlarge</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many vCPUs.</summary>
    public required int VCpus { get; init; }

    /// <summary>The installed memory in MiB. What jobs can have of it is less: <see cref="Usable"/>.</summary>
    public required int InstalledMiB { get; init; }

    /// <summary>The processor architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>The accelerators' maker and model, such as <c>NVIDIA A10G</c> or <c>AWS Trainium</c>; null without accelerators.</summary>
    public string? Accelerator { get; init; }

    /// <summary>How many whole accelerators; 0 for none, and where the type has a part of one.</summary>
    public int Accelerators { get; init; }

    /// <summary>The memory of one accelerator, or of the part of one, in MiB; 0 without accelerators.</summary>
    public int AcceleratorMemoryMiB { get; init; }

    /// <summary>The disks of the instance together, in GB; 0 for none.</summary>
    public int LocalStorageGB { get; init; }

    /// <summary>Whether it has an Elastic Fabric Adapter.</summary>
    public bool HasEfa { get; init; }

    /// <summary>Whether AWS calls its generation the current one.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>Whether it runs macOS.</summary>
    public bool IsMac { get; init; }

    /// <summary>Whether AWS sells it on the Spot market.</summary>
    public bool HasSpot { get; init; } = true;

    /// <summary>The family: what stands before the point, such as <c>g5</c>.</summary>
    public string Family => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Whether it is a machine without a hypervisor.</summary>
    public bool IsBareMetal => Name.Contains(".metal", StringComparison.Ordinal);

    /// <summary>Whether it saves up CPU credits, as the types of T do.</summary>
    public bool IsBurstable => Name[0] == 't' && char.IsAsciiDigit(Name[1]);

    /// <summary>Whether its accelerators, or the part of one, are GPUs of NVIDIA.</summary>
    public bool HasNvidia => Accelerator?.StartsWith(Nvidia, StringComparison.Ordinal) == true;

    /// <summary>
    /// How many GPUs jobs can have. Only whole ones of NVIDIA count: what a job asks for are physical GPUs, and Batch's image for GPUs has
    /// the driver of NVIDIA. (API ResourceRequirement; UG gpu-jobs, batch-gpu-ami; a part of a GPU is asked for as a fraction, which ECS
    /// takes and Batch does not: ECS guide, ecs-gpu-specifying)
    /// </summary>
    public int Gpus => HasNvidia ? Accelerators : 0;

    /// <summary>
    /// What jobs can have on one instance: all vCPUs and GPUs, and the memory of <see cref="UsableMemory"/>. Nothing on a Mac.
    /// </summary>
    // Assumed: a Mac needs a dedicated host and an image of macOS, and Batch has neither. (EC2 guide, ec2-mac-instances)
    public Amount Usable => IsMac ? default : Amount.Of(VCpus, UsableMemory.Of(InstalledMiB), Gpus);

    /// <summary>What jobs surely have on one instance, whatever its machine image: <see cref="UsableMemory.Sure"/>.</summary>
    public Amount SurelyUsable => IsMac ? default : Amount.Of(VCpus, UsableMemory.Sure(InstalledMiB), Gpus);

    /// <summary>
    /// For people: <c>16 AWS Trainium of 32768 MiB</c>, <c>a part of one NVIDIA L4, 2861 MiB</c>; null without accelerators.
    /// </summary>
    public string? AcceleratorText => Accelerator is null ? null : Accelerators == 0
        ? string.Create(CultureInfo.InvariantCulture, $"a part of one {Accelerator}, {AcceleratorMemoryMiB} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{Accelerators} {Accelerator} of {AcceleratorMemoryMiB} MiB");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
