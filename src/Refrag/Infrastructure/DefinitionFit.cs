using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Infrastructure;

/// <summary>What a job definition asks of its host.</summary>
/// <param name="VCpus">vCPUs.</param>
/// <param name="MemoryMiB">Memory in MiB.</param>
/// <param name="Gpus">GPUs.</param>
internal sealed record DefinitionFit(decimal VCpus, long MemoryMiB, int Gpus)
{
    /// <summary>The request of a definition of one container; null for one of several nodes.</summary>
    public static DefinitionFit? Of(JobDefinition definition) =>
        definition.ContainerProperties is not { } container ? null : new DefinitionFit(
        Number(container, ResourceType.Vcpu) ?? container.Vcpus ?? 0,
        (long)(Number(container, ResourceType.Memory) ?? container.Memory ?? 0),
        (int)(Number(container, ResourceType.Gpu) ?? 0));

    /// <summary>Whether a host of this type takes the job, whatever its machine image keeps for itself.</summary>
    public bool SurelyFits(InstanceTypeInfo type) => Fits(type, UsableMemory.Sure);

    /// <summary>Whether a host of this type takes the job if its machine image keeps as little as AWS documents.</summary>
    public bool ProbablyFits(InstanceTypeInfo type) => Fits(type, UsableMemory.Of);

    private bool Fits(InstanceTypeInfo type, Func<int, int> usable) =>
        type.VCpus >= VCpus && usable(checked((int)type.MemoryMiB)) >= MemoryMiB && type.Gpus >= Gpus;

    /// <summary>Such as <c>8 vCPU, 32768 MiB, 1 GPU</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{VCpus:0.##} vCPU, {MemoryMiB} MiB{(Gpus > 0 ? $", {Gpus} GPU" : "")}");

    private static decimal? Number(ContainerProperties container, string type) =>
        (container.ResourceRequirements ?? []).FirstOrDefault(r => r.Type == type) is { } found
        && decimal.TryParse(found.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
