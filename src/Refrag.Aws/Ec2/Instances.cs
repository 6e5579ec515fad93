namespace Refrag.Aws.Ec2;

/// <summary>What <c>DescribeInstances</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeInstancesRequest
{
    /// <summary>The instances, at most 200. One that does not exist is missing in the answer.</summary>
    public required IReadOnlyList<string> Instances { get; init; }

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What <c>DescribeInstances</c> answers, as far as refrag reads it.</summary>
public sealed record DescribeInstancesResponse
{
    /// <summary>The instances, those that have just ended too: EC2 shows them for about an hour.</summary>
    public IReadOnlyList<InstanceInfo> Instances { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}

/// <summary>An instance.</summary>
/// <param name="Id">Its id, such as <c>i-1234567890abcdef0</c>.</param>
/// <param name="Type">Its type, such as <c>m6i.xlarge</c>.</param>
/// <param name="Zone">Its availability zone, such as <c>us-east-1a</c>.</param>
public sealed record InstanceInfo(string Id, string Type, string Zone)
{
    /// <summary>
    /// EC2's <c>instanceLifecycle</c>: <c>spot</c>, <c>scheduled</c> or <c>capacity-block</c>; empty for an instance on demand, for
    /// which EC2 names none.
    /// </summary>
    public string Lifecycle { get; init; } = "";

    /// <summary>Its state, such as <c>running</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Its address in its network, such as <c>10.0.0.4</c>; empty if EC2 named none.</summary>
    public string PrivateAddress { get; init; } = "";

    /// <summary>Its name in its network, such as <c>ip-10-0-0-4.ec2.internal</c>; empty if EC2 named none.</summary>
    public string PrivateName { get; init; } = "";
}
