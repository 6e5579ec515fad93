using Refrag.Aws.Batch;
using static Refrag.Tests.FakeAccount;

namespace Refrag.Tests.Diagnosis;

/// <summary>
/// Set-ups thought of by somebody who had not looked at the checks, with what a patient colleague would name. They were written before the
/// checks were changed for them; bench/why.md has the figures of both.
/// </summary>
internal static class InventedSetups
{
    private const string Role = "arn:aws:iam::1:role/";
    private const string Ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag:";
    private const string Reclaimed = "Host EC2 (instance i-0123456789abcdef0) terminated.";

    public static IReadOnlyList<Setup> Broken { get; } =
    [
        new("only the second environment is large enough, and it is invalid", ["service-role"], a =>
        {
            Second(a,
                EnvOf("large", ["m6i.4xlarge"], kind: "EC2") with
                {
                    Status = "INVALID",
                    StatusReason = "CLIENT_ERROR - AccessDenied: not authorized to perform: sts:AssumeRole",
                });
            a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["c6i.large"] });
            return Job(vcpus: 12, memory: 20000, minutes: 30);
        }),
        new("the first environment is full, the second disabled", ["environment-disabled", "environment-full"], a =>
        {
            Second(a, EnvOf("spare", ["m6i.xlarge"]) with { State = "DISABLED" });
            Full(a);
            return Job(minutes: 30);
        }),
        new("a child waits for the child of the same number", ["dependency-open"], a =>
        {
            a.Jobs.Add(Array("prep", 4, "PENDING"));
            a.Jobs.Add(Job("RUNNING", id: "prep:2"));
            return Job("PENDING", id: "arr:2") with
            {
                ArrayProperties = new ArrayPropertiesDetail { Index = 2 },
                DependsOn = [new JobDependency { JobId = "prep", Type = "N_TO_N" }],
            };
        }),
        new("a child whose partner failed while the other array continues", ["dependency-failed"], a =>
        {
            a.Jobs.Add(Array("prep", 4, "PENDING"));
            a.Jobs.Add(Failed(null, 1) with { JobId = "prep:2" });
            return Failed(null, null, "Dependent Job failed") with
            {
                JobId = "arr:2",
                ArrayProperties = new ArrayPropertiesDetail { Index = 2 },
                DependsOn = [new JobDependency { JobId = "prep", Type = "N_TO_N" }],
            };
        }),
        new("one child after the other", ["dependency-open"], a =>
        {
            a.Jobs.Add(Job("RUNNING", id: "arr:2"));
            return Job("PENDING", id: "arr:3") with
            {
                ArrayProperties = new ArrayPropertiesDetail { Index = 3 },
                DependsOn = [new JobDependency { Type = "SEQUENTIAL" }],
            };
        }),
        new("one dependency succeeded, the other failed, and the queue is disabled", ["dependency-failed", "queue-disabled"], a =>
        {
            a.Jobs.Add(Job("SUCCEEDED", id: "good"));
            a.Jobs.Add(Failed(null, 1) with { JobId = "bad" });
            a.Change(Cpu, q => q with { State = "DISABLED" });
            return Job("PENDING") with { DependsOn = [new JobDependency { JobId = "good" }, new JobDependency { JobId = "bad" }] };
        }),
        new("a share that the policy does not list, beside a favoured one", ["fair-share"], a =>
        {
            Full(a);
            a.Change(Cpu, q => q with { SchedulingPolicyArn = "arn:aws:batch:us-east-1:1:scheduling-policy/fair" });
            a.Policies.Add(
                new SchedulingPolicyDetail
                {
                    Name = "fair",
                    Arn = "arn:aws:batch:us-east-1:1:scheduling-policy/fair",
                    FairsharePolicy = new FairsharePolicy
                    {
                        ShareDistribution = [new ShareAttributes { ShareIdentifier = "teamA", WeightFactor = 0.1f }],
                    },
                });
            a.Snapshot = new GetJobQueueSnapshotResponse
            {
                QueueUtilization = new QueueSnapshotUtilizationDetail
                {
                    FairshareUtilization = new FairshareUtilizationDetail
                    {
                        ActiveShareCount = 2,
                        TopCapacityUtilization = [Used("teamA", 40), Used("guest", 24)],
                    },
                },
            };
            return Job(minutes: 20) with { ShareIdentifier = "guest" };
        }),
        new("one type on Spot, taken away twice, waits again", ["no-spot-capacity"], a =>
        {
            a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m6i.xlarge"], AllocationStrategy = "SPOT_CAPACITY_OPTIMIZED" });
            return Job(minutes: 60) with { Attempts = [Lost(-50, -40), Lost(-30, -10)] };
        }),
        new("taken away on every attempt, one type", ["spot-reclaimed"], a =>
        {
            a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m6i.xlarge"] });
            return Failed(null, null, Reclaimed) with { Attempts = [Lost(-50, -40), Lost(-30, -10)] };
        }),
        new("an image with one manifest, for arm", ["image-architecture"],
            a => { a.AddSingle("arm-only", "arm64"); return Imaged("arm-only"); }),
        new("plan: an image with one manifest, for arm, on a queue that is disabled", ["queue-disabled", "image-architecture"], a =>
        {
            a.AddSingle("arm-only", "arm64");
            a.Change(Cpu, q => q with { State = "DISABLED" });
            a.Definitions[0] = a.Definitions[0] with
            {
                ContainerProperties = a.Definitions[0].ContainerProperties! with { Image = Ecr + "arm-only" },
            };
            return null;
        }),
        new("an image for Intel with one manifest, on Graviton types", ["image-architecture"], a =>
        {
            a.AddSingle("intel", "amd64");
            a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["c7g.xlarge", "c7g.2xlarge"] });
            return Imaged("intel");
        }),
        new("the job role does not exist", ["job-role"], a => { a.Roles.Remove("job"); return WithRoles("job", "execution"); }),
        new("the job role is not for tasks", ["job-role"],
            a => { a.Roles["job"] = Trust("ec2.amazonaws.com"); return WithRoles("job", null); }),
        new("plan: the execution role does not exist", ["execution-role"], a =>
        {
            a.Roles.Remove("execution");
            a.Definitions[0] = a.Definitions[0] with
            {
                ContainerProperties = a.Definitions[0].ContainerProperties! with { ExecutionRoleArn = Role + "execution" },
            };
            return null;
        }),
        new("the instance profile does not exist", ["instance-role"], a => { a.Profiles.Remove("ecs"); return Job(); }),
        new("the service role does not exist", ["service-role"],
            a => { a.ChangeEnv(CpuEnv, e => e with { ServiceRole = Role + "nobody" }); return Job(); }),
        new("a GPU job on the CPU queue, whose role is missing", ["gpu-job-on-cpu-queue", "job-role"],
            a => { a.Roles.Remove("job"); return WithRoles("job", null) with
            {
                Container = WithRoles("job", null).Container! with { ResourceRequirements = Requirements(4, 8192, 1) },
            }; }),
        new("plan: a job without GPUs on the GPU queue", ["cpu-job-on-gpu-queue"], _ => null)
        {
            Submit = new() { JobName = "train", JobQueue = Gpu, JobDefinition = "refrag-cpu-job-def" },
        },
        new("waits again after its image could not be pulled", ["registry-denied"], _ => Job(minutes: 10) with
        {
            Attempts = [new AttemptDetail
            {
                StatusReason = "Task failed to start",
                StartedAt = 1,
                StoppedAt = 2,
                Container = new AttemptContainerDetail
                {
                    Reason = "CannotPullContainerError: pull access denied for refrag, repository does not exist or may require 'docker login'",
                },
            }],
        }),
        new("image and log group are missing", ["image-missing", "log-group-missing"], _ => Imaged("nope") with
        {
            Container = Imaged("nope").Container! with
            {
                LogConfiguration = new LogConfiguration
                {
                    LogDriver = "awslogs",
                    Options = new Dictionary<string, string> { ["awslogs-group"] = "/refrag/gone" },
                },
            },
        }),
        new("the environment is being deleted", ["environment-invalid"],
            a => { a.ChangeEnv(CpuEnv, e => e with { Status = "DELETING", State = "DISABLED" }); return Job(); }),
        new("the queue is being deleted", ["queue-invalid"],
            a => { a.Change(Cpu, q => q with { Status = "DELETING", State = "DISABLED" }); return Job(); }),
    ];

    public static IReadOnlyList<Setup> Healthy { get; } =
    [
        new("its definition was deregistered after the submission", [],
            a => { a.Definitions[0] = a.Definitions[0] with { Status = "INACTIVE" }; return Job(); }),
        new("an image with one manifest, for Intel", [], a => { a.AddSingle("intel", "amd64"); return Imaged("intel"); }),
        new("its roles are there", [], _ => WithRoles("job", "execution")),
        new("a role of another account", [],
            _ => Job() with { Container = Job().Container! with { JobRoleArn = "arn:aws:iam::2:role/theirs" } }),
        new("the second environment is too small", [],
            a => { Second(a, EnvOf("small", ["c6i.large"])); return Job(vcpus: 4, memory: 8192); }),
        new("one type on Spot, five minutes", [],
            a => { a.ChangeResources(CpuEnv, r => r with { InstanceTypes = ["m6i.xlarge"] }); return Job(minutes: 5); }),
        new("taken away once, runs again", [], _ => Job("RUNNING", minutes: 60) with { Attempts = [Lost(-50, -40)] }),
    ];

    private static JobDetail Imaged(string tag) => Job() with { Container = Job().Container! with { Image = Ecr + tag } };

    private static JobDetail WithRoles(string job, string? execution) =>
        Job() with
        {
            Container = Job().Container! with { JobRoleArn = Role + job, ExecutionRoleArn = execution is null ? null : Role + execution },
        };

    private static JobDetail Array(string id, int size, string status) =>
        Job(status, id: id) with { ArrayProperties = new ArrayPropertiesDetail { Size = size } };

    private static AttemptDetail Lost(int began, int ended) => new()
    {
        StatusReason = Reclaimed,
        StartedAt = Now.AddMinutes(began).ToUnixTimeMilliseconds(),
        StoppedAt = Now.AddMinutes(ended).ToUnixTimeMilliseconds(),
        Container = new AttemptContainerDetail { LogStreamName = "train/default/1" },
    };

    private static FairshareCapacityUtilization Used(string share, double vcpus) =>
        new() { ShareIdentifier = share, CapacityUsage = [new FairshareCapacityUsage { CapacityUnit = "VCPU", Quantity = vcpus }] };

    private static void Second(FakeAccount a, ComputeEnvironmentDetail environment)
    {
        a.Environments.Add(environment);
        a.Change(Cpu, _ => QueueOf(Cpu, CpuEnv, environment.ComputeEnvironmentName));
    }

    private static void Full(FakeAccount a)
    {
        a.ChangeResources(CpuEnv, r => r with { DesiredvCpus = 64 });
        a.Jobs.Add(Job("RUNNING", id: "running"));
    }
}
