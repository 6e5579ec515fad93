using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.Engine.Tests.Placement.Fleets;

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
            [new InstanceInfo(host.Ec2InstanceId!, "m5.xlarge", "us-east-1a") { Lifecycle = "spot", State = "running" }],
            instances.Instances);
        attempt.End(0);
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
            [new SpotPriceInfo("m6i.xlarge", "us-east-1b", Scheduling.Catalogue.PriceTable.Load().Find("m6i.xlarge")!.Spot!.Value)],
            prices.Prices);
    }

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
