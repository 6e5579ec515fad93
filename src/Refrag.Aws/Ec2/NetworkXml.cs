namespace Refrag.Aws.Ec2;

/// <summary>Reads EC2's XML about networks.</summary>
internal static class NetworkXml
{
    private const string Subnet = "/DescribeSubnetsResponse/subnetSet/item";
    private const string Table = "/DescribeRouteTablesResponse/routeTableSet/item";
    private const string Route = $"{Table}/routeSet/item";
    private const string Association = $"{Table}/associationSet/item";
    private const string Endpoint = "/DescribeVpcEndpointsResponse/vpcEndpointSet/item";

    public static DescribeSubnetsResponse Subnets(byte[] body)
    {
        string? next = null;
        var subnets = new List<SubnetInfo>();
        foreach ((string path, string text) in XmlLeaves.Of(body, Subnet))
        {
            if (path == "/DescribeSubnetsResponse/nextToken") next = Token(text);
            else if (path == Subnet) subnets.Add(new SubnetInfo("", ""));
            else if (path == $"{Subnet}/subnetId") subnets[^1] = subnets[^1] with { Id = text };
            else if (path == $"{Subnet}/vpcId") subnets[^1] = subnets[^1] with { Vpc = text };
        }
        return new DescribeSubnetsResponse { Subnets = subnets, NextToken = next };
    }

    public static DescribeRouteTablesResponse RouteTables(byte[] body)
    {
        string? next = null;
        var tables = new List<RouteTableInfo>();
        foreach ((string path, string text) in XmlLeaves.Of(body, Table, Route))
        {
            if (path == "/DescribeRouteTablesResponse/nextToken") next = Token(text);
            else if (path == Table) tables.Add(new RouteTableInfo("", ""));
            else if (path.StartsWith(Table, StringComparison.Ordinal)) tables[^1] = With(tables[^1], path, text);
        }
        return new DescribeRouteTablesResponse { RouteTables = tables, NextToken = next };
    }

    public static DescribeVpcEndpointsResponse Endpoints(byte[] body)
    {
        string? next = null;
        var endpoints = new List<VpcEndpointInfo>();
        foreach ((string path, string text) in XmlLeaves.Of(body, Endpoint))
        {
            if (path == "/DescribeVpcEndpointsResponse/nextToken") next = Token(text);
            else if (path == Endpoint) endpoints.Add(new VpcEndpointInfo("", "", ""));
            else if (path == $"{Endpoint}/vpcId") endpoints[^1] = endpoints[^1] with { Vpc = text };
            else if (path == $"{Endpoint}/serviceName") endpoints[^1] = endpoints[^1] with { Service = text };
            // EC2 writes it large in some answers.
            else if (path == $"{Endpoint}/state") endpoints[^1] = endpoints[^1] with { State = text.ToLowerInvariant() };
        }
        return new DescribeVpcEndpointsResponse { Endpoints = endpoints, NextToken = next };
    }

    // Some answers end with an empty one.
    private static string? Token(string text) => text.Length > 0 ? text : null;

    private static RouteTableInfo With(RouteTableInfo table, string path, string text) => path switch
    {
        $"{Table}/routeTableId" => table with { Id = text },
        $"{Table}/vpcId" => table with { Vpc = text },
        Route => table with { Routes = [.. table.Routes, new RouteInfo("", "", false)] },
        _ when path.StartsWith($"{Route}/", StringComparison.Ordinal) =>
            table with { Routes = [.. table.Routes.SkipLast(1), With(table.Routes[^1], path[(Route.Length + 1)..], text)] },
        $"{Association}/main" when text == "true" => table with { IsMain = true },
        $"{Association}/subnetId" => table with { Subnets = [.. table.Subnets, text] },
        _ => table,
    };

    private static RouteInfo With(RouteInfo route, string member, string text) => member switch
    {
        "destinationCidrBlock" => route with { Destination = text },
        "gatewayId" or "natGatewayId" or "transitGatewayId" or "networkInterfaceId" or "vpcPeeringConnectionId" or "localGatewayId"
            or "carrierGatewayId" => route with { Target = text },
        "state" => route with { IsBlackhole = text == "blackhole" },
        _ => route,
    };
}
