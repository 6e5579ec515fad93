namespace Refrag.Aws.Ec2;

/// <summary>What <c>DescribeInstanceTypes</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeInstanceTypesRequest
{
    /// <summary>
    /// Names, or patterns such as <c>c6i.*</c>; at most 200; empty for all that the region offers. A name that the region does not offer is
    /// no error: it is missing in the answer.
    /// </summary>
    public required IReadOnlyList<string> Patterns { get; init; }

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What <c>DescribeInstanceTypes</c> answers, as far as refrag reads it.</summary>
public sealed record DescribeInstanceTypesResponse
{
    /// <summary>The types that the region offers.</summary>
    public IReadOnlyList<InstanceTypeInfo> InstanceTypes { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}

/// <summary>One instance type.</summary>
/// <param name="Name">Such as <c>m6i.xlarge</c>.</param>
/// <param name="VCpus">vCPUs.</param>
/// <param name="MemoryMiB">Memory in MiB; the system and the ECS agent keep a share of it.</param>
/// <param name="Gpus">GPUs of all makes.</param>
public sealed record InstanceTypeInfo(string Name, int VCpus, long MemoryMiB, int Gpus)
{
    /// <summary>The GPUs' maker, such as <c>NVIDIA</c>; null without GPUs.</summary>
    public string? GpuMaker { get; init; }

    /// <summary>The GPUs' model, such as <c>A10G</c>; null without GPUs.</summary>
    public string? GpuModel { get; init; }

    /// <summary>The memory of one GPU in MiB; 0 without GPUs.</summary>
    public int GpuMemoryMiB { get; init; }

    /// <summary>The architecture in EC2's words: <c>x86_64</c>, <c>arm64</c>, or one of a Mac; empty where EC2 named none.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Whether it is sold on the Spot market.</summary>
    public bool HasSpot { get; init; }
}
