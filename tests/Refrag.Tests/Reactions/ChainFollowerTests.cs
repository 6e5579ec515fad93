using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Tests.Reactions;

public sealed class ChainFollowerTests
{
    private const string Lost = "Host EC2 (instance i-0123456789abcdef0) terminated.";
    private const string Leaving = "refrag moves it to us-west-2: waited 30m in us-east-1";

    private readonly PassingTime _time = new();
    private readonly Place _home = new();
    private readonly Place _west = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_JobMovedToAnotherRegionAndThenOnDemand_GoesToTheLast()
    {
        _home.Jobs["a"] = Job("a", Leaving, (JobPolicy.MovedToTag, "b"), (RegionMoves.MovedToRegionTag, "us-west-2"));
        _west.Jobs["b"] = Job("b", Lost, (JobPolicy.MovedToTag, "c"));
        _west.Jobs["c"] = Job("c", reason: null) with { Status = JobStatus.Running };
        ChainFollower chain = Chain();

        JobDetail job = (await chain.ReadAsync(Stop))!;

        Assert.Equal(("c", "c", "us-west-2", true), (job.JobId, chain.Id, chain.Region, chain.IsOpen(job)));
        _west.Jobs["c"] = job with { Status = JobStatus.Succeeded };
        Assert.False(chain.IsOpen((await chain.ReadAsync(Stop))!));
    }

    // Batch may show a new job late.
    [Fact]
    public async Task ReadAsync_SuccessorThatDoesNotShowYet_IsWaitedForAndThenGivenUp()
    {
        _home.Jobs["a"] = Job("a", Lost, (JobPolicy.MovedToTag, "b"));
        Assert.Null(await Chain().ReadAsync(Stop));
        TimeSpan waited = _time.Waits.Aggregate(TimeSpan.Zero, static (a, b) => a + b);
        Assert.InRange(waited, JobHandle.Visible, JobHandle.Visible + ChainFollower.Pause);
    }

    [Theory]
    [InlineData(Lost)]
    [InlineData(Leaving)]
    public async Task IsOpen_EndThatMakesAHostMoveIt_IsWaitedForAQuarterOfAnHour(string reason)
    {
        _home.Jobs["a"] = Job("a", reason);
        ChainFollower chain = Chain();
        Assert.True(chain.IsOpen((await chain.ReadAsync(Stop))!));
        await Task.Delay(ChainFollower.Patience + TimeSpan.FromSeconds(1), _time, Stop);
        Assert.False(chain.IsOpen((await chain.ReadAsync(Stop))!));
    }

    [Fact]
    public async Task IsOpen_EndLongAgo_IsNotWaitedFor()
    {
        _home.Jobs["a"] = Job("a", Lost) with { StoppedAt = (_time.GetUtcNow() - TimeSpan.FromHours(1)).ToUnixTimeMilliseconds() };
        ChainFollower chain = Chain();
        Assert.False(chain.IsOpen((await chain.ReadAsync(Stop))!));
    }

    // What a user has ended, an app that fails, and what only its sweep moves.
    [Fact]
    public void MayContinue_EndsThatMoveNothing_IsFalse()
    {
        Assert.False(ChainFollower.MayContinue(Job("a", "Terminated by ann")));
        Assert.False(ChainFollower.MayContinue(Job("a", "Essential container in task exited") with { Attempts = [] }));
        JobDetail ofSweep = Job("a", Lost) with
        {
            Tags = new JobPolicy(1, "on-demand", Claims: null).Tags.ToDictionary(StringComparer.Ordinal),
        };
        Assert.False(ChainFollower.MayContinue(ofSweep));
    }

    private ChainFollower Chain() => new(
        _home, region => region == "us-west-2" ? _west : throw new ArgumentOutOfRangeException(nameof(region), region, null), _time, "a");

    private static JobDetail Job(string id, string? reason, params (string Name, string Value)[] tags) => new()
    {
        JobId = id,
        JobName = "train",
        JobQueue = "spot",
        JobDefinition = "definition:1",
        Status = JobStatus.Failed,
        StatusReason = reason,
        Attempts = reason == Lost ? [new AttemptDetail { StatusReason = Lost }] : [],
        Tags = new JobPolicy(1, "on-demand", "file:///claims").Tags
            .Concat(new RegionMoves("us-east-1", ["us-west-2"], TimeSpan.FromMinutes(30), "definition", "file:///claims").Tags)
            .Concat(tags.Select(tag => new KeyValuePair<string, string>(tag.Name, tag.Value)))
            .DistinctBy(tag => tag.Key).ToDictionary(StringComparer.Ordinal),
    };

    private sealed class Place : IAwsTransport
    {
        public Dictionary<string, JobDetail> Jobs { get; } = new(StringComparer.Ordinal);

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class =>
            Task.FromResult((TResponse)(object)new DescribeJobsResponse
            {
                Jobs = [.. ((DescribeJobsRequest)(object)request).Jobs.Where(Jobs.ContainsKey).Select(id => Jobs[id])],
            });
    }
}
