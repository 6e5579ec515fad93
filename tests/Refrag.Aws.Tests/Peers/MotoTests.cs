using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecr;
using Refrag.Aws.Iam;
using Refrag.Aws.Logs;
using Refrag.Aws.Tests.Settings;

namespace Refrag.Aws.Tests.Peers;

[Collection(ProcessVariables.Collection)]
[Trait("Peer", "moto")]
public sealed class MotoTests(Moto moto) : IClassFixture<Moto>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launching_AgainstMoto_Succeeds()
    {
        using var client = new AwsClient(Clients.Options(moto.Url));
        var batch = new CheckedTransport(client);
        string queue = await MakeQueueAsync(batch, "refrag-cpu-job-queue");

        var queues = await batch.SendAsync(BatchOperations.DescribeJobQueues, new() { JobQueues = ["refrag-cpu-job-queue"] }, Stop);
        JobQueueDetail found = Assert.Single(queues.JobQueues!);
        Assert.Equal((queue, "ENABLED", 10), (found.JobQueueArn, found.State, found.Priority!.Value));

        var definition = await batch.SendAsync(BatchOperations.RegisterJobDefinition, Definition("refrag-cpu-job-def"), Stop);
        Assert.Equal(1, definition.Revision);
        var definitions =
            await batch.SendAsync(
                BatchOperations.DescribeJobDefinitions, new() { JobDefinitionName = "refrag-cpu-job-def", Status = "ACTIVE" }, Stop);
        Assert.Equal("abc", Assert.Single(definitions.JobDefinitions!).Tags!["refrag:content-hash"]);

        var submitted =
            await batch.SendAsync(BatchOperations.SubmitJob,
                Clients.Job() with { Tags = new Dictionary<string, string> { ["refrag:submission-id"] = "s-1" } }, Stop);
        var listed =
            await batch.SendAsync(BatchOperations.ListJobs,
                new() { JobQueue = "refrag-cpu-job-queue", Filters = [new() { Name = "JOB_NAME", Values = ["train"] }] }, Stop);
        Assert.Equal(submitted.JobId, Assert.Single(listed.JobSummaryList).JobId);
        var described = await batch.SendAsync(BatchOperations.DescribeJobs, new() { Jobs = [submitted.JobId] }, Stop);
        JobDetail job = Assert.Single(described.Jobs!);
        Assert.Equal(("train", "s-1"), (job.JobName, job.Tags!["refrag:submission-id"]));
        Assert.NotNull(job.CreatedAt);

        await batch.SendAsync(BatchOperations.TerminateJob, new() { JobId = submitted.JobId, Reason = "done" }, Stop);
        await batch.SendAsync(BatchOperations.CancelJob, new() { JobId = submitted.JobId, Reason = "done" }, Stop);
    }

    [Fact]
    public async Task InstanceTypes_AgainstMoto_AreThoseThatExist()
    {
        using var client = new AwsClient(Clients.Options(moto.Url));
        DescribeInstanceTypesResponse answer = await client.SendAsync(
            Ec2Operations.DescribeInstanceTypes, new() { Patterns = ["m6i.xlarge", "g5.12xlarge", "z99.large"] }, Stop);
        Assert.Equal(
            [
                new InstanceTypeInfo("g5.12xlarge", 48, 196608, 4)
                {
                    GpuMaker = "NVIDIA",
                    GpuModel = "A10G",
                    GpuMemoryMiB = 22888,
                    Architecture = "x86_64",
                    HasSpot = true,
                },
                new InstanceTypeInfo("m6i.xlarge", 4, 16384, 0) { Architecture = "x86_64", HasSpot = true },
            ],
            answer.InstanceTypes.OrderBy(t => t.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Role_AgainstMoto_NoneOfThatName_IsAnError()
    {
        using var client = new AwsClient(Clients.Options(moto.Url));
        var error =
            await Assert.ThrowsAsync<IamException>(() => client.SendAsync(IamOperations.GetRole, new() { RoleName = "missing" }, Stop));
        Assert.Equal(IamException.NoSuchEntity, error.ErrorCode);
    }

    [Fact]
    public async Task Image_AgainstMoto_NoRepository_IsAnError()
    {
        using var client = new AwsClient(Clients.Options(moto.Url));
        var error = await Assert.ThrowsAsync<EcrException>(
            () => client.SendAsync(
                EcrOperations.BatchGetImage, new() { RepositoryName = "nothing", ImageIds = [new() { ImageTag = "1" }] }, Stop));
        Assert.Equal(EcrException.RepositoryNotFound, error.ErrorCode);
    }

    [Fact]
    public async Task Tags_AgainstMoto_AreReadAsWritten()
    {
        using var client = new AwsClient(Clients.Options(moto.Url));
        var batch = new CheckedTransport(client);
        var definition = await batch.SendAsync(BatchOperations.RegisterJobDefinition, Definition("tagged"), Stop);

        await batch.SendAsync(BatchOperations.TagResource,
            new() { ResourceArn = definition.JobDefinitionArn, Tags = new Dictionary<string, string> { ["team"] = "a/b c" } }, Stop);
        await batch.SendAsync(
            BatchOperations.UntagResource, new() { ResourceArn = definition.JobDefinitionArn, TagKeys = ["refrag:content-hash"] }, Stop);
        var tags = await batch.SendAsync(BatchOperations.ListTagsForResource, new() { ResourceArn = definition.JobDefinitionArn }, Stop);

        Assert.Equal(new Dictionary<string, string> { ["team"] = "a/b c" }, tags.Tags);
    }

    [Fact]
    public async Task Errors_FromMoto_AreRead()
    {
        using var client = new AwsClient(Clients.Options(moto.Url));
        var error =
            await Assert.ThrowsAsync<BatchException>(
                () => client.SendAsync(
                    BatchOperations.SubmitJob, Clients.Job() with { JobQueue = "nowhere", JobDefinition = "nothing" }, Stop));
        Assert.Equal(BatchException.ClientException, error.ErrorCode);
        Assert.Contains("nothing", error.Error.Message, StringComparison.Ordinal);

        var logs =
            await Assert.ThrowsAsync<LogsException>(
                () => client.SendAsync(LogsOperations.GetLogEvents, new() { LogGroupName = "none", LogStreamName = "none" }, Stop));
        Assert.Equal(LogsException.ResourceNotFound, logs.ErrorCode);
    }

    [Fact]
    public async Task AssumedRole_OfAProfile_ComesFromSts()
    {
        const string Config = """
            [profile role]
            role_arn = arn:aws:iam::123456789012:role/batch
            source_profile = keys
            region = us-east-1
            """;
        const string Credentials = """
            [keys]
            aws_access_key_id = AKIDEXAMPLE
            aws_secret_access_key = secret
            """;
        // The AWS SDK asks STS, and reads the endpoint from the process's environment alone.
        using var variables = new ProcessVariables(("AWS_ENDPOINT_URL_STS", moto.Url));
        using var source =
            new DefaultCredentials(new AwsClientOptions { Profile = "role", Environment = TestEnvironment.Make("", Config, Credentials) });
        Result<AwsKeys> keys = await source.GetAsync(Stop);
        Assert.True(keys.IsSuccess, string.Join("; ", keys.Problems));
        Assert.StartsWith("ASIA", keys.Value.AccessKeyId, StringComparison.Ordinal);
        Assert.NotNull(keys.Value.SessionToken);
    }

    private static RegisterJobDefinitionRequest Definition(string name) => new()
    {
        JobDefinitionName = name,
        Type = JobDefinitionType.Container,
        ContainerProperties = new()
        {
            Image = "busybox",
            ResourceRequirements = [new() { Type = ResourceType.Vcpu, Value = "1" }, new() { Type = ResourceType.Memory, Value = "512" }],
        },
        Tags = new Dictionary<string, string> { ["refrag:content-hash"] = "abc" },
    };

    private async Task<string> MakeQueueAsync(CheckedTransport batch, string name)
    {
        await moto.MakeRoleAsync("batch", Stop);
        var environment = await batch.SendAsync(
            BatchOperations.CreateComputeEnvironment,
            new()
            {
                ComputeEnvironmentName = "unmanaged",
                Type = CEType.Unmanaged,
                State = CEState.Enabled,
                ServiceRole =
                "arn:aws:iam::123456789012:role/batch"
            }, Stop);
        var queue = await batch.SendAsync(
            BatchOperations.CreateJobQueue,
            new()
            {
                JobQueueName = name,
                Priority = 10,
                State =
                JQState.Enabled,
                ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = environment.ComputeEnvironmentArn! }]
            },
            Stop);
        return queue.JobQueueArn;
    }
}
