using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Options;
using Refrag.Monitoring;
using Refrag.Scheduling.Simulation;
using KeyValuePair = Refrag.Aws.Batch.KeyValuePair;

namespace Refrag.Tests.Diagnosis;

/// <summary>The set-up as the built-in engine has it, with fleets whose instances start by the test's clock.</summary>
internal sealed class ServedSetup : IAsyncDisposable
{
    private const string Filler = "filler";
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(2);
    private static readonly KeyValuePair s_forever = new() { Name = "REFRAG_SIM_SECONDS", Value = "31536000" };

    private readonly FakeAccount _account = new();
    private readonly FakeTimeProvider _time;
    private readonly Dictionary<string, string> _policies = new(StringComparer.Ordinal);
    private readonly LocalBatch _batch;
    private readonly NodeProperties? _nodes;
    private SubmitJobRequest _submit;
    private string? _id;

    private ServedSetup(Setup setup, LocalBatch batch, FakeTimeProvider time)
    {
        (_batch, _time) = (batch, time);
        JobDetail? job = setup.Apply(_account);
        _submit = WithDuration(job is null ? setup.Submit : Request(job));
        _nodes = job?.NodeProperties;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ServedSetup> MakeAsync(Setup setup)
    {
        FakeTimeProvider time = new(FakeAccount.Now);
        LocalBatchOptions options = new()
        {
            Queues = [],
            Definitions = [],
            Variables = new Dictionary<string, string>(),
            Fleets = new FleetOptions { Scenario = new Scenario { StartUp = s_start, Refusal = s_start } },
        };
        LocalBatch batch = (await LocalBatch.OpenAsync(options, "simulated", time, cancellationToken: Stop)).Value;
        ServedSetup served = new(setup, batch, time);
        await served.CreateAsync();
        return served;
    }

    /// <summary>Why the last submission was refused; null if none was.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether the job starts before long; submits it if it is not there, or was refused before.</summary>
    public async Task<bool> StartsAsync()
    {
        try
        {
            _id ??= (await _batch.SendAsync(BatchOperations.SubmitJob, WithPriority(_submit), Stop)).JobId;
        }
        catch (AwsException refusal)
        {
            Refusal = refusal.Message;
            return false;
        }
        for (int step = 0; step < 10; step++)
        {
            if (await StatusAsync(_id) is JobStatus.Starting or JobStatus.Running) return true;
            _time.Advance(s_start);
        }
        return false;
    }

    /// <summary>Runs a cure: commands of the AWS CLI, or overrides with which the job is submitted anew.</summary>
    public async Task RunAsync(string command)
    {
        if (command.StartsWith("aws ", StringComparison.Ordinal))
        {
            foreach (string one in command.Split(" && "))
            {
                if (one.StartsWith("until ", StringComparison.Ordinal)) await ValidAsync(one);
                else await BatchCommand.RunAsync(_batch, one, Stop);
            }
            return;
        }
        if (_id is not null)
            await _batch.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = _id, Reason = "again" }, Stop);
        _id = null;
        foreach (string word in command.Split(' '))
        {
            string[] parts = word.Split('=', 2);
            _submit = Overridden(parts[0], parts[1].Trim('\''));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.StopAsync(TimeSpan.Zero);
        await _batch.DisposeAsync();
    }

    private async Task CreateAsync()
    {
        foreach (JobQueueDetail queue in _account.Queues.Where(q => !string.IsNullOrEmpty(q.SchedulingPolicyArn)))
            await CreatePolicyAsync(queue.SchedulingPolicyArn!);
        foreach (ComputeEnvironmentDetail environment in _account.Environments) await CreateAsync(environment);
        foreach (JobQueueDetail queue in _account.Queues) await CreateAsync(queue);
        foreach (JobDefinition definition in _account.Definitions.Where(d => d.Status == "ACTIVE")) await RegisterAsync(definition);
        if (_nodes is not null) await RegisterNodesAsync(_nodes);
        foreach ((string name, long amount) in _account.Consumables)
            await _batch.SendAsync(BatchOperations.CreateConsumableResource,
                new CreateConsumableResourceRequest { ConsumableResourceName = name, TotalQuantity = amount }, Stop);
        if (_account.Jobs.Any(j => j.Status == JobStatus.Running || j.ArrayProperties is not null)) await FillAsync();
        await DisableAsync();
    }

    private async Task CreatePolicyAsync(string arn)
    {
        if (_policies.ContainsKey(arn)) return;
        FairsharePolicy policy = _account.Policies.FirstOrDefault(p => p.Arn == arn)?.FairsharePolicy ?? new FairsharePolicy();
        CreateSchedulingPolicyResponse made = await _batch.SendAsync(BatchOperations.CreateSchedulingPolicy,
            new CreateSchedulingPolicyRequest { Name = AwsNames.Short(arn).Replace(':', '-'), FairsharePolicy = policy }, Stop);
        _policies[arn] = made.Arn;
    }

    private Task<CreateComputeEnvironmentResponse> CreateAsync(ComputeEnvironmentDetail environment) =>
        _batch.SendAsync(BatchOperations.CreateComputeEnvironment,
        new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = environment.ComputeEnvironmentName,
            Type = environment.Type!,
            ComputeResources = environment.ComputeResources is { } resources ? Accepted(resources) : null,
        }, Stop);

    // The files leave out what Batch insists on and `why` does not read, and give Fargate members of instances, which they do not remove.
    // A maximum of 0 is refused; 1 is as little for the jobs of the files, which ask for two vCPUs or more.
    private static ComputeResource Accepted(ComputeResource resources)
    {
        bool isFargate = resources.Type.StartsWith(CRType.Fargate, StringComparison.Ordinal);
        bool needsRole = resources is { Type: CRType.Spot, AllocationStrategy: null or CRAllocationStrategy.BestFit };
        return resources with
        {
            DesiredvCpus = null,
            MaxvCpus = Math.Max(1, resources.MaxvCpus ?? 1),
            MinvCpus = isFargate ? null : 0,
            InstanceRole = isFargate ? null : resources.InstanceRole,
            SpotIamFleetRole = needsRole ? "arn:aws:iam::1:role/fleet" : resources.SpotIamFleetRole,
        };
    }

    // What the shell's loop waits for.
    private Task ValidAsync(string loop)
    {
        string name = loop.Split("--compute-environments ")[1].Split(' ')[0];
        return Eventually.HoldsAsync(async () =>
        {
            DescribeComputeEnvironmentsResponse found = await _batch.SendAsync(BatchOperations.DescribeComputeEnvironments,
                new DescribeComputeEnvironmentsRequest { ComputeEnvironments = [name] }, Stop);
            return found.ComputeEnvironments is [{ Status: CEStatus.Valid }];
        });
    }

    private Task<CreateJobQueueResponse> CreateAsync(JobQueueDetail queue) => _batch.SendAsync(BatchOperations.CreateJobQueue, new()
    {
        JobQueueName = queue.JobQueueName,
        Priority = queue.Priority ?? 1,
        SchedulingPolicyArn = string.IsNullOrEmpty(queue.SchedulingPolicyArn) ? null : _policies[queue.SchedulingPolicyArn],
        ComputeEnvironmentOrder = [.. queue.ComputeEnvironmentOrder.Select(o =>
            o with { ComputeEnvironment = AwsNames.Short(o.ComputeEnvironment) })],
    }, Stop);

    private Task<RegisterJobDefinitionResponse> RegisterAsync(JobDefinition definition) =>
        _batch.SendAsync(BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = definition.JobDefinitionName,
            Type = definition.Type,
            ContainerProperties = definition.ContainerProperties,
            PlatformCapabilities = definition.PlatformCapabilities,
        }, Stop);

    private Task<RegisterJobDefinitionResponse> RegisterNodesAsync(NodeProperties nodes) =>
        _batch.SendAsync(BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = _submit.JobDefinition,
            Type = JobDefinitionType.Multinode,
            NodeProperties = nodes with
            {
                NodeRangeProperties = [.. nodes.NodeRangeProperties.Select(r => r with
                {
                    Container = r.Container! with { Image = "refrag:latest", Environment = [s_forever] },
                })],
            },
        }, Stop);

    // As many jobs of one vCPU as the environments are said to use.
    private async Task FillAsync()
    {
        foreach (ComputeEnvironmentDetail environment in _account.Environments)
        {
            int desired = environment.ComputeResources?.DesiredvCpus ?? 0;
            if (desired == 0) continue;
            string queue = $"{Filler}-{environment.ComputeEnvironmentName}";
            await CreateAsync(FakeAccount.QueueOf(queue, environment.ComputeEnvironmentName));
            List<string> ids = [];
            for (int i = 0; i < desired; i++)
                ids.Add((await _batch.SendAsync(BatchOperations.SubmitJob, WithDuration(new SubmitJobRequest
                {
                    JobName = Filler,
                    JobQueue = queue,
                    JobDefinition = _account.Definitions[0].JobDefinitionName,
                    ContainerOverrides = new ContainerOverrides { ResourceRequirements = FakeAccount.Requirements(1, 100, 0) },
                }), Stop)).JobId);
            for (int step = 0; step < 10; step++)
            {
                await StatusAsync(ids[^1]);
                _time.Advance(s_start);
            }
        }
    }

    // An environment that is INVALID starts no instances, as one that is disabled.
    private async Task DisableAsync()
    {
        foreach (ComputeEnvironmentDetail environment in _account.Environments)
        {
            if (environment is not { State: CEState.Enabled, Status: CEStatus.Valid })
                await _batch.SendAsync(BatchOperations.UpdateComputeEnvironment, new UpdateComputeEnvironmentRequest
                {
                    ComputeEnvironment = environment.ComputeEnvironmentName,
                    State = CEState.Disabled,
                }, Stop);
        }
        foreach (JobQueueDetail queue in _account.Queues.Where(q => q.State == JQState.Disabled))
            await _batch.SendAsync(BatchOperations.UpdateJobQueue,
                new UpdateJobQueueRequest { JobQueue = queue.JobQueueName, State = JQState.Disabled }, Stop);
    }

    private async Task<string?> StatusAsync(string id) =>
        (await _batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Stop)).Jobs![0].Status;

    private static SubmitJobRequest Request(JobDetail job) => new()
    {
        JobName = job.JobName,
        JobQueue = AwsNames.Short(job.JobQueue),
        JobDefinition = job.NodeProperties is null ? AwsNames.Short(job.JobDefinition).Split(':')[0] : "nodes",
        ShareIdentifier = job.ShareIdentifier,
        ConsumableResourcePropertiesOverride = job.ConsumableResourceProperties,
        ContainerOverrides = job.NodeProperties is null
            ? new ContainerOverrides { ResourceRequirements = job.Container?.ResourceRequirements }
            : null,
    };

    private static SubmitJobRequest WithDuration(SubmitJobRequest submit) => submit.JobDefinition == "nodes" ? submit : submit with
    {
        ContainerOverrides = (submit.ContainerOverrides ?? new ContainerOverrides()) with { Environment = [s_forever] },
    };

    // Batch insists on a priority with a share; refrag sends 0 where neither the job nor its definition has one.
    private static SubmitJobRequest WithPriority(SubmitJobRequest submit) =>
        submit with { SchedulingPriorityOverride = submit.ShareIdentifier is null ? null : submit.SchedulingPriorityOverride ?? 0 };

    private SubmitJobRequest Overridden(string key, string value) => key switch
    {
        "env.vcpus" => WithNeed(ResourceType.Vcpu, value),
        "env.memory" => WithNeed(ResourceType.Memory, value),
        "env.gpus" => WithNeed(ResourceType.Gpu, value),
        "env.job_queue" => _submit with { JobQueue = value },
        "env.share_identifier" => _submit with { ShareIdentifier = value.Length == 0 ? null : value },
        "env.nodes" when value == "1" => WithDuration(_submit with
        {
            JobDefinition = "refrag-cpu-job-def",
            ContainerOverrides = new ContainerOverrides
            {
                ResourceRequirements = _nodes!.NodeRangeProperties[0].Container!.ResourceRequirements,
            },
        }),
        _ => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"{key}={value}")),
    };

    private SubmitJobRequest WithNeed(string type, string value)
    {
        IEnumerable<ResourceRequirement> rest = (_submit.ContainerOverrides!.ResourceRequirements ?? []).Where(r => r.Type != type);
        ResourceRequirement[] own = type == ResourceType.Gpu && value == "0" ? [] : [new() { Type = type, Value = value }];
        return _submit with { ContainerOverrides = _submit.ContainerOverrides with { ResourceRequirements = [.. rest, .. own] } };
    }
}
