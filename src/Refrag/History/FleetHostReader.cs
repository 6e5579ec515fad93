using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;

namespace Refrag.History;

/// <summary>
/// Asks ECS which instances compute environments have, and what of them is reserved: a request for their names and one for each hundred.
/// Their market is that of the environment, so that EC2 need not be asked.
/// </summary>
/// <param name="aws">Carries operations of ECS to the place of the environments.</param>
/// <param name="faults">Where refusals go.</param>
internal sealed class FleetHostReader(IAwsTransport aws, MeasuringFaults faults)
{
    private const int AtOnce = 100;

    // Ten requests: of a larger fleet nothing is kept, because a part would look like the whole.
    private const int Most = 1000;

    private const double UnitsOfAVCpu = 1024;

    /// <summary>What the instances of an environment have and use; null if it has none that ECS knows, or there was no answer.</summary>
    public async Task<FleetUse?> ReadAsync(ComputeEnvironmentDetail environment, CancellationToken cancellationToken)
    {
        if (environment is not { EcsClusterArn: { Length: > 0 } cluster, ComputeResources.Type: CRType.Ec2 or CRType.Spot }) return null;
        List<string>? names = await faults.AskAsync("ecs:ListContainerInstances", () => NamesAsync(cluster, cancellationToken));
        if (names is null or { Count: > Most }) return null;
        List<ContainerInstance> found = [];
        foreach (string[] some in names.Chunk(AtOnce))
        {
            DescribeContainerInstancesResponse? answer = await faults.AskAsync(
                "ecs:DescribeContainerInstances",
                () => aws.SendAsync(
                    EcsOperations.DescribeContainerInstances,
                    new DescribeContainerInstancesRequest { Cluster = cluster, ContainerInstances = some }, cancellationToken));
            if (answer is null) return null;
            found.AddRange(answer.ContainerInstances ?? []);
        }
        return Of(found, environment.ComputeResources.Type == CRType.Spot ? HostInstance.Spot : HostInstance.OnDemand);
    }

    internal static FleetUse Of(IReadOnlyList<ContainerInstance> hosts, string market) => new()
    {
        VCpus = hosts.Sum(one => VCpus(one.RegisteredResources)),
        BusyVCpus = hosts.Sum(one => VCpus(one.RegisteredResources) - VCpus(one.RemainingResources)),
        Gpus = hosts.Sum(one => Gpus(one.RegisteredResources)),
        BusyGpus = hosts.Sum(one => Gpus(one.RegisteredResources) - Gpus(one.RemainingResources)),
        Instances =
        [
            .. hosts.GroupBy(one => (Type: Attribute(one, "ecs.instance-type"), Zone: Attribute(one, "ecs.availability-zone")))
                .OrderBy(same => same.Key).Select(same => new InstanceCount(same.Key.Type, same.Key.Zone, market, same.Count())),
        ],
    };

    private async Task<List<string>> NamesAsync(string cluster, CancellationToken cancellationToken)
    {
        List<string> names = [];
        ListContainerInstancesRequest request = new() { Cluster = cluster };
        do
        {
            ListContainerInstancesResponse page = await aws.SendAsync(EcsOperations.ListContainerInstances, request, cancellationToken);
            names.AddRange(page.ContainerInstanceArns ?? []);
            request = request with { NextToken = page.NextToken };
        }
        while (request.NextToken is { Length: > 0 } && names.Count <= Most);
        return names;
    }

    // 1024 units are a vCPU, and a GPU is an element of a set. (ECS API ContainerInstance, registeredResources; Resource)
    private static double VCpus(IReadOnlyList<Resource>? of) =>
        (of?.FirstOrDefault(one => one.Name == "CPU")?.IntegerValue ?? 0) / UnitsOfAVCpu;

    private static int Gpus(IReadOnlyList<Resource>? of) => of?.FirstOrDefault(one => one.Name == "GPU")?.StringSetValue?.Count ?? 0;

    private static string Attribute(ContainerInstance host, string name) =>
        host.Attributes?.FirstOrDefault(one => one.Name == name)?.Value ?? "";
}
