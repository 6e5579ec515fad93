using System.Collections.Concurrent;
using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Runners.Simulation;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>
/// Whatever numbers are accepted: the engine answers, survives a restart and runs a plain job, and nothing of it is an internal error.
/// REFRAG_EXTREME_ROUNDS repeats it with that many restarts.
/// </summary>
public sealed class ExtremeNumbersTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private const string Arn = "arn:aws:batch:us-east-1:000000000000:";

    // What exists is named, so that a request is accepted for everything but its numbers.
    private static readonly Dictionary<string, string> s_plain = new()
    {
        ["RegisterJobDefinition"] = """
            {"jobDefinitionName":"NAME","type":"container","containerProperties":{"image":"i","command":["run"],
             "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"4"}]}}
            """,
        ["SubmitJob"] =
            """{"jobName":"job","jobQueue":"refrag-cpu-job-queue","jobDefinition":"def","containerOverrides":{"command":"""
                + """["run"]},"retryStrategy":{"attempts":1}}""",
        ["SubmitServiceJob"] = """
            {"jobName":"job","jobQueue":"services","serviceJobType":"SAGEMAKER_TRAINING",
                "serviceRequestPayload":"{\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":1}}",
             "retryStrategy":{"attempts":1}}
            """,
        ["CreateComputeEnvironment"] = """
            {"computeEnvironmentName":"NAME","type":"MANAGED","computeResources":{"type":"EC2","maxvCpus":4,"subnets":["s"],
                "securityGroupIds":["g"],"instanceTypes":["optimal"],"instanceRole":"r"}}
            """,
        ["UpdateComputeEnvironment"] = """{"computeEnvironment":"ce"}""",
        ["CreateJobQueue"] = """
            {"jobQueueName":"NAME","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"refrag-cpu-compute-env"}],
             "jobStateTimeLimitActions":[{"reason":"CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY","state":"RUNNABLE","maxTimeSeconds":600,
                 "action":"CANCEL"}]}
            """,
        ["UpdateJobQueue"] = """{"jobQueue":"queue"}""",
        ["CreateSchedulingPolicy"] =
            """{"name":"NAME","fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a","weightFactor":1}]}}""",
        ["UpdateSchedulingPolicy"] = $$"""{"arn":"{{Arn}}scheduling-policy/policy","fairsharePolicy":{} }""",
        ["CreateConsumableResource"] = """{"consumableResourceName":"NAME","totalQuantity":1}""",
        ["UpdateConsumableResource"] = """{"consumableResource":"token","operation":"ADD","quantity":1}""",
        ["CreateServiceEnvironment"] =
            """{"serviceEnvironmentName":"NAME","serviceEnvironmentType":"SAGEMAKER_TRAINING","capacityLimits":[{"maxCapacity":"""
                + """1,"capacityUnit":"ml.m5.large"}]}""",
        ["UpdateServiceEnvironment"] =
            """{"serviceEnvironment":"training","capacityLimits":[{"maxCapacity":4,"capacityUnit":"ml.m5.large"}]}""",
        ["UpdateServiceJob"] = """{"jobId":"none","schedulingPriority":1}""",
    };

    // The other kinds of a definition: what one kind says is refused beside another.
    private static readonly Dictionary<string, string[]> s_others = new()
    {
        ["RegisterJobDefinition"] =
        [
            """
            {"jobDefinitionName":"NAME","type":"container","ecsProperties":{"taskProperties":[{"containers":[{"name":"main","image":"i",
                "command":["run"],"essential":true,"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"4"}]}]}]}}
            """,
            """
            {"jobDefinitionName":"NAME","type":"container","eksProperties":{"podProperties":{"containers":[{"name":"main","image":"i",
                "command":["run"],"resources":{"requests":{"cpu":"1","memory":"4Mi"},"limits":{"cpu":"1","memory":"4Mi"}}}]}}}
            """,
            """
            {"jobDefinitionName":"NAME","type":"multinode","nodeProperties":{"numNodes":1,"mainNode":0,"nodeRangeProperties":[
                {"targetNodes":"0:","container":{"image":"i","command":["run"],
                    "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"4"}]}}]}}
            """,
        ],
    };

    // One of each kind that must not be refused whatever the number.
    private static readonly string[] s_mustBeAccepted =
    [
        "RegisterJobDefinition timeout.attemptDurationSeconds",
        "RegisterJobDefinition containerProperties.linuxParameters.sharedMemorySize",
        "RegisterJobDefinition ecsProperties.taskProperties.0.containers.0.stopTimeout",
        "RegisterJobDefinition nodeProperties.numNodes",
        "RegisterJobDefinition nodeProperties.mainNode",
        "SubmitJob arrayProperties.size",
        "SubmitJob timeout.attemptDurationSeconds",
        "CreateJobQueue priority",
        "UpdateComputeEnvironment computeResources.maxvCpus",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("REFRAG_EXTREME_ROUNDS"), CultureInfo.InvariantCulture, out int rounds)
            ? rounds
            : 1;

    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
    private readonly HashSet<string> _accepted = [];
    private int _names;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EveryIntegerAtItsLimits_NeverStopsTheEngine(bool fleets)
    {
        var time = new StrictTime(DateTimeOffset.UnixEpoch.AddDays(20_000));
        int accepted = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await using (LocalBatch batch = Open(time, fleets))
            {
                if (round == 0) await Prepare(batch);
                foreach (AwsOperation operation in BatchOperations.All) accepted += await Feed(batch, operation);
                await Live(batch, time);
            }
            time = new StrictTime(time.GetUtcNow().AddYears(1));
            await using LocalBatch again = Open(time, fleets);
            await Live(again, time);
        }
        Assert.True(_log.IsEmpty, string.Join('\n', _log.Take(3)));
        Assert.True(accepted > 50, $"Only {accepted} requests were accepted.");
        Assert.Empty(s_mustBeAccepted.Except(_accepted));
    }

    private async Task<int> Feed(LocalBatch batch, AwsOperation operation)
    {
        int accepted = 0;
        foreach (string member in ExtremeNumbers.Members(operation))
        {
            string[] plain = [s_plain.GetValueOrDefault(operation.Name, "{}"), .. s_others.GetValueOrDefault(operation.Name, [])];
            foreach (object request
                in plain.SelectMany(one => ExtremeNumbers.Requests(
                    operation, one.Replace("NAME", $"n{_names++}", StringComparison.Ordinal), member)))
            {
                if (await Send(batch, operation, request) is not { } answer) continue;
                accepted++;
                _accepted.Add($"{operation.Name} {member}");
                // Their commands are those of the definition: what overrides a container is refused for another kind.
                if (answer is RegisterJobDefinitionResponse made)
                {
                    await Send(batch, BatchOperations.SubmitJob,
                        Job("refrag-cpu-job-queue", made.JobDefinitionArn) with { ContainerOverrides = null });
                }
                if (answer is CreateJobQueueResponse queue) await Submit(batch, queue.JobQueueArn, "def");
            }
        }
        return accepted;
    }

    // What a request is rejected for is not asked here; that no answer is an internal error is seen in the log.
    private static async Task<object?> Send(LocalBatch batch, AwsOperation operation, object request)
    {
        try
        {
            return await operation.Accept(new Sending(batch, request)).WaitAsync(Limits.Step, Token);
        }
        catch (AwsException)
        {
            return null;
        }
    }

    private sealed class Sending(LocalBatch batch, object request) : IAwsOperationVisitor<Task<object>>
    {
        public async Task<object> Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class => await batch.SendAsync(operation, (TRequest)request, Token);
    }

    private static Task<object?> Submit(LocalBatch batch, string queue, string definition) =>
        Send(batch, BatchOperations.SubmitJob, Job(queue, definition));

    private static SubmitJobRequest Job(string queue, string definition) =>
        new()
        {
            JobName = "job",
            JobQueue = queue,
            JobDefinition =
            definition,
            ContainerOverrides = new ContainerOverrides { Command = ["run"] }
        };

    private static async Task Prepare(LocalBatch batch)
    {
        foreach (string name
            in (string[])["CreateComputeEnvironment:ce", "CreateJobQueue:queue", "CreateSchedulingPolicy:policy",
                "CreateConsumableResource:token", "CreateServiceEnvironment:training"])
        {
            AwsOperation operation = BatchOperations.All.Single(one => one.Name == name.Split(':')[0]);
            string json = s_plain[operation.Name].Replace("NAME", name.Split(':')[1], StringComparison.Ordinal);
            object request = System.Text.Json.JsonSerializer.Deserialize(json, BatchJson.Options.GetTypeInfo(operation.RequestType))!;
            Assert.True(await Send(batch, operation, request) is not null, name);
        }
        await batch.SendAsync(
            BatchOperations.CreateJobQueue,
            new CreateJobQueueRequest
            {
                JobQueueName = "services",
                Priority = 1,
                JobQueueType = "SAGEMAKER_TRAINING",
                ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "training" }],
            }, Token);
    }

    // Lets jobs live and time limits pass, then sees a plain job through to its end.
    private static async Task Live(LocalBatch batch, StrictTime time)
    {
        foreach (TimeSpan step
            in (TimeSpan[])[TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), TimeSpan.FromDays(60)])
        {
            time.Advance(step);
            await batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token).Soon();
        }
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, Job("refrag-cpu-job-queue", "def"), Token).Soon()).JobId;
        for (int second = 0; second < 5000; second++)
        {
            JobDetail job =
                (await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token).Soon()).Jobs!.Single();
            if (job.Status == JobStatus.Succeeded) return;
            Assert.NotEqual(JobStatus.Failed, job.Status);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Fail("The plain job does not end.");
    }

    private LocalBatch Open(StrictTime time, bool fleets) => new(
        new LocalBatchOptions
        {
            StateDirectory = _path,
            VCpus = new VCpus(1000),
            Memory = new MebiBytes(1_000_000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Fleets = fleets ? new FleetOptions() : null,
            Log = _log.Enqueue,
        },
        new SimulatedRunner(time), time, store: SqliteStore.Open(_path, time, syncs: false));
}
