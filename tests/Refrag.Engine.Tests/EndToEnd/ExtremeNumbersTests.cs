using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;
using Refrag.Runners.Simulation;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>
/// Whatever numbers are accepted: the engine answers, survives a restart and runs a plain job, and nothing of it is an internal error.
/// AcceptedNumbers.txt states the numbers that each member accepts. REFRAG_EXTREME_ROUNDS repeats it with that many restarts;
/// with REFRAG_GOLDEN_OUT set to a folder, what was accepted is written there.
/// </summary>
public sealed class ExtremeNumbersTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private const string Simulated = "simulated", Fleets = "fleets", Processes = "processes";
    private const string None = "none";

    private static readonly AwsOperation[] s_operations = [.. BatchOperations.All, .. LogsOperations.All, .. EcsOperations.All];

    // What the plain requests name.
    private static readonly (AwsOperation Operation, string Json)[] s_prepared =
    [
        (BatchOperations.CreateComputeEnvironment, """
            {"computeEnvironmentName":"ce","type":"MANAGED","computeResources":{"type":"EC2","maxvCpus":4,"subnets":["s"],
                "securityGroupIds":["g"],"instanceTypes":["optimal"],"instanceRole":"r"}}
            """),
        (BatchOperations.CreateComputeEnvironment, """
            {"computeEnvironmentName":"spot","type":"MANAGED","computeResources":{"type":"SPOT","maxvCpus":4,"bidPercentage":59,
                "subnets":["s"],"securityGroupIds":["g"],"instanceTypes":["optimal"],"instanceRole":"r",
                "spotIamFleetRole":"arn:aws:iam::000000000000:role/r"}}
            """),
        (BatchOperations.CreateComputeEnvironment, """{"computeEnvironmentName":"unmanaged","type":"UNMANAGED"}"""),
        (BatchOperations.CreateJobQueue, """
            {"jobQueueName":"queue","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"refrag-cpu-compute-env"}]}
            """),
        (BatchOperations.CreateSchedulingPolicy, """
            {"name":"policy","fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a","weightFactor":1}]}}
            """),
        (BatchOperations.CreateJobQueue, """
            {"jobQueueName":"shares","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"refrag-cpu-compute-env"}],
                "schedulingPolicyArn":"arn:aws:batch:us-east-1:000000000000:scheduling-policy/policy"}
            """),
        (BatchOperations.CreateConsumableResource, """{"consumableResourceName":"token","totalQuantity":1}"""),
        (BatchOperations.CreateConsumableResource, """{"consumableResourceName":"spare","totalQuantity":1}"""),
        (BatchOperations.CreateServiceEnvironment, """
            {"serviceEnvironmentName":"training","serviceEnvironmentType":"SAGEMAKER_TRAINING",
                "capacityLimits":[{"maxCapacity":1,"capacityUnit":"ml.m5.large"}]}
            """),
        (BatchOperations.CreateJobQueue, """
            {"jobQueueName":"services","priority":1,"jobQueueType":"SAGEMAKER_TRAINING",
                "serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"training"}]}
            """),
        (BatchOperations.CreateSchedulingPolicy, """{"name":"quota","quotaSharePolicy":{"idleResourceAssignmentStrategy":"FIFO"}}"""),
        (BatchOperations.CreateJobQueue, """
            {"jobQueueName":"quotas","priority":1,"jobQueueType":"SAGEMAKER_TRAINING",
                "schedulingPolicyArn":"arn:aws:batch:us-east-1:000000000000:scheduling-policy/quota",
                "serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"training"}]}
            """),
        (BatchOperations.CreateQuotaShare, """
            {"quotaShareName":"share","jobQueue":"quotas","capacityLimits":[{"maxCapacity":1,"capacityUnit":"ml.m5.large"}],
                "resourceSharingConfiguration":{"strategy":"LEND_AND_BORROW","borrowLimit":1},
                "preemptionConfiguration":{"inSharePreemption":"ENABLED"}}
            """),
        (BatchOperations.RegisterJobDefinition, """
            {"jobDefinitionName":"nodes","type":"multinode","nodeProperties":{"numNodes":1,"mainNode":0,"nodeRangeProperties":[
                {"targetNodes":"0:","container":{"image":"i","command":["PROGRAM"],
                "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"4"}]}}]}}
            """),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("REFRAG_EXTREME_ROUNDS"), CultureInfo.InvariantCulture, out int rounds)
            ? rounds
            : 1;

    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
    private string _setup = "", _program = "run";
    private string _stream = "", _cluster = "", _serviceJob = "";
    private int _names;

    [Theory]
    [InlineData(Simulated)]
    [InlineData(Fleets)]
    [InlineData(Processes)]
    public async Task EveryIntegerAtItsLimits_IsAcceptedAsStatedAndNeverStopsTheEngine(string setup)
    {
        (_setup, _program) = (setup, setup is Processes ? "true" : "run");
        var time = new StrictTime(DateTimeOffset.UnixEpoch.AddDays(20_000));
        List<string> accepted = [];
        for (int round = 0; round < Rounds; round++)
        {
            await using (LocalBatch batch = Open(time))
            {
                if (round == 0) await Prepare(batch, time);
                foreach (AwsOperation operation in s_operations)
                {
                    IReadOnlyList<string> lines = await Feed(batch, operation);
                    if (round == 0) accepted.AddRange(lines);
                }
                await Live(batch, time);
            }
            time = new StrictTime(time.GetUtcNow().AddYears(1));
            await using LocalBatch again = Open(time);
            await Live(again, time);
            // What still runs must not write into a folder that is removed. The clock has to run meanwhile: a program's end waits on it
            // for a control group that the kernel has not emptied yet.
            await time.AdvanceUntil(again.StopAsync(TimeSpan.Zero));
        }
        Assert.True(_log.IsEmpty, string.Join('\n', _log.Take(3)));
        if (Environment.GetEnvironmentVariable("REFRAG_GOLDEN_OUT") is { } written)
            await File.WriteAllLinesAsync(Path.Combine(written, $"AcceptedNumbers.{setup}.txt"), accepted, Token);
        Assert.Equal(Stated(), accepted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AcceptedNumbers_OfWhichNoneIsAccepted_HaveAReason() =>
        Assert.All(Table(), line => Assert.Equal(line.Contains($": {None}", StringComparison.Ordinal), line.EndsWith(')')));

    // One line a member: the numbers that are accepted, or none and why.
    private static IReadOnlyList<string> Table()
    {
        using var reader = new StreamReader(typeof(ExtremeNumbersTests).Assembly.GetManifestResourceStream("AcceptedNumbers.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))];
    }

    private static IEnumerable<string> Stated() => Table().Select(line => line.Split(" (")[0]).Order(StringComparer.Ordinal);

    private async Task<IReadOnlyList<string>> Feed(LocalBatch batch, AwsOperation operation)
    {
        List<string> lines = [];
        foreach (string member in ExtremeNumbers.Members(operation))
        {
            SortedSet<long> accepted = [];
            foreach (string plain in PlainRequests.Of(operation))
            {
                foreach (long value in ExtremeNumbers.Values)
                {
                    if (ExtremeNumbers.Request(operation, Filled(plain), member, value) is not { } request
                        || await Send(batch, operation, request) is not { } answer) continue;
                    accepted.Add(value);
                    await Use(batch, answer);
                }
            }
            string numbers = accepted.Count == 0 ? None : string.Join(' ', accepted);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{operation.Name} {member}: {numbers}"));
        }
        return lines;
    }

    // What can be made from what was accepted is made.
    private async Task Use(LocalBatch batch, object answer)
    {
        // Their commands are those of the definition: what overrides a container is refused for another kind.
        if (answer is RegisterJobDefinitionResponse made)
        {
            await Send(batch, BatchOperations.SubmitJob,
                Job("refrag-cpu-job-queue", made.JobDefinitionArn) with { ContainerOverrides = null });
        }
        if (answer is CreateJobQueueResponse queue) await Send(batch, BatchOperations.SubmitJob, Job(queue.JobQueueArn, "def"));
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

    private SubmitJobRequest Job(string queue, string definition) => new()
    {
        JobName = "job",
        JobQueue = queue,
        JobDefinition = definition,
        ContainerOverrides = new ContainerOverrides { Command = [_program] },
    };

    private string Filled(string json) => json
        .Replace("NAME", string.Create(CultureInfo.InvariantCulture, $"n{_names++}"), StringComparison.Ordinal)
        .Replace("PROGRAM", _program, StringComparison.Ordinal)
        .Replace("STREAM", _stream, StringComparison.Ordinal)
        .Replace("CLUSTER", _cluster, StringComparison.Ordinal)
        .Replace("SERVICEJOB", _serviceJob, StringComparison.Ordinal);

    private async Task Prepare(LocalBatch batch, StrictTime time)
    {
        foreach ((AwsOperation operation, string json) in s_prepared)
        {
            object request = JsonSerializer.Deserialize(Filled(json), operation.RequestJson)!;
            Assert.True(await Send(batch, operation, request) is not null, json);
        }
        var environments = new DescribeComputeEnvironmentsRequest { ComputeEnvironments = ["ce"] };
        _cluster = (await batch.SendAsync(BatchOperations.DescribeComputeEnvironments, environments, Token).Soon())
            .ComputeEnvironments!.Single().EcsClusterArn!;
        SubmitServiceJobRequest service = JsonSerializer.Deserialize(
            PlainRequests.Of(BatchOperations.SubmitServiceJob)[0], BatchOperations.SubmitServiceJob.RequestJson)!;
        _stream = (await Live(batch, time)).Container!.LogStreamName!;
        _serviceJob = (await batch.SendAsync(BatchOperations.SubmitServiceJob, service, Token).Soon()).JobId;
    }

    // Lets jobs live and time limits pass, then sees a plain job through to its end.
    private async Task<JobDetail> Live(LocalBatch batch, StrictTime time)
    {
        foreach (TimeSpan step
            in (TimeSpan[])[TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), TimeSpan.FromDays(60)])
        {
            time.Advance(step);
            await batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token).Soon();
        }
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, Job("refrag-cpu-job-queue", "def"), Token).Soon()).JobId;
        JobDetail job = await time.AdvanceUntil(batch.WatchAsync(id, Token).LastAsync(Token).AsTask(), TimeSpan.FromSeconds(10));
        Assert.Equal(JobStatus.Succeeded, job.Status);
        return job;
    }

    private LocalBatch Open(StrictTime time) => new(
        new LocalBatchOptions
        {
            StateDirectory = _path,
            VCpus = new VCpus(1000),
            Memory = new MebiBytes(1_000_000),
            GpuIds = [],
            Variables = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" },
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Fleets = _setup is Fleets ? new FleetOptions() : null,
            Log = _log.Enqueue,
        },
        Runner(time), time, store: SqliteStore.Open(_path, time, syncs: false));

    private IRunner Runner(StrictTime time) => _setup is Processes
        ? new ProcessRunner(time, Path.Combine(_path, "attempts"))
        : new SimulatedRunner(time);
}
