using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Tests.Operations;

public sealed class OperationTests : EngineTest
{
    [Fact]
    public async Task Queues_AreTheProjectsTwo()
    {
        DescribeJobQueuesResponse answer = await Batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token);
        Assert.Equal(["refrag-cpu-job-queue", "refrag-gpu-job-queue"], answer.JobQueues!.Select(queue => queue.JobQueueName));
        Assert.All(answer.JobQueues!, queue => Assert.Equal(("ENABLED", "VALID"), (queue.State, queue.Status)));
    }

    [Fact]
    public async Task Queues_ByNameOrArn_AreFoundAndUnknownOnesLeftOut()
    {
        string arn = "arn:aws:batch:us-east-1:000000000000:job-queue/refrag-gpu-job-queue";
        DescribeJobQueuesResponse answer =
            await Batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = [arn, "other"] }, Token);
        JobQueueDetail queue = Assert.Single(answer.JobQueues!);
        DescribeComputeEnvironmentsResponse environments = await Batch.SendAsync(
            BatchOperations.DescribeComputeEnvironments,
            new DescribeComputeEnvironmentsRequest { ComputeEnvironments = [queue.ComputeEnvironmentOrder[0].ComputeEnvironment] }, Token);
        Assert.Equal("refrag-gpu-compute-env", Assert.Single(environments.ComputeEnvironments!).ComputeEnvironmentName);
    }

    [Fact]
    public async Task Submit_UnknownQueue_IsRefusedWithASuggestion()
    {
        string message = await Refused(Submit(Request() with { JobQueue = "refrag-cpu-job-queu" }));
        Assert.Contains("RF4004 JobQueue refrag-cpu-job-queu not found. Did you mean refrag-cpu-job-queue?", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_UnknownDefinition_IsRefused() =>
        Assert.Contains("RF4005", await Refused(Submit(Request() with { JobDefinition = "def:2" })), StringComparison.Ordinal);

    [Fact]
    public async Task Definitions_RegisterAndDeregister_MakeRevisions()
    {
        foreach (int revision in new[] { 2, 3 }) Assert.Equal(revision, (await Register("def", $"v{revision}")).Revision);
        Assert.Equal([3, 2, 1], (await Active()).Select(one => one.Revision ?? 0));
        await Batch.SendAsync(
            BatchOperations.DeregisterJobDefinition, new DeregisterJobDefinitionRequest { JobDefinition = "def:3" }, Token);
        Assert.Equal([2, 1], (await Active()).Select(one => one.Revision ?? 0));
        Assert.Contains("was deregistered", await Refused(Submit(Request() with { JobDefinition = "def:3" })), StringComparison.Ordinal);
        await Submit(Request() with { ContainerOverrides = null });
        FakeAttempt attempt = await Runner.Next();
        Assert.Equal(["v2"], Runner.Starts.Single().Command);
        attempt.End(0);
    }

    [Fact]
    public async Task Submit_MoreGpusThanTheMachineHas_IsRefusedWithTheCure()
    {
        string message = await Refused(Submit(Gpu(3)));
        Assert.Contains("RF4007 the job asks for 3 GPUs, and this machine has 2. Set env.gpus=2, or run it on AWS Batch with env=awsbatch.",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_Gpus_AreExclusive()
    {
        await Submit(Gpu(1));
        FakeAttempt first = await Runner.Next();
        await Submit(Gpu(1));
        FakeAttempt second = await Runner.Next();
        string third = await Submit(Gpu(1));
        string none = await Submit(Request());
        FakeAttempt beside = await Runner.Next();
        Assert.Equal((none, ""), (beside.JobId, beside.Environment["CUDA_VISIBLE_DEVICES"]));
        Assert.Equal(["0", "1"], new[] { first, second }.Select(attempt => attempt.Environment["CUDA_VISIBLE_DEVICES"]).Order());
        second.End(0);
        FakeAttempt last = await Runner.Next();
        Assert.Equal((third, second.Environment["CUDA_VISIBLE_DEVICES"]), (last.JobId, last.Environment["CUDA_VISIBLE_DEVICES"]));
        foreach (FakeAttempt attempt in new[] { first, beside, last }) attempt.End(0);
    }

    [Fact]
    public async Task ListJobs_Queue_ListsRunningByDefault()
    {
        string id = await Submit(Request("one"));
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        Assert.Equal([id], await List(new ListJobsRequest { JobQueue = "refrag-cpu-job-queue" }));
        Assert.Empty(await List(new ListJobsRequest { JobQueue = "refrag-gpu-job-queue" }));
        attempt.End(0);
        await Ended(id);
        Assert.Empty(await List(new ListJobsRequest { JobQueue = "refrag-cpu-job-queue" }));
        Assert.Equal([id], await List(new ListJobsRequest { JobQueue = "refrag-cpu-job-queue", JobStatus = "SUCCEEDED" }));
    }

    [Fact]
    public async Task ListJobs_FilterByName_LooksAtAllStates()
    {
        string id = await Submit(Request("train-1"));
        await Submit(Request("other"));
        for (int i = 0; i < 2; i++) (await Runner.Next()).End(0);
        await Ended(id);
        Assert.Equal([id], await List(new ListJobsRequest
        {
            JobQueue = "refrag-cpu-job-queue",
            Filters = [new KeyValuesPair { Name = "JOB_NAME", Values = ["TRAIN*"] }],
        }));
    }

    [Fact]
    public async Task Describe_UnknownIds_AreLeftOut() => Assert.Empty(
        (await Batch.SendAsync(
            BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = ["missing", "missing:1", "missing#0"] }, Token)).Jobs!);

    [Fact]
    public async Task CancelAndTerminate_UnknownJob_Succeed()
    {
        // aws-cli#2551 quotes AWS's answer.
        await Cancel("missing", "x");
        await Terminate("missing", "x");
    }

    [Fact]
    public async Task Submit_NoCommandAnywhere_IsReportedWhereJobsAreProcesses() =>
        Assert.Contains(
            "there is no command", await Refused(Submit(Request() with { ContainerOverrides = null })), StringComparison.Ordinal);

    [Fact]
    public async Task WatchAndFollow_UnknownJob_Throw()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Batch.WatchAsync("missing", Token).FirstAsync(Token).AsTask());
        Assert.Throws<ArgumentException>(() => Batch.FollowAsync("missing", Token));
    }

    [Fact]
    public async Task GetLogEvents_Pages_GoForwardAndBack()
    {
        string id = await Submit(Request());
        FakeAttempt attempt = await Runner.Next();
        for (int i = 0; i < 5; i++) attempt.Print($"{i}");
        string stream = (await Until(id, JobStatus.Running)).Container!.LogStreamName!;
        var request = new GetLogEventsRequest { LogStreamName = stream, StartFromHead = true, Limit = 3 };
        GetLogEventsResponse first = await Logs(request);
        Assert.Equal(["0", "1", "2"], first.Events!.Select(one => one.Message));
        GetLogEventsResponse second = await Logs(request with { NextToken = first.NextForwardToken });
        Assert.Equal(["3", "4"], second.Events!.Select(one => one.Message));
        GetLogEventsResponse end = await Logs(request with { NextToken = second.NextForwardToken });
        Assert.Empty(end.Events!);
        Assert.Equal(second.NextForwardToken, end.NextForwardToken);
        Assert.Equal(
            ["0", "1", "2"], (await Logs(request with { NextToken = second.NextBackwardToken })).Events!.Select(one => one.Message));
        Assert.Equal(["2", "3", "4"], (await Logs(request with { StartFromHead = false })).Events!.Select(one => one.Message));
        attempt.End(0);
    }

    [Fact]
    public async Task GetLogEvents_UnknownStream_IsNotFound() => Assert.Equal(
        LogsException.ResourceNotFound,
        (await Assert.ThrowsAsync<LogsException>(() => Logs(new GetLogEventsRequest { LogStreamName = "none" }))).ErrorCode);

    [Fact]
    public async Task GetLogEvents_WithoutAStream_IsRefused() =>
        Assert.Contains("logStreamName",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => Logs(new GetLogEventsRequest { LogStreamName = null! }))).Message,
            StringComparison.Ordinal);

    private static SubmitJobRequest Gpu(int count) => Request() with
    {
        ContainerOverrides = new ContainerOverrides
        {
            Command = ["run", "gpu"],
            ResourceRequirements = [new ResourceRequirement { Type = "GPU", Value = $"{count}" }],
        },
    };

    private Task<GetLogEventsResponse> Logs(GetLogEventsRequest request) => Batch.SendAsync(LogsOperations.GetLogEvents, request, Token);

    private async Task<IEnumerable<string>> List(ListJobsRequest request) =>
        (await Batch.SendAsync(BatchOperations.ListJobs, request, Token)).JobSummaryList.Select(job => job.JobId);

    private async Task<IReadOnlyList<JobDefinition>> Active() => (await Batch.SendAsync(
        BatchOperations.DescribeJobDefinitions, new DescribeJobDefinitionsRequest { JobDefinitionName = "def", Status = "ACTIVE" },
        Token)).JobDefinitions!;

    private Task<RegisterJobDefinitionResponse> Register(string name, string command) => Batch.SendAsync(
        BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = name,
            Type = "container",
            ContainerProperties = new ContainerProperties
            {
                Image = "none",
                Command = [command],
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "4" }],
            },
        },
        Token);
}
