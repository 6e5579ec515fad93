using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>An engine has an account and a region, and what it says names them.</summary>
public sealed class AccountAndRegionTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private const string Account = "123456789012";
    private const string Queue = "refrag-cpu-job-queue";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly KeptEvents _events = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("eu-west-1", "aws")]
    [InlineData("cn-northwest-1", "aws-cn")]
    [InlineData("us-gov-east-1", "aws-us-gov")]
    public async Task Answers_OfAnEngine_NameItsAccountAndRegion(string region, string partition)
    {
        await using LocalBatch batch = Open(region);
        string job = (await Send(batch, BatchOperations.SubmitJob, Job())).JobId;
        await batch.WatchAsync(job, Token).LastAsync(Token).AsTask().Soon();
        string[] answers =
        [
            await Text(batch, BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [job] }),
            await Text(batch, BatchOperations.ListJobs, new ListJobsRequest { JobQueue = Queue, JobStatus = JobStatus.Succeeded }),
            await Text(batch, BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest()),
            await Text(batch, BatchOperations.DescribeComputeEnvironments, new DescribeComputeEnvironmentsRequest()),
            await Text(batch, BatchOperations.DescribeJobDefinitions, new DescribeJobDefinitionsRequest()),
            await Text(batch, LogsOperations.DescribeLogGroups, new DescribeLogGroupsRequest()),
        ];
        Assert.All(answers, answer =>
        {
            string[] arns = [.. answer.Split('"').Where(part => part.StartsWith("arn:", StringComparison.Ordinal))];
            Assert.NotEmpty(arns);
            // Roles belong to no region.
            Assert.All(arns, arn => Assert.Matches(
                $"^arn:{partition}:(batch|ecs|logs):{region}:{Account}:|^arn:{partition}:iam::{Account}:", arn));
        });
        Assert.All(_events.Taken, one => Assert.Equal((Account, region), (one.Account, one.Region)));
        Assert.NotEmpty(_events.Taken);
    }

    [Fact]
    public async Task Jobs_OfAnEngineWithVariables_HaveItsRegion()
    {
        var runner = new FakeRunner();
        await using LocalBatch batch = Open("eu-west-1", runner: runner);
        await Send(batch, BatchOperations.SubmitJob, Job());
        FakeAttempt attempt = await runner.Next();
        Assert.Equal(("eu-west-1", "eu-west-1"), (attempt.Environment["AWS_REGION"], attempt.Environment["AWS_DEFAULT_REGION"]));
        attempt.End(0);
    }

    [Fact]
    public async Task Arns_OfAnotherRegion_NameNothingHere()
    {
        await using LocalBatch batch = Open("eu-west-1");
        JobQueueDetail queue = Assert.Single((await Send(batch, BatchOperations.DescribeJobQueues,
            new DescribeJobQueuesRequest { JobQueues = [Queue] })).JobQueues!);
        string definition = (await Send(batch, BatchOperations.DescribeJobDefinitions,
            new DescribeJobDefinitionsRequest { JobDefinitionName = "def" })).JobDefinitions![0].JobDefinitionArn;
        Assert.Empty((await Send(batch, BatchOperations.DescribeJobQueues,
            new DescribeJobQueuesRequest { JobQueues = [Elsewhere(queue.JobQueueArn)] })).JobQueues!);
        Assert.Contains("not found", await Refused(Send(batch, BatchOperations.SubmitJob, Job() with
        {
            JobQueue = Elsewhere(queue.JobQueueArn),
        })), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Refused(Send(batch, BatchOperations.SubmitJob, Job() with
        {
            JobDefinition = Elsewhere(definition),
        })), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Refused(Send(batch, BatchOperations.ListTagsForResource,
            new Aws.Batch.ListTagsForResourceRequest { ResourceArn = Elsewhere(queue.JobQueueArn) })), StringComparison.Ordinal);
        string group = $"arn:aws:logs:eu-west-1:{Account}:log-group:/aws/batch/job";
        await Send(batch, LogsOperations.FilterLogEvents, new FilterLogEventsRequest { LogGroupIdentifier = group });
        Assert.Contains("does not exist", await Refused(Send(batch, LogsOperations.FilterLogEvents,
            new FilterLogEventsRequest { LogGroupIdentifier = Elsewhere(group) })), StringComparison.Ordinal);
        // A rehearsal may name the ARNs of the real account.
        await Send(batch, BatchOperations.SubmitJob, Job() with
        {
            JobQueue = queue.JobQueueArn.Replace(Account, "210987654321", StringComparison.Ordinal),
        });
    }

    [Theory]
    [InlineData("000000000000", "eu-west-1")]
    [InlineData(Account, "us-east-1")]
    public async Task State_OpenedForAnotherAccountOrRegion_IsRefused(string account, string region)
    {
        string path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N"));
        var options = new LocalBatchOptions { StateDirectory = path, Account = Account, Region = "eu-west-1" };
        await using ((await LocalBatch.OpenAsync(options, "simulated", cancellationToken: Token)).Value)
        {
        }
        using var lines = new StringWriter();
        Assert.True((await StateTransfer.ExportAsync(path, lines, cancellationToken: Token)).IsSuccess);

        Result<LocalBatch> again =
            await LocalBatch.OpenAsync(options with { Account = account, Region = region }, "simulated", cancellationToken: Token);
        Problem problem = Assert.Single(again.Problems);
        Assert.Equal("RF4040", problem.Code);
        Assert.Contains($"--account={Account} and --region=eu-west-1", problem.Cure, StringComparison.Ordinal);
        await using ((await LocalBatch.OpenAsync(options, "simulated", cancellationToken: Token)).Value)
        {
        }
        using var input = new StringReader(lines.ToString());
        Assert.Equal("RF4040", Assert.Single((await StateTransfer.ImportAsync(
            path + "-other", input, account: account, region: region, cancellationToken: Token)).Problems).Code);
        using var same = new StringReader(lines.ToString());
        Assert.True((await StateTransfer.ImportAsync(
            path + "-same", same, account: Account, region: "eu-west-1", cancellationToken: Token)).IsSuccess);
    }

    [Fact]
    public async Task State_OfServiceJobsAlone_IsRefusedForAnotherAccountToo()
    {
        string path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N"));
        var options = new LocalBatchOptions { StateDirectory = path, Account = Account, Queues = [], Definitions = [] };
        await using (LocalBatch batch = (await LocalBatch.OpenAsync(options, "simulated", cancellationToken: Token)).Value)
            await Send(batch, BatchOperations.CreateSchedulingPolicy, new CreateSchedulingPolicyRequest { Name = "policy" });
        Result<LocalBatch> again =
            await LocalBatch.OpenAsync(options with { Account = "000000000000" }, "simulated", cancellationToken: Token);
        Assert.Equal("RF4040", Assert.Single(again.Problems).Code);
    }

    [Fact]
    public async Task Environment_OfTypesThatTheRegionLacks_IsRefusedAndFamiliesAreOfTheOthers()
    {
        var fleets = new FleetOptions { IsExcluded = type => type.Family == "g6" || type.Name == "m5.large" };
        await using LocalBatch batch = Open("eu-west-1", fleets);
        string refusal = await Refused(Create(batch, "refused", "c5.large", "g6.xlarge"));
        // As AWS begins. (aws/amazon-genomics-cli#209, Netflix/metaflow#70, opensupplyhub/open-supply-hub#1058)
        Assert.Contains(
            "Error executing request, Exception : Instance type can only be one of [optimal, ", refusal, StringComparison.Ordinal);
        Assert.Contains("eu-west-1 does not offer g6.xlarge", refusal, StringComparison.Ordinal);
        Assert.Contains("can only be one of", await Refused(Create(batch, "refused", "g6")), StringComparison.Ordinal);
        string offered = refusal[..refusal.IndexOf(']', StringComparison.Ordinal)];
        Assert.All([", g6,", ", g6.xlarge"], name => Assert.DoesNotContain(name, offered, StringComparison.Ordinal));
        // The catalogue does not know it, which is not the same.
        await Create(batch, "unknown", "z99.large");

        await Create(batch, "family", "m5");
        Assert.Contains("can only be one of", await Refused(Send(batch, BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest
            {
                ComputeEnvironment = "family",
                ComputeResources = new ComputeResourceUpdate { InstanceTypes = ["g6"] },
            })), StringComparison.Ordinal);
        await Send(batch, BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = "fleet",
            Priority = 1,
            ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = "family" }],
        });
        await Send(batch, BatchOperations.SubmitJob, Job() with { JobQueue = "fleet" });
        // The smallest but one of the family.
        await Eventually.HoldsAsync(async () => (await batch.FleetsAsync(Token)).Count == 1);
        Assert.Equal("m5.xlarge", Assert.Single(await batch.FleetsAsync(Token)).Type);
    }

    [Fact]
    public async Task Environment_OfTypesThatTheRegionLacksNow_CanBeChangedOtherwise()
    {
        bool isOffered = true;
        await using LocalBatch batch = Open("eu-west-1", new FleetOptions { IsExcluded = type => !isOffered && type.Family == "g6" });
        await Create(batch, "old", "g6.xlarge");
        isOffered = false;
        var request = new UpdateComputeEnvironmentRequest { ComputeEnvironment = "old" };
        Assert.Contains("can only be one of", await Refused(Send(batch, BatchOperations.UpdateComputeEnvironment, request with
        {
            ComputeResources = new ComputeResourceUpdate { InstanceTypes = ["g6.xlarge"] },
        })), StringComparison.Ordinal);
        await Send(batch, BatchOperations.UpdateComputeEnvironment, request with
        {
            ComputeResources = new ComputeResourceUpdate { MaxvCpus = 128 },
        });
    }

    private LocalBatch Open(string region, FleetOptions? fleets = null, FakeRunner? runner = null) => new(
        new LocalBatchOptions
        {
            Account = Account,
            Region = region,
            Memory = new MebiBytes(100_000),
            VCpus = new VCpus(4),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            PassedVariables = [],
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Fleets = fleets,
            Events = _events,
        },
        runner ?? new FakeRunner { Decide = _ => 0 }, _time);

    private static SubmitJobRequest Job() => new()
    {
        JobName = "job",
        JobQueue = Queue,
        JobDefinition = "def",
        ContainerOverrides = new ContainerOverrides { Command = ["run"] },
    };

    private static string Elsewhere(string arn) => arn.Replace(":eu-west-1:", ":us-east-1:", StringComparison.Ordinal);

    private static async Task<string> Text<TRequest, TResponse>(
        LocalBatch batch, AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => JsonSerializer.Serialize(await Send(batch, operation, request), operation.ResponseJson);

    private static async Task<string> Refused(Task task) => (await Assert.ThrowsAnyAsync<AwsException>(() => task)).Message;

    private static Task<TResponse> Send<TRequest, TResponse>(
        LocalBatch batch, AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => batch.SendAsync(operation, request, Token);

    private static Task<CreateComputeEnvironmentResponse> Create(LocalBatch batch, string name, params string[] types) =>
        Send(batch, BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = name,
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.Ec2,
                MaxvCpus = 64,
                Subnets = ["subnet-1"],
                SecurityGroupIds = ["sg-1"],
                InstanceTypes = types,
                InstanceRole = "role",
                AllocationStrategy = CRAllocationStrategy.BestFitProgressive,
            },
        });
}
