using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Engine;
using Refrag.Engine.Options;
using Refrag.Engine.Placement.Fleets;
using Refrag.Monitoring;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;
using Refrag.WhatIf;
using KeyValuePair = Refrag.Aws.Batch.KeyValuePair;

namespace Refrag.Tests.WhatIf;

/// <summary>
/// The same jobs through the engine that <c>refrag serve --fleet</c> runs, on a clock that the test moves, and through the simulation of
/// what that engine knows afterwards.
/// </summary>
public sealed class FaithfulnessTests
{
    // Batch's times are whole milliseconds.
    private static readonly TimeSpan s_exact = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);

    private string _policy = "";
    private readonly SteppedTime _time = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Starts_OfTheEngineAndOfTheSimulation_AreTheSame(ulong seed)
    {
        await using LocalBatch engine = await OpenAsync();
        // As it is before anything has run: an environment's desired vCPUs are what it has at that moment.
        World world = await WorldAsync(engine);
        Workload asked = WorkloadGenerator.Parse("jobs=60,per_hour=240,gpu_part=0.3,cpu_run=3m,gpu_run=6m,shares=3").Value.Make(seed);

        IReadOnlyList<JobDetail> ended = await PlayAsync(engine, asked);
        Workload known = (await BatchTrace.EndedAsync(engine, new JobFilter(), "Batch", Stop))!;
        Dictionary<string, JobTimes> simulated = Simulate(world, known);

        Assert.Equal(60, ended.Count);
        string[] different = [.. ended.Where(job => Difference(job, known, simulated[job.JobId]) > s_exact).Select(job =>
            $"{job.JobName}: {Difference(job, known, simulated[job.JobId])}")];
        Assert.Empty(different);
        // Some jobs found no instance at once, so there was something to decide.
        Assert.Contains(simulated.Values, job => job.StartedAt - job.SubmittedAt > 2 * s_start.TotalMilliseconds);
    }

    private static TimeSpan Difference(JobDetail job, Workload known, JobTimes simulated) =>
        (DateTimeOffset.FromUnixTimeMilliseconds(job.StartedAt!.Value) - known.Start!.Value.AddMilliseconds(simulated.StartedAt))
            .Duration();

    private static Dictionary<string, JobTimes> Simulate(World world, Workload known)
    {
        Dictionary<string, JobTimes> times = [];
        Assert.True(Simulation.Run(world, known, 1, job => times[known.Jobs[job.Index].Id!] = job, Stop).IsSuccess);
        return times;
    }

    private static async Task<World> WorldAsync(LocalBatch engine)
    {
        using var folder = new TemporaryFolder();
        KnownCatalogue catalogue = new CatalogueFolder(folder.At("catalogue")).Load();
        var reader = new QueueReader(engine);
        var options = new FleetOptions();
        return new World
        {
            Name = "engine",
            Environments = [.. (await reader.EnvironmentsAsync([], Stop))
                .Select(one => FleetModel.Environment(one, options, "us-east-1", hasRoleFault: false))],
            Queues = [.. (await reader.QueuesAsync([], Stop))
                .Select(queue => FleetModel.Queue(queue, queue.SchedulingPolicyArn is null ? null : Policy))],
            Scenario = new Scenario { StartUp = s_start },
            Types = catalogue.Types,
            Prices = catalogue.Prices,
        };
    }

    private async Task<IReadOnlyList<JobDetail>> PlayAsync(LocalBatch engine, Workload asked)
    {
        List<string> ids = [];
        int next = 0;
        DateTimeOffset start = _time.GetUtcNow();
        while (_time.GetUtcNow() - start < s_longest)
        {
            for (; next < asked.Jobs.Count && DueOf(next) <= _time.GetUtcNow(); next++)
                ids.Add(await SubmitAsync(engine, asked.Jobs[next], next));
            List<JobDetail> jobs = await SettleAsync(engine, ids, asked);
            if (next == asked.Jobs.Count && jobs.All(job => job.Status is JobStatus.Succeeded)) return jobs;
            _time.AdvanceToNext(next < asked.Jobs.Count ? DueOf(next) : start + s_longest);
        }
        return [];

        DateTimeOffset DueOf(int index) => start.AddMilliseconds(asked.Jobs[index].SubmittedAt);
    }

    // The clock stands still until the engine has done what is due. An answer to a change shows that the writer loop has come so far, and
    // what it has decided then is seen in the jobs.
    private async Task<List<JobDetail>> SettleAsync(LocalBatch engine, List<string> ids, Workload asked)
    {
        List<JobDetail> jobs = [];
        async Task<bool> IsSettledAsync()
        {
            jobs = await new JobLister(engine).DescribeAsync(ids, Stop).ToListAsync(Stop);
            return jobs.All(job => IsSettled(job, asked));
        }

        do
        {
            await PassLoopAsync(engine);
            await Eventually.HoldsAsync(IsSettledAsync);
            await PassLoopAsync(engine);
        }
        while (!await IsSettledAsync());
        return jobs;
    }

    private async Task PassLoopAsync(LocalBatch engine)
    {
        for (int i = 0; i < 2; i++)
        {
            await engine.SendAsync(BatchOperations.TagResource,
                new TagResourceRequest { ResourceArn = _policy, Tags = new Dictionary<string, string> { ["pass"] = $"{i}" } }, Stop);
        }
    }

    // Whether the engine has carried out what is due by now: a program that is to end has ended, and one that is to start has started. The
    // clock stands still until then, because both happen on threads of their own.
    private bool IsSettled(JobDetail job, Workload asked) => job.Status switch
    {
        JobStatus.Runnable or JobStatus.Succeeded => true,
        JobStatus.Running => job.StartedAt + asked.Jobs[int.Parse(job.JobName["job-".Length..], CultureInfo.InvariantCulture)].Runs
            > _time.GetUtcNow().ToUnixTimeMilliseconds(),
        _ => false,
    };

    private static async Task<string> SubmitAsync(LocalBatch engine, TraceJob job, int index)
    {
        string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
        List<ResourceRequirement> needs =
        [
            new() { Type = ResourceType.Vcpu, Value = Number(job.MilliVCpus / 1000.0) },
            new() { Type = ResourceType.Memory, Value = Number(job.MemoryMiB) },
        ];
        if (job.IsGpu) needs.Add(new ResourceRequirement { Type = ResourceType.Gpu, Value = Number(job.Gpus) });
        return (await engine.SendAsync(BatchOperations.SubmitJob, new SubmitJobRequest
        {
            JobName = $"job-{index}",
            JobQueue = job.IsGpu ? "gpus" : "cpus",
            JobDefinition = "def",
            ShareIdentifier = job.IsGpu ? null : job.Share,
            SchedulingPriorityOverride = job.IsGpu ? null : 0,
            ContainerOverrides = new ContainerOverrides
            {
                ResourceRequirements = needs,
                Environment = [new KeyValuePair { Name = "REFRAG_SIM_SECONDS", Value = Number(job.Runs / 1000.0) }],
            },
        }, Stop)).JobId;
    }

    private static FairsharePolicy Policy { get; } = new()
    {
        ShareDecaySeconds = 600,
        ShareDistribution = [new() { ShareIdentifier = "share1", WeightFactor = 0.5f }],
    };

    private async Task<LocalBatch> OpenAsync()
    {
        LocalBatch engine = (await LocalBatch.OpenAsync(
            new LocalBatchOptions
            {
                Queues = [],
                Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
                Variables = new Dictionary<string, string>(),
                Fleets = new FleetOptions { Scenario = new Scenario { StartUp = s_start } },
            },
            "simulated", _time, cancellationToken: Stop)).Value;
        _policy = (await engine.SendAsync(BatchOperations.CreateSchedulingPolicy,
            new CreateSchedulingPolicyRequest { Name = "fair", FairsharePolicy = Policy }, Stop)).Arn;
        await MakeAsync(engine, "cpus", ["m5.large", "m5.xlarge"], 8, _policy);
        await MakeAsync(engine, "gpus", ["g5.xlarge", "g5.12xlarge"], 12, null);
        return engine;
    }

    private static async Task MakeAsync(LocalBatch engine, string name, string[] types, int most, string? policy)
    {
        await engine.SendAsync(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = $"{name}-environment",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.Ec2,
                MaxvCpus = most,
                Subnets = ["subnet-1"],
                SecurityGroupIds = ["sg-1"],
                InstanceTypes = types,
                InstanceRole = "role",
                AllocationStrategy = CRAllocationStrategy.BestFitProgressive,
            },
        }, Stop);
        await engine.SendAsync(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = name,
            Priority = 1,
            SchedulingPolicyArn = policy,
            ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = $"{name}-environment" }],
        }, Stop);
    }
}
