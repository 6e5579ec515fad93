using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests.EndToEnd;

public sealed class ArrayAndNodeTests : EngineTest
{
    [Fact]
    public async Task Array_AllSucceed_ParentDoes()
    {
        string id = await Submit(Request() with { ArrayProperties = new ArrayProperties { Size = 6 } });
        Assert.Equal(JobStatus.Pending, (await Describe(id)).Status);
        HashSet<string> indices = [];
        for (int i = 0; i < 6; i++)
        {
            FakeAttempt attempt = await Runner.Next();
            Assert.Equal("6", attempt.Environment["AWS_BATCH_JOB_ARRAY_SIZE"]);
            indices.Add(attempt.Environment["AWS_BATCH_JOB_ARRAY_INDEX"]);
            attempt.End(0);
        }
        JobDetail parent = await Ended(id);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], indices.Order());
        Assert.Equal((JobStatus.Succeeded, 6, 6, 7),
            (parent.Status, parent.ArrayProperties?.Size, parent.ArrayProperties?.StatusSummary?["SUCCEEDED"],
                parent.ArrayProperties?.StatusSummary?.Count));
    }

    // API ArrayPropertiesDetail.statusSummaryLastUpdatedAt
    [Fact]
    public async Task Array_ASecondAttemptStarts_UpdatesTheTimeOfTheSummary()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = new FakeRunner
        {
            Before = start => start.Environment["AWS_BATCH_JOB_ATTEMPT"] == "2" ? second.Task : Task.CompletedTask,
        };
        await using LocalBatch batch = Start(runner);
        await batch.SendAsync(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = "urgent",
            Priority = 9,
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "refrag-cpu-compute-env" }],
        }, Token);
        SubmitJobRequest half = Request() with
        {
            ContainerOverrides = Request().ContainerOverrides! with { ResourceRequirements = [new() { Type = "VCPU", Value = "2" }] },
        };
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, half with
        {
            ArrayProperties = new ArrayProperties { Size = 2 },
            RetryStrategy = new RetryStrategy { Attempts = 2 },
        }, Token)).JobId;
        FakeAttempt[] children = [await runner.Next(), await runner.Next()];
        await batch.SendAsync(BatchOperations.SubmitJob, half with { JobQueue = "urgent" }, Token);
        children[0].End(1);
        FakeAttempt urgent = await runner.Next();
        Time.Advance(TimeSpan.FromMinutes(1));
        urgent.End(0);
        // It is STARTING, and has not run a second time yet.
        await batch.WatchAsync(children[0].JobId, Token).FirstAsync(job => job.Status == JobStatus.Starting, Token).AsTask().Soon();
        JobDetail parent =
            Assert.Single((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);
        Assert.Equal(Time.GetUtcNow().ToUnixTimeMilliseconds(), parent.ArrayProperties!.StatusSummaryLastUpdatedAt);
        second.SetResult();
        (await runner.Next()).End(0);
        children[1].End(0);
        await batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
    }

    [Fact]
    public async Task Array_TheLargest_Ends()
    {
        await using LocalBatch batch = Start(new FakeRunner { Decide = _ => 0 });
        SubmitJobRequest request = Request() with { ArrayProperties = new ArrayProperties { Size = 10_000 } };
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;
        JobDetail parent = await batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
        Assert.Equal((JobStatus.Succeeded, 10_000), (parent.Status, parent.ArrayProperties!.StatusSummary!["SUCCEEDED"]));
    }

    [Fact]
    public async Task Array_OneFails_OthersRunAndTheParentFails()
    {
        string id = await Submit(Request() with { ArrayProperties = new ArrayProperties { Size = 3 } });
        for (int i = 0; i < 3; i++)
        {
            FakeAttempt attempt = await Runner.Next();
            attempt.End(attempt.JobId.EndsWith(":1", StringComparison.Ordinal) ? 1 : 0);
        }
        JobDetail parent = await Ended(id);
        Assert.Equal((JobStatus.Failed, "Array Child Job failed"), (parent.Status, parent.StatusReason));
        Assert.Equal((2, 1), (parent.ArrayProperties!.StatusSummary!["SUCCEEDED"], parent.ArrayProperties.StatusSummary["FAILED"]));
    }

    [Fact]
    public async Task Array_Terminated_EndsRunningAndWaitingChildren()
    {
        string id = await Submit(Request() with { ArrayProperties = new ArrayProperties { Size = 10 } });
        FakeAttempt[] running = [await Runner.Next(), await Runner.Next(), await Runner.Next(), await Runner.Next()];
        foreach (FakeAttempt attempt in running) await Until(attempt.JobId, JobStatus.Running);
        await Terminate(id, "enough");
        foreach (FakeAttempt attempt in running)
        {
            Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
            attempt.End(143);
        }
        JobDetail parent = await Ended(id);
        Assert.Equal((JobStatus.Failed, "enough", true, 10),
            (parent.Status, parent.StatusReason, parent.IsTerminated, parent.ArrayProperties!.StatusSummary!["FAILED"]));
        Assert.Equal(4, Runner.Starts.Count);
    }

    // A worker's end does not end the job (UG multi-node-parallel-jobs); what it held of the machine is free for others at once.
    [Fact]
    public async Task MultiNode_AWorkerExitsWithFive_IsFailedAtOnceAndItsVCpusAndGpusAreFree()
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "nodes",
            Type = JobDefinitionType.Multinode,
            NodeProperties = new NodeProperties
            {
                MainNode = 0,
                NumNodes = 2,
                NodeRangeProperties =
                [
                    new NodeRangeProperty
                    {
                        TargetNodes = "0:1",
                        Container = new ContainerProperties
                        {
                            Image = "image",
                            Command = ["run"],
                            ResourceRequirements =
                            [
                                new() { Type = "VCPU", Value = "2" }, new() { Type = "MEMORY", Value = "100" },
                                new() { Type = "GPU", Value = "1" },
                            ],
                        },
                    },
                ],
            },
        }, Token);
        string id = await Submit(Request() with { JobDefinition = "nodes", ContainerOverrides = null });
        FakeAttempt[] nodes = [await Runner.Next(), await Runner.Next()];
        FakeAttempt main = nodes.Single(node => node.Environment["AWS_BATCH_JOB_NODE_INDEX"] == "0");
        FakeAttempt worker = nodes.Single(node => node != main);
        await Until(id, JobStatus.Running);
        string next = await Submit(Request("next") with
        {
            ContainerOverrides = Overrides("2", "1"),
        });

        worker.End(5);
        FakeAttempt other = await Runner.Next();

        Assert.Equal((next, worker.Environment["CUDA_VISIBLE_DEVICES"]), (other.JobId, other.Environment["CUDA_VISIBLE_DEVICES"]));
        JobDetail shown = await Describe($"{id}#1");
        Assert.Equal((JobStatus.Failed, 5, "Essential container in task exited", true),
            (shown.Status, shown.Container!.ExitCode, shown.StatusReason, shown.StoppedAt is not null));
        Assert.Equal(JobStatus.Running, (await Describe($"{id}#0")).Status);
        ListJobsResponse failed = await Batch.SendAsync(
            BatchOperations.ListJobs, new ListJobsRequest { MultiNodeJobId = id, JobStatus = JobStatus.Failed }, Token);
        Assert.Equal([($"{id}#1", JobStatus.Failed)], failed.JobSummaryList.Select(job => (job.JobId, job.Status)));
        Time.Advance(TimeSpan.FromSeconds(1));
        main.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
        Assert.Equal(JobStatus.Failed, (await Describe($"{id}#1")).Status);
        other.End(0);
        await Ended(next);
        // All is free again, and once only.
        string all = await Submit(Request("all") with
        {
            ContainerOverrides = Overrides("4", "2"),
        });
        FakeAttempt last = await Runner.Next();
        Assert.Equal((all, 3), (last.JobId, last.Environment["CUDA_VISIBLE_DEVICES"].Length));
        last.End(0);

        static ContainerOverrides Overrides(string vCpus, string gpus) => new()
        {
            Command = ["run"],
            ResourceRequirements = [new() { Type = "VCPU", Value = vCpus }, new() { Type = "GPU", Value = gpus }],
        };
    }

    [Fact]
    public async Task ListJobs_OfAnArray_ListsItsChildrenByStatus()
    {
        string id = await Submit(Request() with { ArrayProperties = new ArrayProperties { Size = 6 } });
        FakeAttempt[] running = [await Runner.Next(), await Runner.Next(), await Runner.Next(), await Runner.Next()];
        foreach (FakeAttempt attempt in running) await Until(attempt.JobId, JobStatus.Running);
        ListJobsResponse list = await Batch.SendAsync(BatchOperations.ListJobs, new ListJobsRequest { ArrayJobId = id }, Token);
        Assert.Equal([$"{id}:0", $"{id}:1", $"{id}:2", $"{id}:3"], list.JobSummaryList.Select(job => job.JobId));
        list = await Batch.SendAsync(
            BatchOperations.ListJobs, new ListJobsRequest { ArrayJobId = id, JobStatus = "RUNNABLE", MaxResults = 1 }, Token);
        Assert.Equal([$"{id}:4"], list.JobSummaryList.Select(job => job.JobId));
        list = await Batch.SendAsync(BatchOperations.ListJobs,
            new ListJobsRequest { ArrayJobId = id, JobStatus = "RUNNABLE", MaxResults = 1, NextToken = list.NextToken }, Token);
        Assert.Equal([$"{id}:5"], list.JobSummaryList.Select(job => job.JobId));
        Assert.Null(list.NextToken);
        foreach (FakeAttempt attempt in running) attempt.End(0);
    }

    [Fact]
    public async Task MultiNode_AllNodesStartTogetherAndTheMainNodeEndsTheJob()
    {
        string id = await Submit(await MultiNode(3));
        Dictionary<string, FakeAttempt> nodes = [];
        for (int i = 0; i < 3; i++)
        {
            FakeAttempt attempt = await Runner.Next();
            nodes[attempt.JobId] = attempt;
        }
        Assert.Equal([$"{id}#0", $"{id}#1", $"{id}#2"], nodes.Keys.Order());
        await Until(id, JobStatus.Running);
        nodes[$"{id}#0"].End(0);
        foreach (string node in new[] { $"{id}#1", $"{id}#2" })
        {
            Assert.Equal(StopSignal.Terminate, await nodes[node].NextSignal());
            nodes[node].End(143);
        }
        JobDetail job = await Ended(id);
        Assert.Equal((JobStatus.Succeeded, 3, null), (job.Status, job.NodeProperties?.NumNodes, job.Container));
        JobDetail second = await Describe($"{id}#2");
        Assert.Equal((143, 2, false), (second.Container?.ExitCode, second.NodeDetails?.NodeIndex, second.NodeDetails?.IsMainNode));
    }

    [Fact]
    public async Task MultiNode_OtherNodeFails_TheJobContinues()
    {
        string id = await Submit(await MultiNode(2));
        FakeAttempt[] nodes = [await Runner.Next(), await Runner.Next()];
        await Until(id, JobStatus.Running);
        nodes.Single(node => node.JobId == $"{id}#1").End(9);
        Assert.Equal(JobStatus.Running, (await Describe(id)).Status);
        nodes.Single(node => node.JobId == $"{id}#0").End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task MultiNode_MainNodeFails_IsTriedAgainAsAWhole()
    {
        string id = await Submit(await MultiNode(2) with { RetryStrategy = new RetryStrategy { Attempts = 2 } });
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            FakeAttempt[] nodes = [await Runner.Next(), await Runner.Next()];
            Assert.All(nodes, node => Assert.Equal($"{attempt}", node.Environment["AWS_BATCH_JOB_ATTEMPT"]));
            foreach (FakeAttempt node in nodes) node.End(node.JobId.EndsWith("#0", StringComparison.Ordinal) ? 2 - attempt : 0);
        }
        JobDetail job = await Ended(id);
        Assert.Equal((JobStatus.Succeeded, 2), (job.Status, job.Attempts!.Count));
    }

    [Fact]
    public async Task MultiNode_ListAndTerminateOfNodes_AnswerAsBatchDoes()
    {
        string id = await Submit(await MultiNode(2));
        FakeAttempt[] nodes = [await Runner.Next(), await Runner.Next()];
        ListJobsResponse list = await Batch.SendAsync(BatchOperations.ListJobs, new ListJobsRequest { MultiNodeJobId = id }, Token);
        Assert.Equal([true, false], list.JobSummaryList.Select(node => node.NodeProperties!.IsMainNode == true));
        Assert.Contains("is a node", await Refused(Terminate($"{id}#1", "no")), StringComparison.Ordinal);
        foreach (FakeAttempt node in nodes) node.End(0);
    }

    private async Task<SubmitJobRequest> MultiNode(int nodes)
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "nodes",
            Type = "multinode",
            NodeProperties = new NodeProperties
            {
                NumNodes = nodes,
                MainNode = 0,
                NodeRangeProperties = [new NodeRangeProperty
                {
                    TargetNodes = "0:",
                    Container = new ContainerProperties
                    {
                        Image = "none",
                        Command = ["run", "node"],
                        ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "10" }],
                    },
                }],
            },
        }, Token);
        return Request() with { JobDefinition = "nodes", ContainerOverrides = null };
    }
}
