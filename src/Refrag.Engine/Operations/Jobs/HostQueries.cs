using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.Engine.Names;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// What ECS and EC2 say of the hosts of jobs: how a client learns, on AWS too, on which instance type and market a job runs. The hosts are
/// the instances of the simulated fleets.
/// </summary>
internal static class HostQueries
{
    // (ECS API DescribeContainerInstances: "a list of up to 100 container instance IDs or full ARN entries")
    private const int MostContainerInstances = 100;

    /// <summary>ECS's DescribeContainerInstances. A host that does not exist is a failure MISSING. (ECS API, API failure reasons)</summary>
    public static DescribeContainerInstancesResponse Describe(
        EngineState state, FleetPlacement? fleets, DescribeContainerInstancesRequest request)
    {
        // A body may lack the member, or have nulls in it.
        if (request.ContainerInstances is not { Count: > 0 and <= MostContainerInstances } || request.ContainerInstances.Contains(null!))
            throw new Refusal("Container instances must be between 1 and 100.", EcsException.InvalidParameter);
        string cluster = request.Cluster ?? "default";
        string environment = ClusterQueries.EnvironmentOf(state, cluster);
        Dictionary<string, SimulatedInstance> hosts = Up(fleets).Where(one => one.Environment == environment)
            .ToDictionary(one => one.Id, StringComparer.Ordinal);
        List<ContainerInstance> found = [];
        List<Failure> failures = [];
        foreach (string one in request.ContainerInstances)
        {
            string arn = LocalArn.IsArn(one) ? one : state.Arns.Host(environment, one);
            if (hosts.TryGetValue(one[(one.LastIndexOf('/') + 1)..], out SimulatedInstance? host)) found.Add(Of(state, host, arn));
            else failures.Add(new Failure { Arn = arn, Reason = "MISSING" });
        }
        return new DescribeContainerInstancesResponse { ContainerInstances = found, Failures = failures };
    }

    /// <summary>ECS's ListContainerInstances: the hosts of one cluster that are up, all of them ACTIVE.</summary>
    public static ListContainerInstancesResponse List(EngineState state, FleetPlacement? fleets, ListContainerInstancesRequest request)
    {
        if (request.Filter is not null)
            throw new Refusal("filter is not known to the embedded engine. Ask by cluster and status.", EcsException.InvalidParameter);
        string cluster = request.Cluster ?? "default";
        ClusterQueries.CheckStatus("status", request.Status, ContainerInstanceStatus.All);
        string environment = ClusterQueries.EnvironmentOf(state, cluster);
        bool isActive = request.Status is null or ContainerInstanceStatus.Active;
        IEnumerable<string> hosts = Up(fleets).Where(one => isActive && one.Environment == environment)
            .Select(one => state.Arns.Host(environment, one.Id)).Order(StringComparer.Ordinal);
        var (page, next) = ClusterQueries.PageOf(
            hosts, $"ListContainerInstances {cluster} {request.Status}", request.NextToken, request.MaxResults);
        return new ListContainerInstancesResponse { ContainerInstanceArns = page, NextToken = next };
    }

    /// <summary>EC2's DescribeInstances, of the instances that are up.</summary>
    public static DescribeInstancesResponse Describe(EngineState state, FleetPlacement? fleets, DescribeInstancesRequest request)
    {
        HashSet<string> wanted = [.. request.Instances];
        return new DescribeInstancesResponse
        {
            Instances =
            [
                .. Up(fleets).Where(one => wanted.Contains(one.Id)).Select(one =>
                    new InstanceInfo(one.Id, one.Type, ZoneOf(state, one)) { Lifecycle = one.IsSpot ? "spot" : "", State = "running" }),
            ],
        };
    }

    /// <summary>
    /// EC2's DescribeSpotPriceHistory: the Spot price of the fleets' price table, at every time. Of types and one zone; without types there
    /// is no answer, as the whole list is not rehearsed.
    /// </summary>
    public static DescribeSpotPriceHistoryResponse Describe(EngineState state, DescribeSpotPriceHistoryRequest request)
    {
        if (state.Options.Fleets?.Prices is not { } prices || request.Zone is not { } zone) return new DescribeSpotPriceHistoryResponse();
        return new DescribeSpotPriceHistoryResponse
        {
            Prices =
            [
                .. request.Types.Distinct(StringComparer.Ordinal)
                    .Select(type => (Type: type, prices.Find(type, state.Arns.Region)?.Spot))
                    .Where(one => one.Spot is not null)
                    .Select(one => new SpotPriceInfo(one.Type, zone, one.Spot!.Value)),
            ],
        };
    }

    private static IEnumerable<SimulatedInstance> Up(FleetPlacement? fleets) => fleets?.Describe().Where(one => !one.IsStarting) ?? [];

    private static string ZoneOf(EngineState state, SimulatedInstance instance) => state.Arns.Region + instance.Zone;

    private static ContainerInstance Of(EngineState state, SimulatedInstance host, string arn) => new()
    {
        ContainerInstanceArn = arn,
        Ec2InstanceId = host.Id,
        Status = ContainerInstanceStatus.Active,
        AgentConnected = true,
        RunningTasksCount = host.JobIds.Count,
        PendingTasksCount = 0,
        Attributes =
        [
            new() { Name = "ecs.instance-type", Value = host.Type },
            new() { Name = "ecs.availability-zone", Value = ZoneOf(state, host) },
        ],
    };
}
