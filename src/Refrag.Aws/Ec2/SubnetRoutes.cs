namespace Refrag.Aws.Ec2;

/// <summary>What <c>DescribeSubnets</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeSubnetsRequest
{
    /// <summary>The subnets. One that does not exist is missing in the answer.</summary>
    public required IReadOnlyList<string> Subnets { get; init; }

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What <c>DescribeSubnets</c> answers, as far as refrag reads it.</summary>
public sealed record DescribeSubnetsResponse
{
    /// <summary>The subnets.</summary>
    public IReadOnlyList<SubnetInfo> Subnets { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}

/// <summary>A subnet.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Vpc">The network that it is in.</param>
public sealed record SubnetInfo(string Id, string Vpc);

/// <summary>What <c>DescribeRouteTables</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeRouteTablesRequest
{
    /// <summary>The networks.</summary>
    public required IReadOnlyList<string> Vpcs { get; init; }

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What <c>DescribeRouteTables</c> answers, as far as refrag reads it.</summary>
public sealed record DescribeRouteTablesResponse
{
    /// <summary>The tables.</summary>
    public IReadOnlyList<RouteTableInfo> RouteTables { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}

/// <summary>A route table.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Vpc">The network that it is in.</param>
public sealed record RouteTableInfo(string Id, string Vpc)
{
    /// <summary>Whether it is for the subnets of its network that no table names.</summary>
    public bool IsMain { get; init; }

    /// <summary>The subnets that it is for.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>Its routes.</summary>
    public IReadOnlyList<RouteInfo> Routes { get; init; } = [];
}

/// <summary>A route.</summary>
/// <param name="Destination">Such as <c>0.0.0.0/0</c>; empty for one that is not of IPv4.</param>
/// <param name="Target">The id of what it leads to: a gateway, a NAT gateway, a transit gateway, an interface.</param>
/// <param name="IsBlackhole">Whether what it leads to is gone.</param>
public sealed record RouteInfo(string Destination, string Target, bool IsBlackhole);

/// <summary>What <c>DescribeVpcEndpoints</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeVpcEndpointsRequest
{
    /// <summary>The networks.</summary>
    public required IReadOnlyList<string> Vpcs { get; init; }

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What <c>DescribeVpcEndpoints</c> answers, as far as refrag reads it.</summary>
public sealed record DescribeVpcEndpointsResponse
{
    /// <summary>The endpoints.</summary>
    public IReadOnlyList<VpcEndpointInfo> Endpoints { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}

/// <summary>An endpoint of a network.</summary>
/// <param name="Vpc">The network.</param>
/// <param name="Service">The service's name, such as <c>com.amazonaws.us-east-1.ecs</c>.</param>
/// <param name="State">Its state; <c>available</c> for one that works.</param>
public sealed record VpcEndpointInfo(string Vpc, string Service, string State);
