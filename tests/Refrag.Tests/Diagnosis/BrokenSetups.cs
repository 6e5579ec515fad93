using Refrag.Aws.Batch;
using static Refrag.Tests.FakeAccount;

namespace Refrag.Tests.Diagnosis;

/// <summary>A set-up with its faults: none for a healthy one.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Codes">The codes of its faults, the one that must be named first before the others.</param>
/// <param name="Break">Breaks the account and gives the job to look at; null to look at a planned submission.</param>
internal sealed record Setup(string Name, string[] Codes, Func<FakeAccount, JobDetail?> Break)
{
    /// <summary>The planned submission, if there is no job.</summary>
    public SubmitJobRequest Submit { get; init; } = new() { JobName = "train", JobQueue = Cpu, JobDefinition = "refrag-cpu-job-def" };

    /// <summary>The end of the job's log.</summary>
    public string[] Log { get; init; } = [];

    public override string ToString() => Name;
}

/// <summary>Set-ups as they are met in the field.</summary>
internal static class Setups
{
    // Instances were started, and none joins.
    private static void Join(FakeAccount account) => account.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 8 });

    private const string Service = "Service Role arn:aws:iam::1:role/batch is not authorized: sts:AssumeRole";

    public static IReadOnlyList<Setup> Broken { get; } =
    [
        // The queue.
        new("queue disabled", ["queue-disabled"], a => { a.Change(Cpu, q => q with { State = "DISABLED" }); return Job(); }),
        new("queue invalid", ["queue-invalid"],
            a => { a.Change(Cpu, q => q with { Status = "INVALID", StatusReason = "its environments are invalid" }); return Job(); }),
        new("queue gone", ["queue-missing"], a => { a.Queues.RemoveAt(0); return Job(); }),
        new("queue without environments", ["queue-without-environment"],
            a => { a.Change(Cpu, q => q with { ComputeEnvironmentOrder = [] }); return Job(); }),
        // The environments.
        new("environment disabled", ["environment-disabled"],
            a => { a.ChangeEnv(CpuEnv, e => e with { State = "DISABLED" }); return Job(); }),
        new("environment invalid, service role", ["service-role"],
            a => { a.ChangeEnv(CpuEnv, e => e with { Status = "INVALID", StatusReason = $"CLIENT_ERROR - {Service}" }); return Job(); }),
        new("environment invalid, launch template", ["launch-template"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    Status = "INVALID",
                    StatusReason = "CLIENT_ERROR - The specified launch template, with template ID lt-1, does not exist.",
                }); return Job(); }),
        new("environment invalid, image", ["machine-image"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    Status = "INVALID",
                    StatusReason = "CLIENT_ERROR - The image id '[ami-1]' does not exist (InvalidAMIID.NotFound)",
                }); return Job(); }),
        new("environment invalid, security group", ["security-group"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    Status = "INVALID",
                    StatusReason = "CLIENT_ERROR - The security group 'sg-1' does not exist",
                }); return Job(); }),
        new("environment invalid, no words that say why", ["environment-invalid"],
            a => { a.ChangeEnv(CpuEnv, e => e with { Status = "INVALID", StatusReason = "INTERNAL_ERROR" }); return Job(); }),
        new("environment gone", ["environment-missing"], a => { a.Environments.RemoveAt(0); return Job(); }),
        new("environment of 0 vCPUs", ["max-vcpus"], a => { a.ChangeResources(CpuEnv, r => r with { MaxvCpus = 0 }); return Job(); }),
        new("EC2 quota used up", ["ec2-quota"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with
                {
                    StatusReason =
                        "Could not launch: VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 32 allows",
                }); return Job(minutes: 40); }),
        new("no Spot capacity, said", ["no-capacity"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with { StatusReason = "UnfulfillableCapacity - no Spot capacity for the request" }); return Job(minutes: 40); }),
        new("subnet without addresses", ["no-addresses"],
            a => { a.ChangeEnv(CpuEnv,
                e => e with { StatusReason = "InsufficientFreeAddressesInSubnet: not enough free addresses in subnet-1" }); return Job(
                    minutes: 40); }),
        new("no instance for a long time on Spot", ["no-spot-capacity"], _ => Job(minutes: 45)),
        new("no instance for a long time on demand", ["no-instances"],
            a => { a.ChangeResources(CpuEnv, r => r with { Type = "EC2" }); return Job(minutes: 45); }),
        new("instances do not join", ["instances-do-not-join"],
            a => { a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 8 }); return Job(minutes: 45); }),
        new("subnets without a way out", ["node-without-internet"], a => { Join(a); a.Routes.RemoveAt(1); return Job(minutes: 45); }),
        new("subnets without a way out but to ECR", ["node-without-internet"], a =>
            { Join(a); a.Routes.RemoveAt(1); a.Endpoints.AddRange(["ecr.api", "ecr.dkr"]); return Job(minutes: 45); }),
        new("the NAT gateway is gone", ["node-without-internet"], a =>
            { Join(a); a.Routes[1] = new("0.0.0.0/0", "nat-1", IsBlackhole: true); return Job(minutes: 45); }),
        new("endpoints for all, and yet instances do not join", ["instances-do-not-join"], a =>
            { Join(a); a.Routes.RemoveAt(1); a.Endpoints.AddRange(["ecs", "ecs-agent"]); return Job(minutes: 45); }),
        new("unmanaged and empty", ["unmanaged-empty"],
            a => { a.ChangeEnv(CpuEnv, e => e with { Type = "UNMANAGED", ComputeResources = null }); return Job(minutes: 45); }),
        // The fit.
        new("GPU job on the CPU queue", ["gpu-job-on-cpu-queue"], _ => Job(gpus: 1, vcpus: 4, memory: 8192)),
        new("more GPUs than any type", ["too-many-gpus"], _ => Job(queue: Gpu, gpus: 8, vcpus: 8, memory: 32768)),
        new("two GPUs without the 12xlarge", ["too-many-gpus"],
            a => { a.ChangeResources(GpuEnv, r => r with { InstanceTypes = ["g5.xlarge", "g5.2xlarge", "g5.4xlarge"] }); return Job(
                queue: Gpu, gpus: 2, vcpus: 8, memory: 32768); }),
        new("installed memory asked for, not usable", ["too-much-memory"],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m6i.xlarge"] }); return Job(vcpus: 4, memory: 16384); }),
        new("the documented CPU definition on .large", ["too-many-vcpus"],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m6i.large"] }); return Job(vcpus: 4, memory: 6000); }),
        new("too many vCPUs", ["too-many-vcpus"], _ => Job(vcpus: 16, memory: 8192)),
        new("GPU definition does not fit g5.2xlarge", ["too-much-memory"],
            a => { a.ChangeResources(GpuEnv, r => r with { InstanceTypes = ["g5.2xlarge"] }); return Job(
                queue: Gpu, vcpus: 8, memory: 32768, gpus: 1); }),
        new("maximum below the job", ["max-vcpus"],
            a => { a.ChangeResources(CpuEnv, r => r with { MaxvCpus = 2 }); return Job(vcpus: 4, memory: 8192); }),
        new("arm image on Intel types", ["wrong-architecture"],
            _ => Job() with { Container = Job().Container! with { RuntimePlatform = new RuntimePlatform { CpuArchitecture = "ARM64" } } }),
        new("several nodes on Spot", ["nodes-on-spot"], _ => Nodes(4, 2)),
        new("more nodes than the maximum", ["max-vcpus"],
            a => { a.ChangeResources(CpuEnv, r => r with { Type = "EC2", MaxvCpus = 4 }); return Nodes(4, 2); }),
        new("Fargate size", ["fargate-size"], a => { Fargate(a); return Job(vcpus: 3, memory: 5000); }),
        new("GPU on Fargate", ["gpu-on-fargate"], a => { Fargate(a); return Job(vcpus: 4, memory: 8192, gpus: 1); }),
        new("EC2 definition on a Fargate queue", ["wrong-platform"],
            a => { Fargate(a); return Job(vcpus: 1, memory: 2048) with { PlatformCapabilities = ["EC2"] }; }),
        // What Batch says.
        new("blocked: capacity", ["no-capacity"],
            _ => Job() with
            {
                StatusReason =
                    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [g5.xlarge]",
            }),
        new("blocked: maximum", ["max-vcpus"],
            _ => Job() with
            {
                StatusReason =
                    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.",
            }),
        new("blocked: requirement", ["needs-too-large"],
            _ => Job() with
            {
                StatusReason =
                    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.",
            }),
        new("blocked: role", ["service-role"],
            _ => Job() with { StatusReason = "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS – Batch service role has a permission issue." }),
        new("blocked: undetermined", ["undetermined"],
            _ => Job() with { StatusReason = "UNDETERMINED - Batch job is blocked, root cause is undetermined." }),
        new("behind a blocked head", ["head-blocked"],
            a => { a.Jobs.Add(
                Job(id: "first", minutes: 60) with
                {
                    StatusReason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - higher than",
                }); return Job(); }),
        new("ended by the state limit", ["no-capacity"],
            _ => Failed(null, null, "Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY")),
        // Turns.
        new("environment full", ["environment-full"], a => { Full(a); return Job(); }),
        new("a queue of higher priority", ["higher-priority-queue"],
            a => { Full(a); a.Queues.Add(QueueOf("urgent", CpuEnv) with { Priority = 10 }); a.Jobs.Add(
                Job(queue: "urgent", id: "u")); return Job(); }),
        new("its share has had its part", ["fair-share"], a => { Full(a); return FairShare(a, 0) with { ShareIdentifier = "teamA" }; }),
        new("kept for other shares", ["share-reservation"],
            a => { a.ChangeResources(CpuEnv, r => r with { MaxvCpus = 64, DesiredvCpus = 50 }); a.Jobs.Add(
                Job("RUNNING", id: "r")); return FairShare(a, 50) with
            {
                ShareIdentifier = "teamB",
            }; }),
        new("a consumable resource is used up", ["consumable-short"],
            a => { a.Consumables["license"] = 0; return Job() with
            {
                ConsumableResourceProperties = new ConsumableResourceProperties
                {
                    ConsumableResourceList = [new ConsumableResourceRequirement { ConsumableResource = "license", Quantity = 1 }],
                },
            }; }),
        // Dependencies.
        new("dependency runs", ["dependency-open"],
            a => { a.Jobs.Add(Job("RUNNING", id: "dep")); return Job("PENDING") with
            {
                DependsOn = [new JobDependency { JobId = "dep" }],
            }; }),
        new("dependency failed", ["dependency-failed"],
            a => { a.Jobs.Add(Job("FAILED", id: "dep")); return Job("PENDING") with
            {
                DependsOn = [new JobDependency { JobId = "dep" }],
            }; }),
        new("dependency forgotten", ["dependency-unknown"],
            _ => Job("PENDING") with { DependsOn = [new JobDependency { JobId = "long-ago" }] }),
        new("ended by its dependency", ["dependency-failed"],
            a => { a.Jobs.Add(Job("FAILED", id: "dep")); return Failed(null, null, "Dependent Job failed") with
            {
                DependsOn = [new JobDependency { JobId = "dep" }],
            }; }),
        // The end.
        new("image missing", ["image-missing"],
            _ => Failed(
                "CannotPullContainerError: Error response from daemon: manifest for 1.dkr.ecr/refrag:nope not found: manifest unknown",
                null, "Task failed to start")),
        new("registry denies", ["registry-denied"],
            _ => Failed(
                "CannotPullContainerError: pull access denied for refrag, repository does not exist or may require 'docker login': denied: User is not authorized", null, "Task failed to start")),
        new("registry out of reach", ["registry-unreachable"],
            _ => Failed(
                "CannotPullContainerError: Get \"https://1.dkr.ecr.us-east-1.amazonaws.com/v2/\": dial tcp 10.0.0.1:443: i/o timeout", null,
                "Task failed to start")),
        new("registry limits pulls", ["registry-rate"],
            _ => Failed("CannotPullContainerError: toomanyrequests: You have reached your pull rate limit", null, "Task failed to start")),
        new("image of another architecture, in the log", ["image-architecture"], _ => Failed(null, 1))
        {
            Log = ["exec /usr/bin/refrag: exec format error"],
        },
        new("image of another architecture, at the pull", ["image-architecture"],
            _ => Failed("CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries", null,
                "Task failed to start")),
        new("out of memory, said", ["out-of-memory"], _ => Failed("OutOfMemoryError: Container killed due to memory usage", 137)),
        new("killed without a word", ["out-of-memory"], _ => Failed(null, 137)),
        new("Spot host reclaimed", ["spot-reclaimed"], _ => Failed(null, null, "Host EC2 (instance i-0abc) terminated.")),
        new("timeout", ["timeout"], _ => Failed(null, 137, "Job attempt duration exceeded timeout")),
        new("log group missing", ["log-group-missing"],
            _ => Failed(
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.", null, "Task failed to start")),
        new("log may not be written", ["log-permission"],
            _ => Failed(
                "CannotStartContainerError: failed to initialize logging driver: AccessDeniedException: not authorized to perform: logs:CreateLogStream", null, "Task failed to start")),
        new("execution role", ["execution-role"],
            _ => Failed("ECS was unable to assume the role 'arn:aws:iam::1:role/gone' that was provided for this task.", null,
                "Task failed to start")),
        new("command missing", ["command-missing"],
            _ => Failed(
                "CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: \"traiin\": executable file not found in $PATH: unknown", 127, "Task failed to start")),
        new("command missing in a shell", ["command-missing"], _ => Failed(null, 127)),
        new("no GPU driver", ["gpu-driver"],
            _ => Failed("CannotStartContainerError: nvidia-container-cli: initialization error: nvml error: driver not loaded", null,
                "Task failed to start", Gpu)),
        new("GPU memory", ["gpu-out-of-memory"], _ => Failed(null, 1, queue: Gpu))
        {
            Log = ["Traceback", "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB"],
        },
        new("disk full", ["disk-full"],
            _ => Failed(
                "CannotPullContainerError: failed to register layer: write /x: no space left on device", null, "Task failed to start")),
        new("the app's own failure", ["app-failed"], _ => Failed(null, 3)) { Log = ["ValueError: learning rate is negative"] },
        new("crash", ["crash"], _ => Failed(null, 139)),
        new("ended by hand", ["ended-by-hand"], _ => Failed(null, null, "Terminated by user request")),
        new("container engine", ["docker-timeout"],
            _ => Failed("DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s", null, "Task failed to start")),
        new("secret", ["secret-unreadable"],
            _ => Failed(
                "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: AccessDenied",
                null, "Task failed to start")),
        new("terminated with a reason of one's own", ["ended-by-hand"],
            _ => Failed(null, 143, "enough of it") with { IsTerminated = true }),
        // What other services know.
        new("GPU quota of 0", ["ec2-quota"], a => { a.Quotas["L-3819A6DF"] = 0; return Job(queue: Gpu, vcpus: 4, memory: 8192, gpus: 1); }),
        new("quota smaller than the smallest type", ["ec2-quota"], a => { a.Quotas["L-34B43A08"] = 1; return Job(); }),
        new("quota used up by another environment", ["ec2-quota"],
            a => { a.Quotas["L-34B43A08"] = 32; a.Environments.Add(EnvOf("other", ["c6i.xlarge"], desired: 32)); return Job(
                minutes: 40); }),
        new("on-demand quota of 0", ["ec2-quota"],
            a => { a.ChangeResources(CpuEnv, r => r with { Type = "EC2" }); a.Quotas["L-1216C47A"] = 0; return Job(); }),
        new("image not in ECR", ["image-missing"], _ => Imaged("nope")),
        new("plan: image not in ECR", ["image-missing"],
            a => { a.Definitions[0] = a.Definitions[0] with
            {
                ContainerProperties = a.Definitions[0].ContainerProperties! with { Image = Ecr + "nope" },
            }; return null; }),
        new("image in ECR for arm alone", ["image-architecture"], a => { a.Images["arm"] = Manifests("arm64"); return Imaged("arm"); }),
        new("log group of the definition missing", ["log-group-missing"], _ => Logged("/refrag/gone")),
        new("plan: log group missing and environment disabled", ["environment-disabled", "log-group-missing"], a =>
        {
            a.ChangeEnv(CpuEnv, e => e with { State = "DISABLED" });
            a.Definitions[0] = a.Definitions[0] with
            {
                ContainerProperties = a.Definitions[0].ContainerProperties! with
                {
                    LogConfiguration = Logged("/refrag/gone").Container!.LogConfiguration,
                },
            };
            return null;
        }),
        // Planned.
        new("plan: queue missing", ["queue-missing"], a => { a.Queues.RemoveAt(0); return null; }),
        new("plan: definition missing", ["definition-missing"], a => { a.Definitions.RemoveAt(0); return null; }),
        new("plan: definition deregistered", ["definition-inactive"],
            a => { a.Definitions[0] = a.Definitions[0] with { Status = "INACTIVE" }; return null; }),
        new("plan: share missing", ["share-missing"], a => { a.Change(Cpu, q => q with { SchedulingPolicyArn = "arn:p" }); return null; }),
        new("plan: share refused", ["share-refused"], _ => null)
        {
            Submit = new() { JobName = "train", JobQueue = Cpu, JobDefinition = "refrag-cpu-job-def", ShareIdentifier = "a" },
        },
        new("plan: too large", ["too-much-memory"], _ => null)
        {
            Submit = new()
            {
                JobName = "train",
                JobQueue = Cpu,
                JobDefinition = "refrag-cpu-job-def",
                ContainerOverrides = new ContainerOverrides { ResourceRequirements = [new() { Type = "MEMORY", Value = "65536" }] },
            },
        },
        new("plan: environment disabled", ["environment-disabled"],
            a => { a.ChangeEnv(CpuEnv, e => e with { State = "DISABLED" }); return null; }),
        // Two at once.
        new("queue disabled and too large", ["queue-disabled", "too-many-vcpus"],
            a => { a.Change(Cpu, q => q with { State = "DISABLED" }); return Job(vcpus: 16); }),
        new("environment disabled and GPU job on it", ["environment-disabled", "gpu-job-on-cpu-queue"],
            a => { a.ChangeEnv(CpuEnv, e => e with { State = "DISABLED" }); return Job(gpus: 1); }),
        new("plan: definition gone and queue disabled", ["queue-disabled", "definition-missing"],
            a => { a.Definitions.RemoveAt(0); a.Change(Cpu, q => q with { State = "DISABLED" }); return null; }),
        new("first environment disabled, second too small", ["environment-disabled"], a =>
        {
            a.ChangeEnv(CpuEnv, e => e with { State = "DISABLED" });
            a.Environments.Add(EnvOf("small", ["c6i.large"]));
            a.Change(Cpu, _ => QueueOf(Cpu, CpuEnv, "small"));
            return Job(vcpus: 4, memory: 8192);
        }),
    ];

    public static IReadOnlyList<Setup> Healthy { get; } =
    [
        new("just submitted", [], _ => Job("SUBMITTED", minutes: 1)),
        new("waits for a minute", [], _ => Job(minutes: 1)),
        new("waits for ten minutes", [], _ => Job(minutes: 10)),
        new("starting", [], _ => Job("STARTING", minutes: 4)),
        new("running", [], _ => Job("RUNNING", minutes: 90)),
        new("succeeded", [], _ => Job("SUCCEEDED", minutes: 90)),
        new("GPU job on the GPU queue", [], _ => Job(queue: Gpu, vcpus: 8, memory: 32768, gpus: 1)),
        new("four GPUs", [], _ => Job(queue: Gpu, vcpus: 16, memory: 65536, gpus: 4)),
        new("the largest that fits", [], _ => Job(vcpus: 8, memory: 32000)),
        new("scaling out", [], a => { a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 16 }); return Job(minutes: 5); }),
        new("others run, room is left", [],
            a => { a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 16 }); a.Jobs.Add(Job("RUNNING", id: "r")); return Job(
                minutes: 8); }),
        new("runs though its queue was disabled since", [],
            a => { a.Change(Cpu, q => q with { State = "DISABLED" }); return Job("RUNNING"); }),
        new("a second environment is disabled", [],
            a => { a.Environments.Add(EnvOf("spare", ["m6i.xlarge"]) with { State = "DISABLED" }); a.Change(
                Cpu, _ => QueueOf(Cpu, CpuEnv, "spare")); return Job("RUNNING"); }),
        new("types of a family", [],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m6i"] }); return Job(vcpus: 32, memory: 100_000); }),
        new("optimal", [], a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["optimal"] }); return Job(); }),
        new("a type that the catalogue does not know", [],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["x99.large"] }); return Job(vcpus: 64, memory: 500_000); }),
        new("fair share, first of its share", [], a => FairShare(a, 0) with { ShareIdentifier = "teamC" }),
        new("Fargate", [], a => { Fargate(a); return Job(vcpus: 1, memory: 2048); }),
        new("several nodes on demand", [], a => { a.ChangeResources(CpuEnv, r => r with { Type = "EC2" }); return Nodes(4, 2); }),
        new("second attempt runs", [],
            _ => Failed("CannotPullContainerError: timeout") with { Status = "RUNNING", StoppedAt = null, StatusReason = null }),
        new("plan that fits", [], _ => null),
        new("plan for the GPU queue", [], _ => null)
        {
            Submit = new() { JobName = "train", JobQueue = Gpu, JobDefinition = "refrag-gpu-job-def" },
        },
        new("plan with a share", [], a => { a.Change(Cpu, q => q with { SchedulingPolicyArn = "arn:p" }); return null; })
        {
            Submit = new() { JobName = "train", JobQueue = Cpu, JobDefinition = "refrag-cpu-job-def", ShareIdentifier = "a" },
        },
        new("dependency has succeeded", [],
            a => { a.Jobs.Add(Job("SUCCEEDED", id: "dep")); return Job(minutes: 1) with
            {
                DependsOn = [new JobDependency { JobId = "dep" }],
            }; }),
        new("image in ECR", [], _ => Imaged("1")),
        new("image in ECR for both", [], a => { a.Images["both"] = Manifests("amd64", "arm64"); return Imaged("both"); }),
        new("log group that is there", [], _ => Logged("/refrag/jobs")),
        new("Spot quota that is enough for one instance", [], a => { a.Quotas["L-34B43A08"] = 5; return Job(); }),
        new("quota of 0 of a family that another environment does without", [],
            a => { a.Quotas["L-34B43A08"] = 0; a.Environments.Add(EnvOf("spare", ["m6i.xlarge"], kind: "EC2")); a.Change(
                Cpu, _ => QueueOf(Cpu, CpuEnv, "spare")); return Job(); }),
        new("nearly all memory, a moment ago", [],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["r5.xlarge"] }); return Job(vcpus: 4, memory: 32000); }),
        new("another queue runs on the environment, room is left", [],
            a => { a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 16 }); a.Queues.Add(QueueOf("nightly", CpuEnv)); a.Jobs.Add(
                Job("RUNNING", queue: "nightly", id: "n")); return Job(minutes: 20); }),
        new("consumable resource is free", [],
            a => { a.Consumables["license"] = 3; return Job() with
            {
                ConsumableResourceProperties = new ConsumableResourceProperties
                {
                    ConsumableResourceList = [new ConsumableResourceRequirement { ConsumableResource = "license", Quantity = 1 }],
                },
            }; }),
    ];

    private const string Ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag:";

    private static JobDetail Imaged(string tag) => Job() with { Container = Job().Container! with { Image = Ecr + tag } };

    private static JobDetail Logged(string group) =>
        Job() with
        {
            Container = Job().Container! with
            {
                LogConfiguration = new LogConfiguration
                {
                    LogDriver = "awslogs",
                    Options = new Dictionary<string, string> { ["awslogs-group"] = group },
                },
            },
        };

    private static string Manifests(params string[] architectures) =>
        "{\"manifests\":["
            + string.Join(
                ',', architectures.Append("unknown").Select(a => $"{{\"platform\":{{\"architecture\":\"{a}\",\"os\":\"linux\"}}}}")) + "]}";

    private static void Full(FakeAccount a)
    {
        a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 64 });
        a.Jobs.Add(Job("RUNNING", id: "running"));
    }

    private static void Fargate(FakeAccount a) => a.ChangeResources(CpuEnv, r => r with { Type = "FARGATE", InstanceTypes = null });

    private static JobDetail FairShare(FakeAccount a, int reservation)
    {
        a.Change(Cpu, q => q with { SchedulingPolicyArn = "arn:aws:batch:us-east-1:1:scheduling-policy/fair" });
        a.Policies.Add(
            new SchedulingPolicyDetail
            {
                Name = "fair",
                Arn = "arn:aws:batch:us-east-1:1:scheduling-policy/fair",
                FairsharePolicy = new FairsharePolicy { ComputeReservation = reservation },
            });
        FairshareCapacityUtilization Of(string share, double used) =>
            new() { ShareIdentifier = share, CapacityUsage = [new FairshareCapacityUsage { CapacityUnit = "VCPU", Quantity = used }] };
        a.Snapshot = new GetJobQueueSnapshotResponse
        {
            QueueUtilization = new QueueSnapshotUtilizationDetail
            {
                FairshareUtilization = new FairshareUtilizationDetail
                {
                    ActiveShareCount = 2,
                    TopCapacityUtilization = [Of("teamA", 48), Of("teamB", 16)],
                },
            },
        };
        return Job();
    }

    private static JobDetail Nodes(int nodes, int vcpus) => Job() with
    {
        Container = null,
        NodeProperties = new NodeProperties
        {
            NumNodes = nodes,
            MainNode = 0,
            NodeRangeProperties = [new NodeRangeProperty
            {
                TargetNodes = $"0:{nodes - 1}",
                Container = new ContainerProperties { ResourceRequirements = Requirements(vcpus, 3000, 0) },
            }],
        },
    };
}
