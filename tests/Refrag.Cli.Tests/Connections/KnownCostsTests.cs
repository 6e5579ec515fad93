using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Following;
using Refrag.Costs;
using Refrag.History;

namespace Refrag.Cli.Tests.Connections;

/// <summary>A cost at the end of work is that of the instance which the history knows.</summary>
public sealed class KnownCostsTests : IDisposable
{
    private const string Endpoint = "http://127.0.0.1:9099";
    private const string Arn = "arn:aws:batch:us-east-1:123456789012:";
    private const long Began = 1_780_000_000_000;

    private readonly TemporaryFolder _state = new();
    private readonly TestProgram _program;

    public KnownCostsTests() => _program = new TestProgram(("XDG_STATE_HOME", _state.Path));

    // The whole of an instance for an hour, at the Spot price that was measured; an instance of another server says nothing.
    [Theory]
    [InlineData(Endpoint, "measured", 0.5)]
    [InlineData(Endpoint, "measured", 0.0000004)]
    [InlineData("http://127.0.0.1:9098", "assumed", null)]
    public async Task ReadAsync_JobThatIsKnown_CostsWhatWasMeasuredThere(string measuredAt, string basis, double? usd)
    {
        using (HistoryStore store = UserHistory.Open(_program.Context))
        {
            var known = RecordedJob.Of(Job, _program.Time.GetUtcNow());
            store.Put(new JobPlace(measuredAt, "123456789012", "us-east-1"),
                [known with { Attempts = [.. known.Attempts.Select(attempt => attempt with
                {
                    Instance = new HostInstance("i-1", "m6i.xlarge", "us-east-1a", HostInstance.Spot),
                    SpotUsd = (decimal)(usd ?? 0.5),
                })] }]);
        }
        EndedWork work = await new EndedWorkReader(_program.Context, new QueueOfOneType(), Endpoint, "us-east-1").ReadAsync(
            [new FollowedJob("id", "train", Job)], exitCode: 0, counts: null, TestContext.Current.CancellationToken);

        Assert.Equal(basis, work.CostBasis);
        Assert.EndsWith($", {basis}", work.Text, StringComparison.Ordinal);
        if (usd is { } measured) Assert.Equal((decimal)measured, work.UsdAtLeast);
        else Assert.True(work.UsdAtLeast > 0);
    }

    [Fact]
    public async Task ReadAsync_NothingIsKnown_MakesNoHistory()
    {
        EndedWork work = await new EndedWorkReader(_program.Context, new QueueOfOneType(), Endpoint, "us-east-1").ReadAsync(
            [new FollowedJob("id", "train", Job)], exitCode: 0, counts: null, TestContext.Current.CancellationToken);

        Assert.Equal("assumed", work.CostBasis);
        Assert.False(File.Exists(UserHistory.FileOf(_program.Context)));
    }

    // As `refrag cost report` counts it: the history keeps a node with its job, and a node has an instance for itself.
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Recall_NodeOfAJob_CostsWhatIsKnownOfTheNode(int node, bool isMeasured)
    {
        DateTimeOffset now = _program.Time.GetUtcNow();
        using HistoryStore store = UserHistory.Open(_program.Context);
        JobDetail half = Job with
        {
            Container = new ContainerDetail
            {
                ResourceRequirements = [new() { Type = "VCPU", Value = "2" }, new() { Type = "MEMORY", Value = "2048" }],
            },
        };
        var whole = RecordedJob.Of(half, now);
        RecordedAttempt attempt = whole.Attempts[0];
        RecordedJob known = whole with
        {
            Needs = whole.Needs with { Nodes = 2 },
            Attempts =
            [
                attempt,
                attempt with
                {
                    Node = 1,
                    Instance = new HostInstance("i-1", "m6i.xlarge", "us-east-1a", HostInstance.Spot),
                    SpotUsd = 0.5m,
                },
            ],
        };
        store.Put(new JobPlace(Endpoint, "123456789012", "us-east-1"), [known]);
        KnownCosts costs = new(new QueueCostings(_program.Context, new QueueOfOneType(), "us-east-1"), Endpoint, store);
        RecordedCosting costing = await costs.OnAsync(half.JobQueue, TestContext.Current.CancellationToken);

        RecordedCost cost = costing.Of(
            costs.Recall(half with { JobId = $"id#{node}", NodeDetails = new NodeDetails { NodeIndex = node } }, now), now);

        RecordedCost ofAll = costing.Of(known, now);
        Assert.Equal((0.5m, true), (ofAll.MeasuredUsd, ofAll.AssumedUsd > 0));
        Assert.Equal(isMeasured ? (0.5m, 0m) : (0m, ofAll.AssumedUsd), (cost.MeasuredUsd, cost.AssumedUsd));
    }

    public void Dispose()
    {
        _program.Dispose();
        _state.Dispose();
    }

    // Four vCPUs are all that an m6i.xlarge has.
    private static JobDetail Job => new()
    {
        JobId = "id",
        JobArn = Arn + "job/id",
        JobName = "train",
        JobQueue = Arn + "job-queue/cpu",
        Status = "SUCCEEDED",
        CreatedAt = Began,
        StartedAt = Began,
        StoppedAt = Began + 3_600_000,
        Container = new ContainerDetail
        {
            ResourceRequirements = [new() { Type = "VCPU", Value = "4" }, new() { Type = "MEMORY", Value = "2048" }],
        },
        Attempts = [new AttemptDetail { StartedAt = Began, StoppedAt = Began + 3_600_000 }],
    };

    private sealed class QueueOfOneType : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Task.FromResult((TResponse)Answer(request));

        private static object Answer(object request) => request switch
        {
            DescribeJobQueuesRequest => new DescribeJobQueuesResponse
            {
                JobQueues =
                [
                    new JobQueueDetail
                    {
                        JobQueueName = "cpu",
                        JobQueueArn = Arn + "job-queue/cpu",
                        State = "ENABLED",
                        Priority = 1,
                        ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = "e" }],
                    },
                ],
            },
            DescribeComputeEnvironmentsRequest => new DescribeComputeEnvironmentsResponse
            {
                ComputeEnvironments =
                [
                    new ComputeEnvironmentDetail
                    {
                        ComputeEnvironmentName = "e",
                        ComputeEnvironmentArn = Arn + "compute-environment/e",
                        ComputeResources = new ComputeResource
                        {
                            Type = "SPOT",
                            MaxvCpus = 16,
                            Subnets = [],
                            InstanceTypes = ["m6i.xlarge"],
                        },
                    },
                ],
            },
            _ => throw new NotSupportedException(request.GetType().Name),
        };
    }
}
