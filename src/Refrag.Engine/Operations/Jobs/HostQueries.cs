using System.Net;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.State;
using Refrag.Scheduling;

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
        EngineState state, FleetHosts? hosts, DescribeContainerInstancesRequest request)
    {
        // A body may lack the member, or have nulls in it.
        if (request.ContainerInstances is not { Count: > 0 and <= MostContainerInstances } || request.ContainerInstances.Contains(null!))
            throw new Refusal("Container instances must be between 1 and 100.", EcsException.InvalidParameter);
        string environment = ClusterQueries.EnvironmentOf(state, request.Cluster ?? "default");
        List<(string Arn, FleetInstance Host)> found = [];
        List<Failure> failures = [];
        foreach (string one in request.ContainerInstances)
        {
            string arn = LocalArn.IsArn(one) ? one : state.Arns.Host(environment, one);
            FleetInstance? host = hosts?.FindUp(one[(one.LastIndexOf('/') + 1)..]);
            if (host?.Environment == environment) found.Add((arn, host));
            else failures.Add(new Failure { Arn = arn, Reason = "MISSING" });
        }
        ILookup<long, Amount>? tasks = hosts?.Tasks(found.Select(one => one.Host));
        return new DescribeContainerInstancesResponse
        {
            ContainerInstances =
                [.. found.Select(one => Of(state, one.Arn, one.Host, hosts!.CapacityOf(one.Host), tasks![one.Host.Number]))],
            Failures = failures,
        };
    }

    /// <summary>ECS's ListContainerInstances: the hosts of one cluster that are up, all of them ACTIVE.</summary>
    public static ListContainerInstancesResponse List(EngineState state, FleetHosts? hosts, ListContainerInstancesRequest request)
    {
        if (request.Filter is not null)
            throw new Refusal("filter is not known to the embedded engine. Ask by cluster and status.", EcsException.InvalidParameter);
        string cluster = request.Cluster ?? "default";
        ClusterQueries.CheckStatus("status", request.Status, ContainerInstanceStatus.All);
        string environment = ClusterQueries.EnvironmentOf(state, cluster);
        bool isActive = request.Status is null or ContainerInstanceStatus.Active;
        IEnumerable<string> arns = (hosts?.Up ?? []).Where(one => isActive && one.Environment == environment)
            .Select(one => state.Arns.Host(environment, one.Id)).Order(StringComparer.Ordinal);
        var (page, next) = ClusterQueries.PageOf(
            arns, $"ListContainerInstances {cluster} {request.Status}", request.NextToken, request.MaxResults);
        return new ListContainerInstancesResponse { ContainerInstanceArns = page, NextToken = next };
    }

    /// <summary>EC2's DescribeInstances, of the instances that are up.</summary>
    public static DescribeInstancesResponse Describe(EngineState state, FleetHosts? hosts, DescribeInstancesRequest request)
    {
        IEnumerable<string> wanted = request.Instances.Distinct(StringComparer.Ordinal);
        return new DescribeInstancesResponse
        {
            Instances = [.. wanted.Select(id => hosts?.FindUp(id)).OfType<FleetInstance>().Select(one => Of(state, one))],
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

    private static string ZoneOf(EngineState state, FleetInstance host) => state.Arns.Region + host.Zone;

    private static InstanceInfo Of(EngineState state, FleetInstance host)
    {
        IPAddress address = HostAddress.Of(host);
        return new InstanceInfo(host.Id, host.Type, ZoneOf(state, host))
        {
            Lifecycle = host.IsSpot ? "spot" : "",
            State = "running",
            PrivateAddress = address.ToString(),
            PrivateName = HostAddress.Name(address, state.Arns.Region),
        };
    }

    private static ContainerInstance Of(EngineState state, string arn, FleetInstance host, Amount capacity, IEnumerable<Amount> tasks)
    {
        Amount used = tasks.Aggregate(default(Amount), (sum, task) => sum + task);
        return new ContainerInstance
        {
            ContainerInstanceArn = arn,
            Ec2InstanceId = host.Id,
            Status = ContainerInstanceStatus.Active,
            AgentConnected = true,
            RegisteredResources = HostResources.Of(host, capacity, default),
            RemainingResources = HostResources.Of(host, capacity, used),
            RunningTasksCount = tasks.Count(),
            PendingTasksCount = 0,
            Attributes =
            [
                new() { Name = "ecs.instance-type", Value = host.Type },
                new() { Name = "ecs.availability-zone", Value = ZoneOf(state, host) },
            ],
        };
    }
}
