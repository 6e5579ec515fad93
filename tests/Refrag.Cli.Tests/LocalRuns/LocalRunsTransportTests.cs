using System.Net.Sockets;
using System.Text;
using Refrag.Aws.Batch;
using Refrag.Cli.LocalRuns;
using Refrag.Engine;

namespace Refrag.Cli.Tests.LocalRuns;

/// <summary>Several runs seen as one Batch.</summary>
public sealed class LocalRunsTransportTests : IDisposable
{
    private const string First = "20260810T100000000Z-1";
    private const string Second = "20260810T110000000Z-1";
    private const string Third = "20260810T120000000Z-1";

    private readonly RecordedRuns _runs = new();
    private readonly List<string> _notes = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task DescribeJobs_JobsOfSeveralRuns_AreFoundAndUnknownOnesLeftOut()
    {
        string one = (await _runs.AddAsync(First, "one"))[0];
        string two = (await _runs.AddAsync(Second, "two"))[0];
        await using LocalRunsTransport batch = Open();

        DescribeJobsResponse answer =
            await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [one, "unknown", two] }, Stop);

        Assert.Equal(["one", "two"], answer.Jobs!.Select(job => job.JobName).Order(StringComparer.Ordinal));
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task DescribeJobQueues_SeveralRunsHaveTheSame_AreListedOnce()
    {
        await _runs.AddAsync(First, "one");
        await _runs.AddAsync(Second, "two");
        await using LocalRunsTransport batch = Open();

        DescribeJobQueuesResponse queues =
            await batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { MaxResults = 1 }, Stop);
        DescribeComputeEnvironmentsResponse environments = await batch.SendAsync(
            BatchOperations.DescribeComputeEnvironments, new DescribeComputeEnvironmentsRequest(), Stop);
        DescribeJobDefinitionsResponse definitions =
            await batch.SendAsync(BatchOperations.DescribeJobDefinitions, new DescribeJobDefinitionsRequest(), Stop);

        // All in one page: a run has few of them.
        Assert.Null(queues.NextToken);
        Assert.Equal(["refrag-cpu-job-queue", "refrag-gpu-job-queue"],
            queues.JobQueues!.Select(queue => queue.JobQueueName).Order(StringComparer.Ordinal));
        Assert.Equal(2, environments.ComputeEnvironments!.Count);
        Assert.Equal(2, definitions.JobDefinitions!.Count);
    }

    [Fact]
    public async Task DescribeJobQueues_NoFolderOfRuns_AreThoseOfANewRun()
    {
        await using var batch = new LocalRunsTransport(null, TimeProvider.System, _notes.Add);

        DescribeJobQueuesResponse queues =
            await batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Stop);

        Assert.Equal(2, queues.JobQueues!.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task ListJobs_PagesOfAnySize_HaveEachJobOnceAndTheNewestRunFirst(int size)
    {
        await _runs.AddAsync(First, "a", "b");
        await _runs.AddAsync(Second, "c");
        await _runs.AddAsync(Third, "d", "e", "f");
        await using LocalRunsTransport batch = Open();

        List<IReadOnlyList<string>> pages = await PagesAsync(batch, size);

        Assert.All(pages, page => Assert.InRange(page.Count, 0, size));
        string[] all = [.. pages.SelectMany(page => page)];
        Assert.Equal(["d", "e", "f", "c", "a", "b"], all, (x, y) => RunOf(x) == RunOf(y));
        Assert.Equal(["a", "b", "c", "d", "e", "f"], all.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListJobs_RunBeginsBetweenTwoPages_IsNotShownInTheSecond()
    {
        await _runs.AddAsync(First, "a");
        await _runs.AddAsync(Second, "b");
        await using LocalRunsTransport batch = Open();
        ListJobsResponse first = await ListAsync(batch, 1, null);

        await _runs.AddAsync(Third, "c");

        Assert.Equal("b", Assert.Single(first.JobSummaryList!).JobName);
        Assert.Equal("a", Assert.Single((await ListAsync(batch, 10, first.NextToken)).JobSummaryList!).JobName);
    }

    [Fact]
    public async Task ListJobs_RunOfTheTokenIsRemoved_ContinuesWithTheOlderOnes()
    {
        await _runs.AddAsync(First, "a");
        await _runs.AddAsync(Second, "b");
        await _runs.AddAsync(Third, "c");
        await using LocalRunsTransport batch = Open();
        ListJobsResponse first = await ListAsync(batch, 1, null);

        _runs.Remove(Second);

        Assert.Equal("a", Assert.Single((await ListAsync(batch, 10, first.NextToken)).JobSummaryList!).JobName);
    }

    [Fact]
    public async Task ListJobs_StateOfARunIsDamaged_LeavesItOutAndSaysSoOnce()
    {
        await _runs.AddAsync(First, "a");
        Directory.CreateDirectory(Path.Combine(_runs.Folder, Second));
        await File.WriteAllTextAsync(Path.Combine(_runs.Folder, Second, "state.db"), "This is no database.", Stop);
        await using LocalRunsTransport batch = Open();

        for (int i = 0; i < 2; i++) Assert.Equal("a", Assert.Single((await ListAsync(batch, 10, null)).JobSummaryList!).JobName);

        Assert.StartsWith($"Run {Second} is left out: RF", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\0\u0003\0\0\0abc")]
    [InlineData("\u0001\u0002\0\0\0{}")]
    [InlineData("\0\u0004\0\0\0null")]
    public async Task ListJobs_SocketOfARunIsAnsweredByAnotherProgram_LeavesItOutAndSaysSoOnce(string answer)
    {
        await _runs.AddAsync(First, "a");
        Directory.CreateDirectory(Path.Combine(_runs.Folder, Second));
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Path.Combine(_runs.Folder, Second, "socket")));
        other.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task answering = AnswerAsync(other, Encoding.ASCII.GetBytes(answer), stop.Token);
        await using LocalRunsTransport batch = Open();

        for (int i = 0; i < 2; i++) Assert.Equal("a", Assert.Single((await ListAsync(batch, 10, null)).JobSummaryList!).JobName);

        Assert.Equal($"Run {Second} answers what no run of refrag would; it is left out.", Assert.Single(_notes));
        await stop.CancelAsync();
        await answering.Soon();
    }

    private static async Task AnswerAsync(Socket listener, byte[] answer, CancellationToken stop)
    {
        byte[] request = new byte[4096];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using Socket guest = await listener.AcceptAsync(stop);
                await guest.ReceiveAsync(request, stop);
                await guest.SendAsync(answer, stop);
                // What it says next does not count, but it must not meet a closed socket before it has the answer.
                while (await guest.ReceiveAsync(request, stop) > 0) { }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The guest hung up, or the test ends.
            }
        }
    }

    [Fact]
    public async Task ListJobs_EngineOfARunHasStoppedAndItsSocketIsStillOpen_ReadsItsState()
    {
        await _runs.AddAsync(First, "a");
        LocalBatch stopped = new();
        await stopped.DisposeAsync();
        await using RunSocket socket = RunSocket.Open(Path.Combine(_runs.Folder, First));
        socket.Serve(stopped, isEnding: () => true);
        await using LocalRunsTransport batch = Open();

        Assert.Equal("a", Assert.Single((await ListAsync(batch, 10, null)).JobSummaryList!).JobName);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task Dispose_SocketWhoseFolderIsGone_IsNoFault()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_runs.Folder, First)).FullName;
        RunSocket socket = RunSocket.Open(folder);
        Directory.Delete(folder, recursive: true);

        await socket.DisposeAsync();
    }

    [Fact]
    public async Task TerminateJob_OfARunThatHasEnded_ChangesNothing()
    {
        string id = (await _runs.AddAsync(First, "a"))[0];
        await using LocalRunsTransport batch = Open();

        await batch.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = "enough" }, Stop);

        DescribeJobsResponse answer = await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Stop);
        Assert.Equal("SUCCEEDED", Assert.Single(answer.Jobs!).Status);
    }

    [Fact]
    public async Task SubmitJob_ToRunsThatAreKept_IsRefusedWithTheWay()
    {
        await using LocalRunsTransport batch = Open();

        BatchException refused = await Assert.ThrowsAsync<BatchException>(() => batch.SendAsync(BatchOperations.SubmitJob,
            new SubmitJobRequest { JobName = "a", JobQueue = RecordedRuns.Queue, JobDefinition = "refrag-cpu-job-def" }, Stop));

        Assert.Contains("refrag run", refused.Message, StringComparison.Ordinal);
    }

    private LocalRunsTransport Open() => new(_runs.Folder, TimeProvider.System, _notes.Add);

    private static char RunOf(string job) => job[0] switch { 'a' or 'b' => '1', 'c' => '2', _ => '3' };

    private static async Task<List<IReadOnlyList<string>>> PagesAsync(LocalRunsTransport batch, int size)
    {
        List<IReadOnlyList<string>> pages = [];
        string? token = null;
        do
        {
            ListJobsResponse page = await ListAsync(batch, size, token);
            pages.Add([.. page.JobSummaryList!.Select(job => job.JobName)]);
            token = page.NextToken;
        }
        while (token is not null);
        return pages;
    }

    private static Task<ListJobsResponse> ListAsync(LocalRunsTransport batch, int size, string? token) => batch.SendAsync(
        BatchOperations.ListJobs,
        new ListJobsRequest { JobQueue = RecordedRuns.Queue, JobStatus = "SUCCEEDED", MaxResults = size, NextToken = token }, Stop);
}
