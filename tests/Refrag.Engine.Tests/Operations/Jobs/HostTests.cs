using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.Engine.Tests.Placement.Fleets;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.Tests.Operations.Jobs;

/// <summary>On which instance a job runs, asked as on AWS: ECS's container instance, then EC2's instance.</summary>
public sealed class HostTests : FleetTest
{
    [Fact]
    public async Task Describe_HostOfARunningJob_HasTypeZoneAndMarket()
    {
        (JobDetail running, FakeAttempt attempt) = await RunAsync();
        string arn = running.Container!.ContainerInstanceArn!;

        DescribeContainerInstancesResponse hosts = await Send(
            EcsOperations.DescribeContainerInstances,
            new DescribeContainerInstancesRequest { Cluster = "spot", ContainerInstances = [arn, $"{arn}9"] });

        ContainerInstance host = Assert.Single(hosts.ContainerInstances!);
        Assert.Equal(arn, host.ContainerInstanceArn);
        Assert.Contains(host.Attributes!, one => one is { Name: "ecs.instance-type", Value: "m5.xlarge" });
        // (ECS API, API failure reasons: MISSING)
        Assert.Equal(($"{arn}9", "MISSING"), (Assert.Single(hosts.Failures!).Arn, hosts.Failures![0].Reason));
        DescribeInstancesResponse instances = await Send(
            Ec2Operations.DescribeInstances, new DescribeInstancesRequest { Instances = [host.Ec2InstanceId!, "i-none"] });
        Assert.Equal(
            [
                new InstanceInfo(host.Ec2InstanceId!, "m5.xlarge", "us-east-1a")
                {
                    Lifecycle = "spot",
                    State = "running",
                    PrivateAddress = "10.0.0.4",
                    PrivateName = "ip-10-0-0-4.ec2.internal",
                },
            ],
            instances.Instances);
        attempt.End(0);
    }

    // What a host registers and what it has left, as ECS answers it: vCPUs in units of 1/1024, MiB, and the ports that are taken. (ECS API
    // ContainerInstance and Resource; the example of the AWS CLI's describe-container-instances)
    [Fact]
    public async Task Describe_HostOfTwoJobs_HasWhatTheyDoNotHave()
    {
        await Environment("fleet", ["m5.xlarge"], most: 4);
        await MakeQueue(Queue, ["fleet"]);
        string one = await Submit(vCpus: 1, memory: 100);
        string two = await Submit(vCpus: 2, memory: 200);
        InstancesStart();
        Dictionary<string, FakeAttempt> attempts = new[] { await Runner.Next(), await Runner.Next() }.ToDictionary(run => run.JobId);

        ContainerInstance host = Assert.Single(await DescribeHostsAsync("fleet"));

        int memory = InstanceCatalogue.Load().Find("m5.xlarge")!.Usable.MemoryMiB;
        Assert.Equal(["CPU", "MEMORY", "PORTS", "PORTS_UDP"], host.RegisteredResources!.Select(resource => resource.Name));
        Assert.Equal((4096, memory), (Number(host.RegisteredResources!, "CPU"), Number(host.RegisteredResources!, "MEMORY")));
        Assert.Equal((1024, memory - 300), (Number(host.RemainingResources!, "CPU"), Number(host.RemainingResources!, "MEMORY")));
        Assert.Equal(["22", "2376", "2375", "51678", "51679"], Values(host.RemainingResources!, "PORTS"));
        Assert.Empty(Values(host.RemainingResources!, "PORTS_UDP"));
        Assert.Equal((2, 0), (host.RunningTasksCount, host.PendingTasksCount));
        attempts[one].End(0);
        await Ended(one);
        host = Assert.Single(await DescribeHostsAsync("fleet"));
        Assert.Equal((2048, memory - 200, 1),
            (Number(host.RemainingResources!, "CPU"), Number(host.RemainingResources!, "MEMORY"), host.RunningTasksCount));
        attempts[two].End(0);
        await Ended(two);
    }

    // A job of one GPU has one of four. That GPUs are a set of ids is what the agent registers. (ECS guide, ecs-gpu)
    [Fact]
    public async Task Describe_HostWithGpus_NamesThoseThatAreFree()
    {
        await Environment("fleet", ["g4dn.12xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit(gpus: 1);
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();

        ContainerInstance host = Assert.Single(await DescribeHostsAsync("fleet"));

        string[] all = Values(host.RegisteredResources!, "GPU");
        Assert.Equal(4, all.Distinct().Count());
        Assert.Equal(3, Values(host.RemainingResources!, "GPU").Intersect(all).Count());
        attempt.End(0);
        await Ended(id);
        Assert.Equal(all, Values(Assert.Single(await DescribeHostsAsync("fleet")).RemainingResources!, "GPU"));
    }

    [Fact]
    public async Task Describe_HostOfANodeThatHasEnded_HasNoTask()
    {
        await Environment("fleet", ["m5.large"]);
        await MakeQueue(Queue, ["fleet"]);
        await Send(BatchOperations.RegisterJobDefinition, TwoNodes());
        string id = (await Send(
            BatchOperations.SubmitJob, new SubmitJobRequest { JobName = "two", JobQueue = Queue, JobDefinition = "nodes" })).JobId;
        InstancesStart();
        FakeAttempt[] nodes = [await Runner.Next(), await Runner.Next()];
        await Until(id, job => job.Status == JobStatus.Running);
        Assert.Equal([1, 1], (await DescribeHostsAsync("fleet")).Select(host => host.RunningTasksCount ?? 0));

        nodes.Single(node => node.JobId == $"{id}#1").End(5);

        await Eventually.HoldsAsync(async () => (await Describe($"{id}#1")).Status == JobStatus.Failed);
        IReadOnlyList<ContainerInstance> hosts = await DescribeHostsAsync("fleet");
        Assert.Equal(
            [(0, 2048), (1, 0)], hosts.Select(host => (host.RunningTasksCount ?? 0, Number(host.RemainingResources!, "CPU"))).Order());
        nodes.Single(node => node.JobId == $"{id}#0").End(0);
        await Ended(id);
    }

    [Fact]
    public async Task Describe_HostThatIsGone_IsMissing()
    {
        (JobDetail running, FakeAttempt attempt) = await RunAsync();
        attempt.End(0);
        await Ended(running.JobId);
        Time.Advance(TimeSpan.FromMinutes(6));
        await Describe(running.JobId);

        DescribeContainerInstancesResponse hosts = await Send(
            EcsOperations.DescribeContainerInstances,
            new DescribeContainerInstancesRequest
            {
                Cluster = (await DescribeEnvironment("spot")).EcsClusterArn,
                ContainerInstances = [running.Container!.ContainerInstanceArn!],
            });

        Assert.Empty(hosts.ContainerInstances!);
        Assert.Equal("MISSING", Assert.Single(hosts.Failures!).Reason);
    }

    [Fact]
    public async Task Describe_UnknownClusterOrTooMany_IsRefused()
    {
        EcsException unknown = await RefusedAsync(1);
        EcsException many = await RefusedAsync(101);

        Assert.Equal((EcsException.ClusterNotFound, EcsException.InvalidParameter), (unknown.ErrorCode, many.ErrorCode));
    }

    [Fact]
    public async Task ListContainerInstances_OfARunningJob_IsItsHostAsLongAsItIsUp()
    {
        (JobDetail running, FakeAttempt attempt) = await RunAsync();
        string cluster = (await DescribeEnvironment("spot")).EcsClusterArn!;

        Assert.Equal([running.Container!.ContainerInstanceArn!], await HostsAsync(new() { Cluster = cluster }));
        Assert.Equal(
            [running.Container!.ContainerInstanceArn!],
            await HostsAsync(new() { Cluster = cluster, Status = ContainerInstanceStatus.Active }));
        Assert.Empty(await HostsAsync(new() { Cluster = cluster, Status = ContainerInstanceStatus.Draining }));

        attempt.End(0);
        await Ended(running.JobId);
        Time.Advance(TimeSpan.FromMinutes(6));
        await Describe(running.JobId);
        Assert.Empty(await HostsAsync(new() { Cluster = cluster }));
    }

    [Fact]
    public async Task ListContainerInstances_OfNoClusterOrByAFilter_IsRefused()
    {
        EcsException unknown = await Assert.ThrowsAsync<EcsException>(() => HostsAsync(new() { Cluster = "none" }));
        EcsException filtered = await Assert.ThrowsAsync<EcsException>(
            () => HostsAsync(new() { Cluster = "none", Filter = "registeredAt" }));

        Assert.Equal((EcsException.ClusterNotFound, EcsException.InvalidParameter), (unknown.ErrorCode, filtered.ErrorCode));
    }

    // (ECS API ListContainerInstances: maxResults between 1 and 100; the statuses are an enumeration)
    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    [InlineData(101, null)]
    [InlineData(null, "BOGUS")]
    public async Task ListContainerInstances_NumberOrStatusThatEcsDoesNotHave_IsRefused(int? maxResults, string? status)
    {
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);

        EcsException refused = await Assert.ThrowsAsync<EcsException>(
            () => HostsAsync(new() { Cluster = "spot", MaxResults = maxResults, Status = status }));

        Assert.Equal(EcsException.InvalidParameter, refused.ErrorCode);
    }

    [Fact]
    public async Task DescribeSpotPriceHistory_OfTypesInAZone_IsTheFleetsPrice()
    {
        DescribeSpotPriceHistoryResponse prices = await Send(
            Ec2Operations.DescribeSpotPriceHistory,
            new DescribeSpotPriceHistoryRequest { At = Time.GetUtcNow(), Types = ["m6i.xlarge", "none.large"], Zone = "us-east-1b" });

        Assert.Equal(
            [new SpotPriceInfo("m6i.xlarge", "us-east-1b", PriceTable.Load().Find("m6i.xlarge")!.Spot!.Value)],
            prices.Prices);
    }

    private static int Number(IEnumerable<Resource> resources, string name) =>
        resources.Single(one => one.Name == name && one.Type == "INTEGER").IntegerValue!.Value;

    private static string[] Values(IEnumerable<Resource> resources, string name) =>
        [.. resources.Single(one => one.Name == name && one.Type == "STRINGSET").StringSetValue!];

    private async Task<IReadOnlyList<ContainerInstance>> DescribeHostsAsync(string cluster) => (await Send(
        EcsOperations.DescribeContainerInstances,
        new DescribeContainerInstancesRequest
        {
            Cluster = cluster,
            ContainerInstances = await HostsAsync(new() { Cluster = cluster }),
        })).ContainerInstances!;

    private async Task<IReadOnlyList<string>> HostsAsync(ListContainerInstancesRequest request) =>
        (await Send(EcsOperations.ListContainerInstances, request)).ContainerInstanceArns!;

    private Task<EcsException> RefusedAsync(int hosts) => Assert.ThrowsAsync<EcsException>(() => Send(
        EcsOperations.DescribeContainerInstances,
        new DescribeContainerInstancesRequest
        {
            Cluster = "none",
            ContainerInstances = [.. Enumerable.Range(0, hosts).Select(host => $"{host}")],
        }));

    private async Task<(JobDetail Running, FakeAttempt Attempt)> RunAsync()
    {
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);
        await MakeQueue(Queue, ["spot"]);
        string id = await Submit(vCpus: 4);
        await Describe(id);
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        return (await Until(id, job => job.Status == JobStatus.Running), attempt);
    }
}
