using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;

namespace Refrag.Engine.Tests.Operations.Jobs;

/// <summary>Whether an environment still has jobs, asked as on AWS: ECS's ListTasks of its cluster.</summary>
public sealed class TaskTests : EngineTest
{
    [Fact]
    public async Task ListTasks_WhileAJobRuns_HasItsTask()
    {
        string cluster = await EnvironmentAsync("old");
        await EnvironmentAsync("new");
        await Batch.SendAsync(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = "queue",
            Priority = 1,
            ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = "old" }],
        }, Token);
        Assert.Empty(await TasksAsync(cluster));
        string job = await Submit(Request() with { JobQueue = "queue" });
        FakeAttempt attempt = await Runner.Next();
        JobDetail running = await Until(job, JobStatus.Running);

        // The queue turns to another environment; the job stays where it was placed.
        await Batch.SendAsync(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest
        {
            JobQueue = "queue",
            ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = "new" }],
        }, Token);
        Assert.Equal([running.Container!.TaskArn!], await TasksAsync(cluster));
        Assert.Equal([running.Container!.TaskArn!], await TasksAsync(cluster[(cluster.IndexOf('/', StringComparison.Ordinal) + 1)..]));
        Assert.Empty(await TasksAsync(cluster, DesiredStatus.Stopped));

        attempt.End(0);
        await Ended(job);
        Assert.Empty(await TasksAsync(cluster));
    }

    [Fact]
    public async Task ListTasks_OfNoCluster_IsRefused()
    {
        EcsException refused = await Assert.ThrowsAsync<EcsException>(() => TasksAsync("default"));
        Assert.Equal(EcsException.ClusterNotFound, refused.ErrorCode);
    }

    [Fact]
    public async Task ListTasks_ByAFilterThatIsNotKnown_IsRefused()
    {
        EcsException refused =
            await Assert.ThrowsAsync<EcsException>(
                () => Batch.SendAsync(EcsOperations.ListTasks, new ListTasksRequest { Family = "a" }, Token));
        Assert.Equal(EcsException.InvalidParameter, refused.ErrorCode);
        Assert.Contains("family", refused.Message, StringComparison.Ordinal);
    }

    // (ECS API ListTasks and ListClusters: maxResults between 1 and 100; the statuses are an enumeration)
    [Theory]
    [InlineData(0, null)]
    [InlineData(101, null)]
    [InlineData(null, "BOGUS")]
    public async Task ListTasks_NumberOrStatusThatEcsDoesNotHave_IsRefused(int? maxResults, string? status)
    {
        string cluster = await EnvironmentAsync("one");

        EcsException refused = await Assert.ThrowsAsync<EcsException>(() => Batch.SendAsync(
            EcsOperations.ListTasks,
            new ListTasksRequest { Cluster = cluster, MaxResults = maxResults, DesiredStatus = status }, Token));

        Assert.Equal(EcsException.InvalidParameter, refused.ErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task ListClusters_NumberThatEcsDoesNotHave_IsRefused(int maxResults)
    {
        EcsException refused = await Assert.ThrowsAsync<EcsException>(
            () => Batch.SendAsync(EcsOperations.ListClusters, new ListClustersRequest { MaxResults = maxResults }, Token));

        Assert.Equal(EcsException.InvalidParameter, refused.ErrorCode);
    }

    // As ListContainerInstances: the ARN of a host has the environment's name where AWS has the name of the cluster.
    [Fact]
    public async Task ListTasks_ByTheEnvironmentsName_IsAnswered()
    {
        await EnvironmentAsync("one");

        Assert.Empty(await TasksAsync("one"));
    }

    // Each environment has a cluster. (API ComputeEnvironmentDetail, ecsClusterArn)
    [Fact]
    public async Task ListClusters_OfTwoEnvironments_HasTheClusterOfEachOnePageAfterAnother()
    {
        string[] made = [await EnvironmentAsync("one"), await EnvironmentAsync("two")];

        List<string> found = [];
        ListClustersResponse page = new();
        do
        {
            page = await Batch.SendAsync(
                EcsOperations.ListClusters, new ListClustersRequest { MaxResults = 1, NextToken = page.NextToken }, Token);
            found.Add(Assert.Single(page.ClusterArns!));
        }
        while (page.NextToken is not null);

        Assert.Equal(found.Order(StringComparer.Ordinal), found);
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Superset(made.ToHashSet(), found.ToHashSet());
    }

    private async Task<IReadOnlyList<string>> TasksAsync(string cluster, string? status = null) =>
        (await Batch.SendAsync(
            EcsOperations.ListTasks, new ListTasksRequest { Cluster = cluster, DesiredStatus = status }, Token)).TaskArns!;

    private async Task<string> EnvironmentAsync(string name)
    {
        await Batch.SendAsync(BatchOperations.CreateComputeEnvironment,
            new CreateComputeEnvironmentRequest { ComputeEnvironmentName = name, Type = CEType.Unmanaged, UnmanagedvCpus = 4 }, Token);
        DescribeComputeEnvironmentsResponse made = await Batch.SendAsync(
            BatchOperations.DescribeComputeEnvironments, new DescribeComputeEnvironmentsRequest { ComputeEnvironments = [name] }, Token);
        return Assert.Single(made.ComputeEnvironments!).EcsClusterArn!;
    }
}
