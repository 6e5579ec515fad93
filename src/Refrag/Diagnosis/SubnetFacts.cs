using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;

namespace Refrag.Diagnosis;

/// <summary>What a subnet's instances can reach.</summary>
/// <param name="Id">The subnet.</param>
/// <param name="Gateway">What its default route leads to; null without one.</param>
/// <param name="IsBlackhole">Whether that is gone.</param>
/// <param name="Endpoints">The services that the network has endpoints for, such as <c>ecs</c> and <c>ecr.api</c>.</param>
public sealed record SubnetFacts(string Id, string? Gateway, bool IsBlackhole, IReadOnlyList<string> Endpoints)
{
    /// <summary>Whether nothing leads to ECS, without which an instance joins no cluster.</summary>
    public bool IsClosed => (Gateway is null || IsBlackhole) && !Endpoints.Contains("ecs", StringComparer.Ordinal);

    /// <summary>
    /// Whether only what has a public address reaches the internet from there. A node of a multi-node job has none on EC2: Batch runs it in
    /// the network mode awsvpc. (Batch User Guide, networking modes of jobs; ECS Developer Guide, awsvpc)
    /// </summary>
    public bool IsForPublicAddresses => !IsBlackhole && Gateway?.StartsWith("igw-", StringComparison.Ordinal) == true;
}

/// <summary>
/// Reads the routes of the subnets of a queue's environments, if instances should be there and no job runs on them, or if a node of a job
/// reached an address in vain.
/// </summary>
internal sealed class SubnetReader(IAwsTransport aws, Checks checks)
{
    private const string Everywhere = "0.0.0.0/0";

    public Task<IReadOnlyList<SubnetFacts>> OfAsync(Situation situation, CancellationToken cancellationToken)
    {
        string[] subnets = [.. situation.Working.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>()
            .Where(r => r.Type is CRType.Ec2 or CRType.Spot && r.DesiredvCpus > 0)
            .SelectMany(r => r.Subnets ?? []).Distinct(StringComparer.Ordinal)];
        bool isAsked = subnets.Length > 0 && situation.Job?.Status == JobStatus.Runnable && WaitCauses.IsLate(situation);
        return isAsked
            ? checks.AskAsync("the subnets' routes", () => ReadAsync(subnets, cancellationToken), [])
            : Task.FromResult<IReadOnlyList<SubnetFacts>>([]);
    }

    /// <summary>The subnets of its queue: in which of them the nodes of a job ran is not known once it has ended.</summary>
    public Task<IReadOnlyList<SubnetFacts>> OfNodesAsync(Situation situation, CancellationToken cancellationToken)
    {
        string[] subnets = [.. situation.Environments.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>()
            .Where(r => r.Type is CRType.Ec2 or CRType.Spot).SelectMany(r => r.Subnets ?? []).Distinct(StringComparer.Ordinal)];
        return subnets.Length > 0
            ? checks.AskAsync("the subnets' routes", () => ReadAsync(subnets, cancellationToken), [])
            : Task.FromResult<IReadOnlyList<SubnetFacts>>([]);
    }

    private async Task<IReadOnlyList<SubnetFacts>> ReadAsync(string[] wanted, CancellationToken cancellationToken)
    {
        List<SubnetInfo> subnets = await aws.ItemsAsync(Ec2Operations.DescribeSubnets, new DescribeSubnetsRequest { Subnets = wanted },
            page => page.Subnets, cancellationToken).ToListAsync(cancellationToken);
        string[] networks = [.. subnets.Select(s => s.Vpc).Distinct(StringComparer.Ordinal)];
        if (networks.Length == 0) return [];
        List<RouteTableInfo> tables = await aws.ItemsAsync(Ec2Operations.DescribeRouteTables,
            new DescribeRouteTablesRequest { Vpcs = networks }, page => page.RouteTables, cancellationToken).ToListAsync(cancellationToken);
        List<VpcEndpointInfo> endpoints = await aws.ItemsAsync(Ec2Operations.DescribeVpcEndpoints,
            new DescribeVpcEndpointsRequest { Vpcs = networks }, page => page.Endpoints, cancellationToken).ToListAsync(cancellationToken);
        return [.. subnets.Select(s => Facts(s, tables, endpoints))];
    }

    private static SubnetFacts Facts(SubnetInfo subnet, IReadOnlyList<RouteTableInfo> tables, IReadOnlyList<VpcEndpointInfo> endpoints)
    {
        RouteTableInfo? table = tables.FirstOrDefault(t => t.Subnets.Contains(subnet.Id))
            ?? tables.FirstOrDefault(t => t.IsMain && t.Vpc == subnet.Vpc);
        RouteInfo? route = table?.Routes.FirstOrDefault(r => r.Destination == Everywhere);
        string[] services = [.. endpoints.Where(e => e.Vpc == subnet.Vpc && e.State == "available").Select(e => Service(e.Service))];
        return new SubnetFacts(subnet.Id, route?.Target, route?.IsBlackhole ?? false, services);
    }

    // com.amazonaws.us-east-1.ecr.api, and cn.com.amazonaws.cn-north-1.ecs in China.
    private static string Service(string name)
    {
        string[] parts = name.Split('.');
        int region = Array.IndexOf(parts, "amazonaws") + 1;
        return string.Join('.', parts.Skip(region + 1));
    }
}

/// <summary>What the network of a queue's instances has against a job.</summary>
internal static class NetworkCauses
{
    private const string NoInternet = "node-without-internet";

    // The sign of an address that was not reached.
    private const string Unreached = "app-network";

    /// <summary>That its instances cannot join their cluster; null if a subnet is open, or nothing was read.</summary>
    public static Cause? Closed(Situation s)
    {
        if (s.Account.Subnets.Count == 0 || !s.Account.Subnets.All(subnet => subnet.IsClosed)) return null;
        return new Cause(
            NoInternet,
            "Its instances cannot reach ECS: their subnets have no route to the internet and no endpoint for it, so they do not join "
                + "the cluster",
            Confidence.Likely,
            [.. s.Account.Subnets.Select(subnet => (Evidence)Text(subnet))],
            [
                new Cure("Give the subnets a default route (NAT gateway, or an internet gateway and public addresses)")
                {
                    Assumed = Opened,
                },
                new Cure("Or make VPC endpoints: ecs, ecs-agent, ecs-telemetry, ecr.api, ecr.dkr, logs and, as a gateway, s3")
                {
                    Assumed = Opened,
                },
            ]);
    }

    /// <summary>Whether a node of a multi-node job has failed by an address that it did not reach.</summary>
    public static bool MayBeOfNodes(Situation s)
    {
        if (s.Job is not { Status: JobStatus.Failed, NodeProperties: not null }) return false;
        string[] log = [.. LogEnd.Relevant(s.LogTail)];
        return Array.Exists(log, line => EndSigns.FindAll(line, inLog: true, log).Any(sign => sign.Code == Unreached));
    }

    /// <summary>
    /// That a job's nodes have no way to the internet; null if one subnet has another way, or nothing was read. That this ended the job is
    /// possible, not more: nodes meet each other by addresses too.
    /// </summary>
    public static Cause? OfNodes(Situation s)
    {
        if (s.Account.Subnets.Count == 0 || !s.Account.Subnets.All(subnet => subnet.IsForPublicAddresses)) return null;
        return new Cause(
            NoInternet,
            "Its nodes reach no internet: a node of a multi-node job has no public address, and its subnets lead to an internet gateway "
                + "alone",
            Confidence.Possible,
            [.. s.Account.Subnets.Select(subnet => (Evidence)$"{subnet.Id}: its default route leads to {subnet.Gateway}")],
            [
                new Cure("Run it in subnets with a NAT gateway (network_nat of the stack), or make VPC endpoints for what it reaches")
            ]);
    }

    private static string Text(SubnetFacts subnet) => $"{subnet.Id}: "
        + (subnet.Gateway is null ? "no default route" : $"its default route leads to {subnet.Gateway}, which is gone (blackhole)")
        + $", {(subnet.Endpoints.Count == 0 ? "no VPC endpoint" : $"VPC endpoints for {string.Join(", ", subnet.Endpoints)} only")}";

    private static Situation Opened(Situation s) => s with { Account = s.Account with { Subnets = [] } };
}
