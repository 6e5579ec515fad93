using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecr;
using Refrag.Aws.Iam;
using Refrag.Aws.ServiceQuotas;

namespace Refrag.Tests;

/// <summary>An account as it is after `refrag infra apply`, in order, which a test then breaks.</summary>
internal sealed class FakeAccount : IAwsTransport, IDownloads
{
    public const string Cpu = "refrag-cpu-job-queue";
    public const string Gpu = "refrag-gpu-job-queue";
    public const string CpuEnv = "refrag-cpu-compute-env";
    public const string GpuEnv = "refrag-gpu-compute-env";

    /// <summary>What Batch says of a job whose program ended.</summary>
    public const string EssentialContainerExited = "Essential container in task exited";

    public static readonly DateTimeOffset Now = new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Changes an answer of Batch before it is read; null for none.</summary>
    public Func<AwsOperation, JsonNode, JsonNode>? Rewrite { get; set; }

    public List<JobQueueDetail> Queues { get; } = [QueueOf(Cpu, CpuEnv), QueueOf(Gpu, GpuEnv)];

    public List<ComputeEnvironmentDetail> Environments { get; } =
        [EnvOf(CpuEnv, ["c6i.large", "m6i.large", "c6i.xlarge", "m6i.xlarge", "c6i.2xlarge", "m6i.2xlarge"]),
            EnvOf(GpuEnv, ["g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.12xlarge"])];

    public List<JobDefinition> Definitions { get; } = [Definition("refrag-cpu-job-def", 4, 8192, 0),
        Definition("refrag-gpu-job-def", 8, 32768, 1)];

    public List<JobDetail> Jobs { get; } = [];

    public List<SchedulingPolicyDetail> Policies { get; } = [];

    public GetJobQueueSnapshotResponse? Snapshot { get; set; }

    public Dictionary<string, long> Consumables { get; } = new(StringComparer.Ordinal);

    /// <summary>EC2's quotas by code; those that are not here are large.</summary>
    public Dictionary<string, double> Quotas { get; } = new(StringComparer.Ordinal);

    /// <summary>Tags of the ECR repository <c>refrag</c>, each with its manifest.</summary>
    public Dictionary<string, string> Images { get; } = new(StringComparer.Ordinal) { ["1"] = "{}" };

    /// <summary>Blobs of ECR by their digests: what images with one manifest say of themselves.</summary>
    public Dictionary<string, string> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>IAM's roles by name, each with its trust policy.</summary>
    public Dictionary<string,
        string> Roles
    { get; } = new(StringComparer.Ordinal)
    {
        ["job"] = Trust("ecs-tasks.amazonaws.com"),
        ["execution"] = Trust("ecs-tasks.amazonaws.com"),
        ["ecsInstance"] = Trust("ec2.amazonaws.com"),
    };

    /// <summary>IAM's instance profiles by name, each with its role.</summary>
    public Dictionary<string, string> Profiles { get; } = new(StringComparer.Ordinal) { ["ecs"] = "ecsInstance" };

    /// <summary>The routes of subnet-1's network; by default to an internet gateway.</summary>
    public List<RouteInfo> Routes { get; } = [new("10.0.0.0/16", "local", false), new("0.0.0.0/0", "igw-1", false)];

    /// <summary>Services with an endpoint in subnet-1's network.</summary>
    public List<string> Endpoints { get; } = [];

    /// <summary>EC2's Spot placement score; null for an answer without one.</summary>
    public int? SpotScore { get; set; }

    public List<string> LogGroups { get; } = ["/refrag/jobs"];

    /// <summary>Operations that the caller may not use.</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>Services that cannot be reached.</summary>
    public HashSet<AwsService> OutOfReach { get; } = [];

    public List<string> Calls { get; } = [];

    public static JobQueueDetail QueueOf(string name, params string[] environments) => new()
    {
        JobQueueName = name,
        JobQueueArn = $"arn:aws:batch:us-east-1:1:job-queue/{name}",
        State = "ENABLED",
        Status = "VALID",
        StatusReason = "JobQueue Healthy",
        Priority = 1,
        ComputeEnvironmentOrder = [.. environments.Select(
            (e, i) =>
                new ComputeEnvironmentOrder { Order = i + 1, ComputeEnvironment = $"arn:aws:batch:us-east-1:1:compute-environment/{e}" })],
    };

    public static ComputeEnvironmentDetail EnvOf(
        string name, IReadOnlyList<string> types, string kind = "SPOT", int most = 64, int desired = 0) => new()
        {
            ComputeEnvironmentName = name,
            ComputeEnvironmentArn = $"arn:aws:batch:us-east-1:1:compute-environment/{name}",
            Type = "MANAGED",
            State = "ENABLED",
            Status = "VALID",
            StatusReason = "ComputeEnvironment Healthy",
            ComputeResources = new ComputeResource
            {
                Type = kind,
                MinvCpus = 0,
                MaxvCpus = most,
                DesiredvCpus = desired,
                InstanceTypes = types,
                Subnets = ["subnet-1"],
                SecurityGroupIds = ["sg-1"],
                InstanceRole = "arn:aws:iam::1:instance-profile/ecs",
            },
        };

    public static JobDefinition Definition(string name, int vcpus, int memory, int gpus, string? architecture = null) => new()
    {
        JobDefinitionName = name,
        JobDefinitionArn = $"arn:aws:batch:us-east-1:1:job-definition/{name}:1",
        Revision = 1,
        Status = "ACTIVE",
        Type = "container",
        ContainerProperties = new ContainerProperties
        {
            Image = "refrag:latest",
            ResourceRequirements = Requirements(vcpus, memory, gpus),
            RuntimePlatform = architecture is null ? null : new RuntimePlatform { CpuArchitecture = architecture },
        },
    };

    public static List<ResourceRequirement> Requirements(int vcpus, int memory, int gpus)
    {
        List<ResourceRequirement> all = [new() { Type = "VCPU", Value = $"{vcpus}" }, new() { Type = "MEMORY", Value = $"{memory}" }];
        if (gpus > 0) all.Add(new() { Type = "GPU", Value = $"{gpus}" });
        return all;
    }

    /// <summary>A job of a queue, made some minutes ago, by default one that its queue can host.</summary>
    public static JobDetail Job(string status = "RUNNABLE", string queue = Cpu, int vcpus = 2, int memory = 3000, int gpus = 0,
        int minutes = 2, string id = "job") => new()
        {
            JobId = id,
            JobName = "train",
            JobArn = $"arn:aws:batch:us-east-1:1:job/{id}",
            JobQueue = $"arn:aws:batch:us-east-1:1:job-queue/{queue}",
            JobDefinition = $"arn:aws:batch:us-east-1:1:job-definition/{(queue == Gpu ? "refrag-gpu-job-def" : "refrag-cpu-job-def")}:1",
            Status = status,
            CreatedAt = Now.AddMinutes(-minutes).ToUnixTimeMilliseconds(),
            StartedAt = status is "RUNNING" or "SUCCEEDED" or "FAILED" ? Now.AddMinutes(-minutes + 1).ToUnixTimeMilliseconds() : null,
            StoppedAt = status is "SUCCEEDED" or "FAILED" ? Now.AddMinutes(-1).ToUnixTimeMilliseconds() : null,
            Container = new ContainerDetail { Image = "refrag:latest", ResourceRequirements = Requirements(vcpus, memory, gpus) },
        };

    /// <summary>A job whose last attempt failed.</summary>
    public static JobDetail Failed(string? reason, int? exit = null, string statusReason = EssentialContainerExited,
        string queue = Cpu) => Job("FAILED", queue, gpus: queue == Gpu ? 1 : 0) with
        {
            StatusReason = statusReason,
            Attempts = [new AttemptDetail
        {
            Container = new AttemptContainerDetail { Reason = reason, ExitCode = exit, LogStreamName = "train/default/1" },
            StatusReason = statusReason,
            StartedAt = 1,
            StoppedAt = 2,
        }],
            Container = new ContainerDetail
            {
                Image = "refrag:latest",
                Reason = reason,
                ExitCode = exit,
                ResourceRequirements = Requirements(2, 3000, queue == Gpu ? 1 : 0),
                LogStreamName = "train/default/1",
            },
        };

    /// <summary>A trust policy that lets one service use a role.</summary>
    public static string Trust(string service) =>
        $$$"""
        {
            "Version":"2012-10-17",
            "Statement":[{"Effect":"Allow","Principal":{"Service":"{{{service}}}"},"Action":"sts:AssumeRole"}]
        }
        """;

    /// <summary>Puts an image with a single manifest into the repository.</summary>
    public void AddSingle(string tag, string architecture)
    {
        Images[tag] =
            $$"""
            {
                "schemaVersion":2,
                "mediaType":"application/vnd.docker.distribution.manifest.v2+json",
                "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":60,"digest":"sha256:{{tag}}"},
                "layers":[]
            }
            """;
        Blobs[$"sha256:{tag}"] = $$$"""{"architecture":"{{{architecture}}}","os":"linux","config":{}}""";
    }

    /// <summary>Puts an image with a manifest for each architecture into the repository, and one for attestations.</summary>
    public void AddIndex(string tag, IReadOnlyList<string> architectures) => Images[tag] = $$"""
        {"manifests":[{{string.Join(',', architectures.Append("unknown").Select(Platform))}}]}
        """;

    private static string Platform(string architecture) => $$$"""{"platform":{"architecture":"{{{architecture}}}","os":"linux"}}""";

    public void Change(string queue, Func<JobQueueDetail, JobQueueDetail> change) =>
        Queues[Queues.FindIndex(q => q.JobQueueName == queue)] = change(Queues.First(q => q.JobQueueName == queue));

    public void ChangeEnv(string name, Func<ComputeEnvironmentDetail, ComputeEnvironmentDetail> change) =>
        Environments[Environments.FindIndex(e => e.ComputeEnvironmentName == name)] =
            change(Environments.First(e => e.ComputeEnvironmentName == name));

    public void ChangeResources(string name, Func<ComputeResource, ComputeResource> change) =>
        ChangeEnv(name, e => e with { ComputeResources = change(e.ComputeResources!) });

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Calls.Add(operation.Name);
        if (Failure(operation, request) is { } failure) return Task.FromException<TResponse>(failure);
        var answer = (TResponse)Answer(request);
        return Task.FromResult(
            Rewrite is { } rewrite && operation.Service == AwsService.Batch
                ? rewrite(operation, JsonSerializer.SerializeToNode(answer, operation.ResponseJson)!).Deserialize(operation.ResponseJson)!
                : answer);
    }

    public Task<byte[]> DownloadAsync(Uri url, int most, CancellationToken cancellationToken) =>
        Task.FromResult(System.Text.Encoding.UTF8.GetBytes(Blobs[Uri.UnescapeDataString(url.Query[1..])]));

    private AwsException? Failure(AwsOperation operation, object request) =>
        OutOfReach.Contains(operation.Service)
            ? new AwsConnectionException(
                operation.Service, operation.Name, new Uri("https://out.example"), answerLost: false, new HttpRequestException("no route"))
        : Denied.Contains(operation.Name) ? operation.Failure(new AwsError("AccessDeniedException", "no", HttpStatusCode.Forbidden))
        : request is GetRoleRequest role && !Roles.ContainsKey(role.RoleName) ? NoEntity(operation.Name)
        : request is GetInstanceProfileRequest profile && !Profiles.ContainsKey(profile.InstanceProfileName) ? NoEntity(operation.Name)
        : null;

    private static IamException NoEntity(string operation) =>
        new(operation, new AwsError(IamException.NoSuchEntity, "no", HttpStatusCode.NotFound));

    private object Answer(object request) => request switch
    {
        GetRoleRequest r => new GetRoleResponse { Role = new RoleInfo(r.RoleName, Roles[r.RoleName]) },
        GetInstanceProfileRequest r =>
            new GetInstanceProfileResponse
            {
                Roles = [new RoleInfo(Profiles[r.InstanceProfileName], Roles[Profiles[r.InstanceProfileName]])],
            },
        DescribeSubnetsRequest r => new DescribeSubnetsResponse { Subnets = [.. r.Subnets.Select(id => new SubnetInfo(id, "vpc-1"))] },
        DescribeRouteTablesRequest => new DescribeRouteTablesResponse
        {
            RouteTables = [new RouteTableInfo("rtb-1",
            "vpc-1") { IsMain = true, Routes = Routes }]
        },
        DescribeVpcEndpointsRequest => new DescribeVpcEndpointsResponse
        {
            Endpoints = [.. Endpoints.Select(service => new VpcEndpointInfo("vpc-1", $"com.amazonaws.us-east-1.{service}", "available"))],
        },
        GetSpotPlacementScoresRequest => new GetSpotPlacementScoresResponse { Scores = SpotScore is { } score ? [score] : [] },
        GetDownloadUrlForLayerRequest r =>
            new GetDownloadUrlForLayerResponse { DownloadUrl = $"https://layers.example/?{Uri.EscapeDataString(r.LayerDigest)}" },
        GetServiceQuotaRequest r =>
            new GetServiceQuotaResponse { Quota = new ServiceQuota { Value = Quotas.GetValueOrDefault(r.QuotaCode, 1000) } },
        BatchGetImageRequest r =>
            new BatchGetImageResponse
            {
                Images = [.. r.ImageIds
                    .Where(i => Images.ContainsKey(i.ImageTag!))
                    .Select(i => new Image { ImageId = i, ImageManifest = Images[i.ImageTag!] })],
            },
        DescribeJobQueuesRequest r =>
            new DescribeJobQueuesResponse
            {
                JobQueues = [.. Queues.Where(q => r.JobQueues is null || r.JobQueues.Any(n => n == q.JobQueueName || n == q.JobQueueArn))],
            },
        DescribeComputeEnvironmentsRequest r =>
            new DescribeComputeEnvironmentsResponse
            {
                ComputeEnvironments = [.. Environments.Where(
                    e => r.ComputeEnvironments is null
                        || r.ComputeEnvironments.Any(n => n == e.ComputeEnvironmentName || n == e.ComputeEnvironmentArn))],
            },
        DescribeJobDefinitionsRequest r =>
            new DescribeJobDefinitionsResponse
            {
                JobDefinitions = [.. Definitions.Where(
                    d => d.JobDefinitionName == r.JobDefinitionName
                        || r.JobDefinitions?.Contains($"{d.JobDefinitionName}:{d.Revision}") == true)],
            },
        DescribeJobsRequest r => new DescribeJobsResponse { Jobs = [.. Jobs.Where(j => r.Jobs.Contains(j.JobId))] },
        ListJobsRequest r =>
            new ListJobsResponse
            {
                JobSummaryList = [.. Jobs.Where(
                    j => j.JobQueue.EndsWith("/" + r.JobQueue, StringComparison.Ordinal) && j.Status == r.JobStatus)
                        .Select(j => new JobSummary
                        {
                            JobId = j.JobId,
                            JobName = j.JobName,
                            Status = j.Status,
                            StatusReason = j.StatusReason,
                            CreatedAt = j.CreatedAt,
                            ShareIdentifier = j.ShareIdentifier,
                            ArrayProperties = j.ArrayProperties is { Size: > 0 } array ? new() { Size = array.Size } : null,
                        })],
            },
        DescribeSchedulingPoliciesRequest r =>
            new DescribeSchedulingPoliciesResponse { SchedulingPolicies = [.. Policies.Where(p => r.Arns.Contains(p.Arn))] },
        GetJobQueueSnapshotRequest => Snapshot ?? new GetJobQueueSnapshotResponse(),
        DescribeConsumableResourceRequest r =>
            new DescribeConsumableResourceResponse
            {
                ConsumableResourceName = r.ConsumableResource,
                AvailableQuantity = Consumables[r.ConsumableResource],
            },
        _ => throw new NotSupportedException(request.GetType().Name),
    };
}
