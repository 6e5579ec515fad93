using Refrag.Aws;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;

namespace Refrag.History;

/// <summary>
/// Asks ECS which EC2 instance a container instance is, and EC2 for its type, zone and market: a hundred at a request, each once.
/// </summary>
/// <param name="aws">Carries operations of ECS and EC2 to the place of the jobs.</param>
/// <param name="known">What was measured before; null if nothing is known of a container instance.</param>
/// <param name="faults">Where refusals go.</param>
/// <param name="time">The clock.</param>
internal sealed class HostReader(IAwsTransport aws, Func<string, HostInstance?> known, MeasuringFaults faults, TimeProvider time)
{
    // (ECS API DescribeContainerInstances: 100)
    private const int AtOnce = 100;

    // EC2 may not list an instance that has just begun; one that is not listed then is gone.
    private const int MostTries = 3;

    // One that no job named for so long is asked for again, if one ever does: instances come and go for months.
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(1);

    private readonly Dictionary<string, DateTimeOffset> _wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostInstance> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tries = new(StringComparer.Ordinal);

    /// <summary>How many container instances it remembers.</summary>
    public int Remembered => _wanted.Count;

    /// <summary>The instances of container instances, as far as they are known now.</summary>
    public async Task<IReadOnlyDictionary<string, HostInstance>> ReadAsync(IEnumerable<string> hosts, CancellationToken cancellationToken)
    {
        string[] wanted = [.. hosts.Distinct(StringComparer.Ordinal)];
        Forget();
        foreach (string host in wanted) _wanted[host] = time.GetUtcNow();
        foreach (string host in wanted.Where(host => !_found.ContainsKey(host)))
        {
            if (known(host) is { } before) _found[host] = before;
        }
        string[] open = [.. wanted.Where(host => !_found.ContainsKey(host) && _tries.GetValueOrDefault(host) < MostTries)];
        foreach (IGrouping<string?, string> cluster in open.GroupBy(ClusterOf).Where(cluster => cluster.Key is not null))
        {
            foreach (string[] some in cluster.Chunk(AtOnce)) await AskAsync(cluster.Key!, some, cancellationToken);
        }
        return _found;
    }

    private void Forget()
    {
        DateTimeOffset since = time.GetUtcNow() - s_kept;
        foreach (string host in _wanted.Where(one => one.Value < since).Select(one => one.Key).ToArray())
        {
            _wanted.Remove(host);
            _found.Remove(host);
            _tries.Remove(host);
        }
    }

    // arn:aws:ecs:REGION:ACCOUNT:container-instance/CLUSTER/ID; accounts of before 2020 may have ARNs without the cluster, which nothing
    // of Batch names then. (ECS Developer Guide, ARNs and IDs)
    private static string? ClusterOf(string host) => host.Split('/') is [_, var cluster, _] ? cluster : null;

    private async Task AskAsync(string cluster, string[] hosts, CancellationToken cancellationToken)
    {
        DescribeContainerInstancesResponse? answer = await faults.AskAsync(
            "ecs:DescribeContainerInstances",
            () => aws.SendAsync(
                EcsOperations.DescribeContainerInstances,
                new DescribeContainerInstancesRequest { Cluster = cluster, ContainerInstances = hosts }, cancellationToken));
        if (answer is null) return;
        // One that ECS no longer knows does not come back.
        foreach (string missing in (answer.Failures ?? []).Select(failure => failure.Arn).OfType<string>()) _tries[missing] = MostTries;
        (string Host, string Instance)[] pairs = Pairs(answer);
        int unanswered = faults.Unanswered;
        List<InstanceInfo>? instances = pairs.Length == 0 ? null : await faults.AskAsync(
            "ec2:DescribeInstances",
            () => InstancesAsync([.. pairs.Select(pair => pair.Instance).Distinct(StringComparer.Ordinal)], cancellationToken));
        // A question without an answer was no try.
        if (faults.Unanswered > unanswered) return;
        foreach (string host in hosts) _tries[host] = _tries.GetValueOrDefault(host) + 1;
        Dictionary<string, InstanceInfo> byId =
            (instances ?? []).DistinctBy(one => one.Id, StringComparer.Ordinal).ToDictionary(one => one.Id, StringComparer.Ordinal);
        foreach ((string host, string instance) in pairs)
        {
            if (byId.TryGetValue(instance, out InstanceInfo? info) && info is { Type.Length: > 0, Zone.Length: > 0 })
                _found[host] = new HostInstance(info.Id, info.Type, info.Zone, Market(info));
        }
    }

    private static (string Host, string Instance)[] Pairs(DescribeContainerInstancesResponse answer) =>
        [.. (answer.ContainerInstances ?? [])
            .Where(one => one is { ContainerInstanceArn: not null, Ec2InstanceId.Length: > 0 })
            .Select(one => (one.ContainerInstanceArn!, one.Ec2InstanceId!))];

    private async Task<List<InstanceInfo>> InstancesAsync(string[] ids, CancellationToken cancellationToken) =>
        await aws.ItemsAsync(
            Ec2Operations.DescribeInstances, new DescribeInstancesRequest { Instances = ids }, page => page.Instances, cancellationToken)
            .ToListAsync(cancellationToken);

    // (EC2 API Instance: instanceLifecycle "indicates whether this is a Spot Instance or a Scheduled Instance", and is absent otherwise)
    private static string Market(InstanceInfo info) => info.Lifecycle.Length > 0 ? info.Lifecycle : HostInstance.OnDemand;
}
