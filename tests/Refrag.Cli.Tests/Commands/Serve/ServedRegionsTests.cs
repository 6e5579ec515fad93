using System.Collections.Concurrent;
using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Serve;
using Refrag.Engine;
using Refrag.Engine.Options;

namespace Refrag.Cli.Tests.Commands.Serve;

/// <summary>The engines of a server's regions, with jobs that nothing runs.</summary>
public sealed class ServedRegionsTests : IDisposable
{
    private const string Queue = "refrag-cpu-job-queue";
    private const string Here = "us-east-1";
    private const string There = "eu-west-1";
    private readonly string _state = Directory.CreateTempSubdirectory("refrag-regions-").FullName;
    private readonly ConcurrentQueue<string> _opened = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_ARegionThatWasNotAsked_MakesItsState()
    {
        await using ServedRegions regions = await OpenAsync();
        Assert.Equal([Here], _opened);
        Assert.False(Directory.Exists(Path.Combine(_state, "regions")));

        LocalBatch[] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => regions.FindAsync(There).AsTask()));
        Assert.Single(found.Distinct());
        Assert.Equal([Here, There], _opened);
        Assert.True(LocalBatch.HasState(Path.Combine(_state, "regions", There)));
        Assert.Same(found[0], await regions.TransportAsync(There));
    }

    [Fact]
    public async Task Open_AfterTwoRegions_HasBothAndOpensNoOther()
    {
        string[] jobs;
        await using (ServedRegions first = await OpenAsync())
            jobs = [await SubmitAsync(await first.FindAsync(Here)), await SubmitAsync(await first.FindAsync(There))];
        _opened.Clear();

        await using ServedRegions second = await OpenAsync();
        await second.Ready.Soon();
        Assert.Equal([Here, There], _opened);
        Assert.Equal("ready", second.Health().Status);
        foreach ((string region, string own, string other) in
            new[] { (Here, jobs[0], jobs[1]), (There, jobs[1], jobs[0]) })
        {
            IReadOnlyList<JobDetail> described = (await (await second.FindAsync(region)).SendAsync(
                BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [own, other] }, Token)).Jobs!;
            Assert.Equal($"arn:aws:batch:{region}:{LocalBatchOptions.UsualAccount}:job/{own}", Assert.Single(described).JobArn);
        }
    }

    [Fact]
    public async Task Open_OfAnotherUsualRegion_LeavesTheStatesWhereTheyAre()
    {
        await using (ServedRegions first = await OpenAsync()) await SubmitAsync(await first.FindAsync(Here));
        _opened.Clear();
        await using ServedRegions second = await OpenAsync(usual: There);
        Assert.Equal([There, Here], _opened);
        Assert.True(LocalBatch.HasState(_state));
        Assert.True(LocalBatch.HasState(Path.Combine(_state, "regions", There)));
    }

    [Fact]
    public async Task Jobs_OfTwoRegions_HaveTheMachineTogether()
    {
        await using ServedRegions regions = await OpenAsync();
        LocalBatch here = await regions.FindAsync(Here), there = await regions.FindAsync(There);
        string first = await SubmitAsync(here);
        await UntilAsync(here, first, JobStatus.Running);
        string second = await SubmitAsync(there);
        await UntilAsync(there, second, JobStatus.Runnable);
        // Its one vCPU is taken, though by a job of another region.
        await there.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token);
        Assert.Equal(JobStatus.Runnable, (await there.WatchAsync(second, Token).FirstAsync(Token)).Status);

        await here.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = first, Reason = "room" }, Token);
        await UntilAsync(there, second, JobStatus.Running);
    }

    [Fact]
    public async Task Find_ARegionWhoseFolderIsInUse_IsRefusedUntilItIsFree()
    {
        await using ServedRegions regions = await OpenAsync();
        LocalBatchOptions options = Options(There);
        await using ((await LocalBatch.OpenAsync(options, "simulated", cancellationToken: Token)).Value)
            Assert.Contains("RF4010", (await Assert.ThrowsAsync<BatchException>(() => regions.FindAsync(There).AsTask())).Message,
                StringComparison.Ordinal);
        await regions.FindAsync(There);
        Assert.Equal("ready", regions.Health().Status);
    }

    [Fact]
    public async Task Inject_IfOneEventsRegionCannotBeOpened_TakesNone()
    {
        await using ServedRegions regions = await OpenAsync();
        LocalBatchOptions options = Options(There);
        await using ((await LocalBatch.OpenAsync(options, "simulated", cancellationToken: Token)).Value)
        {
            // An engine without fleets refuses each event that it is given, in other words.
            BatchException refused = await Assert.ThrowsAsync<BatchException>(() => ServedEngine.Rehearsing(regions).Inject(
                Here, """[{"what": "spot_reclaim", "part": 1}, {"what": "spot_reclaim", "part": 1, "region": "eu-west-1"}]"""));
            Assert.Contains("RF4010", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_ARegionOfAnotherAccount_IsAProblem()
    {
        await using (ServedRegions first = await OpenAsync()) await first.FindAsync(There);
        Result<ServedRegions> second = await ServedRegions.OpenAsync(
            _state, Here, region => Options(region) with { Account = "123456789012" }, "simulated", TimeProvider.System, _opened.Enqueue,
            Token);
        Assert.Equal("RF4040", Assert.Single(second.Problems).Code);
        // Nothing is left open.
        await using ServedRegions third = await OpenAsync();
    }

    [Fact]
    public async Task Find_AfterTheEnd_OpensNothing()
    {
        ServedRegions regions = await OpenAsync();
        await regions.DisposeAsync();
        BatchException refused = await Assert.ThrowsAsync<BatchException>(() => regions.FindAsync(There).AsTask());
        Assert.Contains("The server is stopping", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_state, "regions")));
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private async Task<ServedRegions> OpenAsync(string usual = Here)
    {
        Result<ServedRegions> opened = await ServedRegions.OpenAsync(
            _state, usual, Options, "simulated", TimeProvider.System, _opened.Enqueue, Token);
        return opened.Value;
    }

    private LocalBatchOptions Options(string region) => new()
    {
        StateDirectory = ServedRegions.Folder(_state, region),
        Region = region,
        VCpus = new VCpus(1),
        Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(64), new Gpus(0))],
    };

    private static async Task<string> SubmitAsync(LocalBatch batch) => (await batch.SendAsync(BatchOperations.SubmitJob, new()
    {
        JobName = "job",
        JobQueue = Queue,
        JobDefinition = "def",
        ContainerOverrides = new ContainerOverrides
        {
            Command = ["run"],
            Environment = [new Aws.Batch.KeyValuePair { Name = "REFRAG_SIM_SECONDS", Value = "100000" }],
        },
    }, Token)).JobId;

    private static async Task UntilAsync(LocalBatch batch, string job, string status) =>
        await batch.WatchAsync(job, Token).FirstAsync(one => one.Status == status, Token).AsTask().Soon();
}
