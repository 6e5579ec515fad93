namespace Refrag.Aws.Ec2;

/// <summary>What <c>DescribeInstanceTypes</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeInstanceTypesRequest
{
    /// <summary>Names, or patterns such as <c>c6i.*</c>; at most 200. A name that the region does not offer is no error: it is missing in the answer.</summary>
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
/// <param name="MemoryMiB">Memory in MiB, of which the system and the ECS agent keep a share.</param>
/// <param name="Gpus">GPUs of all makes.</param>
public sealed record InstanceTypeInfo(string Name, int VCpus, long MemoryMiB, int Gpus);
