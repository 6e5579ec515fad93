using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;
using Refrag.Runners.Simulation;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>
/// Whatever is submitted, ended, changed, reclaimed and killed: no instance holds more than it has, and what can run comes to its end.
/// </summary>
public sealed class FleetPropertyTests
{
    private static readonly string[] s_environments = ["demand", "spot", "gpu"];
    private static readonly string[] s_queues = ["first", "both", "gpus", "fair"];
    private static readonly InstanceCatalogue s_types = InstanceCatalogue.Load();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anything_ThatHappensToFleets_OversubscribesNothingAndStrandsNoJob() =>
        await Gen.Int[0, int.MaxValue - 1].SampleAsync(
            async seed =>
            {
                using var world = new World(seed);
                await world.RunAsync();
            },
            iter: 12, threads: 1);

    /// <summary>One engine with its fleets, and what is asked of it.</summary>
    private sealed class World(int seed) : IDisposable
    {
        private readonly Random _random = new(seed);
        private readonly StateFolderFixture _folder = new();
        private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
        private readonly Dictionary<string, Amount> _needs = [];
        private readonly List<string> _submitted = [];
        private CrashingStore? _store;
        private LocalBatch? _batch;

        public async Task RunAsync()
        {
            Open();
            await SetUpAsync();
            for (int step = 0; step < 60; step++)
            {
                await StepAsync();
                await CheckAsync();
            }
            await CalmDownAsync();
            await EndAsync();
        }

        // The engine is left as a killed one leaves it.
        public void Dispose()
        {
            _store?.Dispose();
            _folder.Dispose();
        }

        private void Open()
        {
            _store = new CrashingStore(SqliteStore.Open(_folder.Path, _time), int.MaxValue, writesLast: true);
            _batch = new LocalBatch(
                new LocalBatchOptions
                {
                    StateDirectory = _folder.Path,
                    Variables = new Dictionary<string, string>(),
                    WorkingDirectory = "/",
                    Queues = [],
                    Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
                    Fleets = new FleetOptions
                    {
                        Catalogue = s_types,
                        Scenario = new Scenario { StartUp = TimeSpan.FromSeconds(20), Refusal = TimeSpan.FromSeconds(5) },
                    },
                },
                new SimulatedRunner(_time), _time, store: _store);
        }

        private async Task SetUpAsync()
        {
            await Environment("demand", CRType.Ec2, ["m5.large", "m5.xlarge"], 16);
            await Environment("spot", CRType.Spot, ["c5.xlarge", "c5.2xlarge"], 16);
            await Environment("gpu", CRType.Ec2, ["g5.xlarge", "g5.12xlarge"], 52);
            string policy = (await Send(BatchOperations.CreateSchedulingPolicy, new CreateSchedulingPolicyRequest
            {
                Name = "policy",
                FairsharePolicy = new FairsharePolicy
                {
                    ShareDecaySeconds = 600,
                    ShareDistribution = [new() { ShareIdentifier = "a", WeightFactor = 1 },
                        new() { ShareIdentifier = "b", WeightFactor = 0.5f }],
                },
            })).Arn;
            await Send(BatchOperations.CreateComputeEnvironment,
                new CreateComputeEnvironmentRequest { ComputeEnvironmentName = "hosts", Type = CEType.Unmanaged });
            await Queue("first", null, 1, "demand");
            await Queue("both", null, 5, "spot", "demand");
            await Queue("gpus", null, 1, "gpu");
            await Queue("fair", policy, 3, "demand", "spot");
        }

        private async Task StepAsync()
        {
            switch (_random.Next(14))
            {
                case 0 or 1 or 2 or 3: await SubmitAsync(); break;
                case 4 or 5: await PassAsync(TimeSpan.FromSeconds(_random.Next(1, 120))); break;
                case 6 when Any() is { } job:
                    await Try(
                    Send(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = job, Reason = "enough" })); break;
                case 7 when Any() is { } job:
                    await Try(
                    Send(BatchOperations.CancelJob, new CancelJobRequest { JobId = job, Reason = "enough" })); break;
                case 8: await _batch!.InjectAsync(Trouble()); break;
                case 9:
                    await Update(
                    Pick(s_environments), _random.Next(2) == 0 ? CEState.Disabled : CEState.Enabled, 4 * _random.Next(1, 14)); break;
                case 10:
                    await Send(BatchOperations.UpdateJobQueue,
                    new UpdateJobQueueRequest
                    {
                        JobQueue = Pick(s_queues),
                        State = _random.Next(3) == 0 ? JQState.Disabled : JQState.Enabled,
                        Priority = _random.Next(9),
                    }); break;
                case 11: Restart(); break;
                case 12: await MoveAsync(Pick<string[]>([["hosts"], ["demand"], ["demand", "spot"], ["spot", "demand"]])); break;
                case 13: await ComeAndGoAsync(); break;
            }
        }

        private Injection Trouble()
        {
            Injection trouble = _random.Next(5) switch
            {
                0 => new SpotReclaim(null, _random.NextDouble() + 0.01),
                1 => new InsufficientCapacity(Pick(["m5.*", "c5.*", "g5.xlarge", "m5.large"])),
                2 => new SlowStart(TimeSpan.FromSeconds(45)),
                3 => new RoleFault(Pick(s_environments)),
                _ => new SpotRate(20),
            };
            return trouble with { Until = TimeSpan.FromSeconds(_random.Next(10, 200)) };
        }

        // As a killed server: what it had not yet written is gone, and the jobs were not informed.
        private void Restart()
        {
            _store!.Dispose();
            Open();
        }

        private async Task SubmitAsync()
        {
            string queue = Pick(s_queues);
            int nodes = queue == "first" && _random.Next(5) == 0 ? 2 : 1, gpus = queue == "gpus" ? Pick([1, 1, 1, 4]) : 0;
            Amount needs = Amount.Of(_random.Next(1, gpus == 0 && nodes == 1 ? 5 : 3), 100 * _random.Next(1, 40), gpus);
            List<ResourceRequirement> resources = [new() { Type = ResourceType.Vcpu, Value = $"{needs.MilliVCpus / 1000}" },
                new() { Type = ResourceType.Memory, Value = $"{needs.MemoryMiB}" }];
            if (gpus > 0) resources.Add(new ResourceRequirement { Type = ResourceType.Gpu, Value = $"{gpus}" });
            var overrides = new ContainerOverrides
            {
                ResourceRequirements = resources,
                Environment = [new() { Name = SimulatedPlan.Seconds, Value = _random.Next(1, 400).ToString(CultureInfo.InvariantCulture) },
                    new() { Name = SimulatedPlan.ExitCodeName, Value = Pick(["0", "0", "0", "1"]) }],
            };
            var request = new SubmitJobRequest
            {
                JobName = "job",
                JobQueue = queue,
                JobDefinition = nodes == 1 ? "def" : await NodesDefinition(nodes),
                ShareIdentifier = queue == "fair" ? Pick(["a", "b", "c"]) : null,
                SchedulingPriorityOverride = queue == "fair" ? 0 : null,
                ContainerOverrides = nodes == 1 ? overrides : null,
                NodeOverrides = nodes == 1
                    ? null
                    : new NodeOverrides { NodePropertyOverrides = [new() { TargetNodes = "0:", ContainerOverrides = overrides }] },
                ArrayProperties = nodes == 1 && _random.Next(4) == 0 ? new ArrayProperties { Size = _random.Next(2, 6) } : null,
                RetryStrategy = _random.Next(2) == 0 ? new RetryStrategy { Attempts = _random.Next(1, 5) } : null,
                DependsOn = Any() is { } other && _random.Next(6) == 0 ? [new() { JobId = other }] : null,
            };
            if (await Try(Send(BatchOperations.SubmitJob, request)) is not { } answer) return;
            _submitted.Add(answer.JobId);
            _needs[answer.JobId] = needs;
        }

        private async Task<string> NodesDefinition(int nodes) =>
            (await Send(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
            {
                JobDefinitionName = "nodes",
                Type = "multinode",
                NodeProperties = new NodeProperties
                {
                    NumNodes = nodes,
                    MainNode = 0,
                    NodeRangeProperties =
                [
                    new()
                    {
                        TargetNodes = "0:",
                        Container = new ContainerProperties
                        {
                            Image = "image",
                            ResourceRequirements = [new() { Type = ResourceType.Vcpu, Value = "1" },
                                new() { Type = ResourceType.Memory, Value = "100" }],
                        },
                    },
                ],
                },
            })).JobDefinitionArn;

        private Task<UpdateJobQueueResponse> MoveAsync(params string[] environments) =>
            Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest
            {
                JobQueue = "both",
                ComputeEnvironmentOrder = [.. environments.Select(
                (environment, at) => new ComputeEnvironmentOrder { Order = at + 1, ComputeEnvironment = environment })],
            });

        // What is deleted has the core made anew.
        private async Task ComeAndGoAsync()
        {
            if (await Try(Queue("passing", null, 2, "demand")) is null) return;
            await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = "passing", State = JQState.Disabled });
            await Send(BatchOperations.DeleteJobQueue, new DeleteJobQueueRequest { JobQueue = "passing" });
        }

        // No instance holds more than it has, by the jobs that say they are on it.
        private async Task CheckAsync()
        {
            foreach (SimulatedInstance one in await _batch!.FleetsAsync(Token).Soon())
            {
                Amount used = one.JobIds.Select(id => _needs[id.Split(':')[0]]).Aggregate(default(Amount), (sum, needs) => sum + needs);
                Assert.True(
                    used.FitsIn(s_types.Find(one.Type)!.Usable), $"{one.Type} {one.Id} holds {used} of {string.Join(", ", one.JobIds)}");
                Assert.True(one.JobIds.Count == 0 || !one.IsStarting, $"{one.Id} has jobs before it is up");
            }
        }

        // Nothing is wrong any more and everything may run.
        private async Task CalmDownAsync()
        {
            await MoveAsync("spot", "demand");
            foreach (string name in s_environments) await Update(name, CEState.Enabled, 64);
            foreach (string name in s_queues)
                await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = name, State = JQState.Enabled });
        }

        private async Task EndAsync()
        {
            List<string> left = [.. _submitted];
            for (int round = 0; left.Count > 0; round++)
            {
                // Two simulated days: all jobs together take less.
                if (round == 3000)
                    Assert.Fail(
                        "These never end: " + string.Join("; ", (await Describe(left))
                            .Select(job => $"{job.JobName} in {job.JobQueue}: {job.Status} {job.StatusReason}")));
                await PassAsync(TimeSpan.FromSeconds(60));
                if (round % 10 == 0) await CheckAsync();
                left = [.. (await Describe(left))
                    .Where(job => job.Status is not (JobStatus.Succeeded or JobStatus.Failed)).Select(job => job.JobId)];
            }
        }

        private async Task<List<JobDetail>> Describe(List<string> ids) =>
            (await Send(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [.. ids.Take(100)] })).Jobs!.ToList();

        // What a moment brings (an end, and the start that follows from it) reaches the engine by itself; an answer shows that it has got
        // so far.
        private async Task PassAsync(TimeSpan time)
        {
            _time.Advance(time);
            for (int i = 0; i < 3; i++) await _batch!.FleetsAsync(Token).Soon();
        }

        private async Task Environment(string name, string type, string[] types, int most) =>
            await Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
            {
                ComputeEnvironmentName = name,
                Type = CEType.Managed,
                ComputeResources = new ComputeResource
                {
                    Type = type,
                    MaxvCpus = most,
                    MinvCpus = 0,
                    Subnets = ["subnet-1", "subnet-2"],
                    SecurityGroupIds = ["sg-1"],
                    InstanceTypes = types,
                    InstanceRole = "role",
                    AllocationStrategy = type == CRType.Spot
                    ? CRAllocationStrategy.SpotCapacityOptimized
                    : CRAllocationStrategy.BestFitProgressive,
                },
            });

        private async Task Update(string name, string state, int most) =>
            await Try(Send(BatchOperations.UpdateComputeEnvironment, new UpdateComputeEnvironmentRequest
            {
                ComputeEnvironment = name,
                State = state,
                ComputeResources = new ComputeResourceUpdate { MaxvCpus = most },
            }));

        private Task<CreateJobQueueResponse> Queue(string name, string? policy, int priority, params string[] environments) =>
            Send(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
            {
                JobQueueName = name,
                Priority = priority,
                SchedulingPolicyArn = policy,
                ComputeEnvironmentOrder = [.. environments.Select(
                (environment, at) => new ComputeEnvironmentOrder { Order = at + 1, ComputeEnvironment = environment })],
            });

        private Task<TResponse> Send<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
            where TRequest : class
            where TResponse : class => _batch!.SendAsync(operation, request, Token).Soon();

        // What Batch refuses, such as a job for a queue that is disabled, is refused.
        private static async Task<T?> Try<T>(Task<T> task)
            where T : class
        {
            try
            {
                return await task;
            }
            catch (BatchException e) when (e.ErrorCode != BatchException.ServerException)
            {
                return null;
            }
        }

        private string? Any() => _submitted.Count == 0 ? null : _submitted[_random.Next(_submitted.Count)];

        private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];
    }
}
