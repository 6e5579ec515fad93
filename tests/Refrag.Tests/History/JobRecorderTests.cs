using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.History;

namespace Refrag.Tests.History;

public sealed partial class JobRecorderTests : IDisposable
{
    private static readonly JobPlace s_place = new(JobPlace.Aws, "1", "us-east-1");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(FakeAccount.Now);
    private readonly FakeHosts _aws = new();
    private readonly List<Problem> _problems = [];
    private readonly HistoryStore _store;
    private readonly JobRecorder _recorder;

    public JobRecorderTests()
    {
        _store = HistoryStore.Open(Path.Combine(_folder.Path, "history.db"), _time, _problems.Add, wait: TimeSpan.FromSeconds(1));
        _recorder = new JobRecorder(_aws, _aws, JobPlace.Aws, _store, _time, _problems.Add);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SeeAsync_SpotJob_HasTypeZoneMarketAndThePriceOfItsHour()
    {
        _aws.Add("1", "m6i.xlarge", "spot", "us-east-1b");
        _aws.Spot["us-east-1b"] = 0.0712m;
        Run("a", "1");

        await LookAsync("a");

        RecordedAttempt attempt = Assert.Single(_store.Find(s_place, "a")!.Attempts);
        Assert.Equal(new HostInstance("i-1", "m6i.xlarge", "us-east-1b", "spot"), attempt.Instance);
        Assert.Equal(0.0712m, attempt.SpotUsd);
        Assert.Equal([new DateTimeOffset(2026, 8, 10, 11, 0, 0, TimeSpan.Zero)], _aws.AskedAt);
        Assert.Equal(new Recorded(1, 1), _recorder.Done);
    }

    [Fact]
    public async Task SeeAsync_ManyJobsOnFewInstances_AsksForAHundredAtATimeAndForEachOnce()
    {
        for (int host = 0; host < 150; host++) _aws.Add($"{host}", "m6i.large");
        for (int job = 0; job < 300; job++) Run($"j{job}", $"{job % 150}");
        string[] ids = [.. Enumerable.Range(0, 300).Select(job => $"j{job}")];

        await LookAsync(ids);
        await LookAsync(ids);
        Run("late", "7");
        await LookAsync([.. ids, "late"]);

        Assert.Equal([100, 100, 100, 1], _aws.Calls.Where(c => c.Operation == "DescribeJobs").Select(c => c.Count));
        Assert.Equal([100, 50], _aws.Calls.Where(c => c.Operation == "DescribeContainerInstances").Select(c => c.Count));
        Assert.Equal([100, 50], _aws.Calls.Where(c => c.Operation == "DescribeInstances").Select(c => c.Count));
        Assert.Equal(0, _aws.CallsOf("DescribeSpotPriceHistory"));
        Assert.Equal(new Recorded(301, 301), _recorder.Done);
    }

    // (ECS API, common errors: AccessDeniedException; EC2 API, error codes: UnauthorizedOperation)
    [Theory]
    [InlineData("DescribeContainerInstances", "AccessDeniedException", "ecs:DescribeContainerInstances")]
    [InlineData("DescribeInstances", "UnauthorizedOperation", "ec2:DescribeInstances")]
    public async Task SeeAsync_ActionRefused_IsSaidAndAskedOnce(string operation, string code, string action)
    {
        _aws.Denied[operation] = code;
        _aws.Add("1", "m6i.large");
        _aws.Add("2", "m6i.large");
        Run("a", "1");
        await LookAsync("a");
        Run("b", "2");

        await LookAsync("a", "b");

        Problem problem = Assert.Single(_problems);
        Assert.Equal("RF8102", problem.Code);
        Assert.Contains(action, problem.What, StringComparison.Ordinal);
        Assert.Equal(1, _aws.CallsOf(operation));
        Assert.All((string[])["a", "b"], id => Assert.Null(Assert.Single(_store.Find(s_place, id)!.Attempts).Instance));
    }

    // (ECS API, common errors: ServerException; EC2 API, error codes: InternalError)
    [Theory]
    [InlineData("DescribeContainerInstances", "ServerException")]
    [InlineData("DescribeInstances", "InternalError")]
    public async Task SeeAsync_ActionNotAnsweredTwice_IsLeftAloneForTenMinutesAndThenAskedAgain(string operation, string code)
    {
        _aws.Denied[operation] = code;
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        for (int look = 0; look < 5; look++) await LookAsync("a");
        int asked = _aws.CallsOf(operation);
        _aws.Denied.Clear();
        await LookAsync("a");
        int askedBefore = _aws.CallsOf(operation);
        _time.Advance(TimeSpan.FromMinutes(11));

        await LookAsync("a");

        Assert.Equal((2, 2), (asked, askedBefore));
        Assert.Equal("RF8103", Assert.Single(_problems).Code);
        Assert.Equal("m6i.large", Assert.Single(_store.Find(s_place, "a")!.Attempts).Instance?.Type);
    }

    [Fact]
    public async Task SeeAsync_NumberThatIsNoTime_IsLeftOut()
    {
        Run("a", "1");
        _aws.Jobs[0] = _aws.Jobs[0] with { CreatedAt = long.MaxValue };

        await LookAsync("a");

        Assert.Null(_store.Find(s_place, "a")!.CreatedAt);
    }

    [Fact]
    public async Task SeeAsync_SpotPriceRefused_IsMeasuredWithoutThePrice()
    {
        _aws.Denied["DescribeSpotPriceHistory"] = "UnauthorizedOperation";
        _aws.Add("1", "m6i.large", "spot");
        Run("a", "1");

        await LookAsync("a");

        RecordedAttempt attempt = Assert.Single(_store.Find(s_place, "a")!.Attempts);
        Assert.Equal(("spot", (decimal?)null), (attempt.Instance!.Market, attempt.SpotUsd));
        Assert.Contains("ec2:DescribeSpotPriceHistory", Assert.Single(_problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeeAsync_JobThatLeftTheList_IsDescribedOnceMoreWithItsEnd()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        await LookAsync("a");
        End("a");

        await LookAsync();
        await LookAsync();

        RecordedJob ended = _store.Find(s_place, "a")!;
        Assert.True(ended.HasEnded);
        RecordedAttempt attempt = Assert.Single(ended.Attempts);
        Assert.Equal((FakeAccount.Now, false, "m6i.large"), (attempt.StoppedAt, attempt.HasFailed, attempt.Instance?.Type));
        Assert.Equal(2, _aws.CallsOf("DescribeJobs"));
    }

    // The instance of the first attempt is gone by then: what was measured of it stays.
    [Fact]
    public async Task SeeAsync_RetriedJob_KeepsTheInstanceOfEachAttempt()
    {
        _aws.Add("1", "m6i.large", "spot");
        _aws.Add("2", "c6i.large");
        Run("a", "1");
        await LookAsync("a");
        _aws.Instances.Remove("i-1");
        JobDetail job = _aws.Jobs[0];
        _aws.Jobs[0] = job with
        {
            StartedAt = Milliseconds(-5),
            Container = new ContainerDetail { ContainerInstanceArn = FakeHosts.Host("2") },
            Attempts =
            [
                new AttemptDetail
                {
                    StartedAt = job.StartedAt,
                    StoppedAt = Milliseconds(-6),
                    Container = new AttemptContainerDetail { ContainerInstanceArn = FakeHosts.Host("1") },
                },
            ],
        };

        await LookAsync("a");

        IReadOnlyList<RecordedAttempt> attempts = _store.Find(s_place, "a")!.Attempts;
        Assert.Equal(["m6i.large", "c6i.large"], attempts.Select(a => a.Instance?.Type));
        Assert.Equal(["spot", "on-demand"], attempts.Select(a => a.Instance?.Market));
        Assert.Equal([true, null], attempts.Select(a => a.HasFailed));
    }

    [Fact]
    public async Task SeeAsync_Array_RecordsItsChildrenAndNotItself()
    {
        _aws.Add("1", "m6i.large");
        Run("array:0", "1");
        Run("array:1", "1");

        JobSummary array = new() { JobId = "array", Status = "PENDING", ArrayProperties = new ArrayPropertiesSummary { Size = 2 } };
        await _recorder.SeeAsync([array], isWhole: true, Token);

        Assert.Equal(["array:0", "array:1"], _store.List(s_place, null).Select(job => job.Id).Order(StringComparer.Ordinal));
        Assert.Equal(1, _aws.CallsOf("DescribeContainerInstances"));
    }

    [Fact]
    public async Task SeeAsync_MultiNodeJob_MeasuresEachNode()
    {
        _aws.Add("1", "m6i.large");
        _aws.Add("2", "c6i.large");
        Run("mnp", "1");
        _aws.Jobs[0] = _aws.Jobs[0] with { NodeProperties = new NodeProperties { NumNodes = 2, MainNode = 0, NodeRangeProperties = [] } };
        for (int node = 0; node < 2; node++)
        {
            Run($"mnp#{node}", $"{node + 1}");
            _aws.Jobs[^1] = _aws.Jobs[^1] with { NodeDetails = new NodeDetails { NodeIndex = node } };
        }

        await LookAsync("mnp");

        Assert.Equal(
            [(-1, "m6i.large"), (0, "m6i.large"), (1, "c6i.large")],
            _store.Find(s_place, "mnp")!.Attempts.Select(a => (a.Node, a.Instance?.Type)));
        Assert.Single(_store.List(s_place, null));
    }

    [Fact]
    public async Task SeeAsync_FargateJob_AsksNothing()
    {
        Run("a", "1");
        _aws.Jobs[0] = _aws.Jobs[0] with
        {
            PlatformCapabilities = ["FARGATE"],
            Container = _aws.Jobs[0].Container! with { ContainerInstanceArn = null },
        };

        await LookAsync("a");

        Assert.Equal(HostPlatform.Fargate, _store.Find(s_place, "a")!.Platform);
        Assert.Equal(0, _aws.CallsOf("DescribeContainerInstances"));
    }

    [Fact]
    public async Task CloseAsync_JobOfAnEarlierWatch_GetsItsEnd()
    {
        Run("a", "1");
        await LookAsync("a");
        End("a");
        JobRecorder next = new(_aws, _aws, JobPlace.Aws, _store, _time, _problems.Add);

        await next.CloseAsync(s_place, Token);

        Assert.True(_store.Find(s_place, "a")!.HasEnded);
        Assert.Empty(_store.Open(s_place, DateTimeOffset.MinValue, 100)!);
    }

    [Fact]
    public async Task SeeAsync_CommandAndEnvironment_AreNotKept()
    {
        Run("a", "1");
        _aws.Jobs[0] = _aws.Jobs[0] with
        {
            Parameters = new Dictionary<string, string> { ["word"] = "in-a-parameter" },
            Container = _aws.Jobs[0].Container! with
            {
                Command = ["in-the-command"],
                Environment = [new Refrag.Aws.Batch.KeyValuePair { Name = "TOKEN", Value = "in-the-environment" }],
            },
        };

        await LookAsync("a");

        _store.Dispose();
        string kept = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "history.db"), System.Text.Encoding.Latin1, Token);
        Assert.Contains("train", kept, StringComparison.Ordinal);
        Assert.All(
            (string[])["in-a-parameter", "in-the-command", "in-the-environment", "TOKEN"],
            word => Assert.DoesNotContain(word, kept, StringComparison.Ordinal));
    }

    // A second recorder on the same file: what AWS calls by an id it never calls so again.
    [Fact]
    public async Task SeeAsync_InstanceThatAnotherProcessMeasured_IsNotAskedFor()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        await LookAsync("a");
        Run("b", "1");
        JobRecorder next = new(_aws, _aws, JobPlace.Aws, _store, _time, _problems.Add);

        await next.SeeAsync([new JobSummary { JobId = "b", Status = "RUNNING" }], true, Token);

        Assert.Equal("i-1", Assert.Single(_store.Find(s_place, "b")!.Attempts).Instance?.Id);
        Assert.Equal(1, _aws.CallsOf("DescribeContainerInstances"));
    }

    [Fact]
    public async Task WatchAsync_JobThatDoesNotChange_IsMeasuredOnce()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");

        for (int answer = 0; answer < 5; answer++) await _recorder.WatchAsync(_aws.Jobs[0], Token);

        Assert.Equal(1, _aws.CallsOf("DescribeContainerInstances"));
        Assert.Equal(0, _aws.CallsOf("DescribeJobs"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private Task LookAsync(params string[] active) =>
        _recorder.SeeAsync([.. active.Select(id => new JobSummary
        {
            JobId = id,
            Status = JobStatus.Running,
            StartedAt = _aws.Jobs.First(job => job.JobId == id).StartedAt,
        })], isWhole: true, Token);

    private void Run(string id, string host)
    {
        JobDetail job = FakeAccount.Job("RUNNING", minutes: 31, id: id);
        _aws.Jobs.Add(job with { Container = job.Container! with { ContainerInstanceArn = FakeHosts.Host(host) } });
    }

    private void End(string id)
    {
        int index = _aws.Jobs.FindIndex(job => job.JobId == id);
        JobDetail job = _aws.Jobs[index];
        _aws.Jobs[index] = job with
        {
            Status = JobStatus.Succeeded,
            StoppedAt = Milliseconds(0),
            Attempts =
            [
                new AttemptDetail
                {
                    StartedAt = job.StartedAt,
                    StoppedAt = Milliseconds(0),
                    Container = new AttemptContainerDetail { ContainerInstanceArn = job.Container!.ContainerInstanceArn },
                },
            ],
        };
    }

    private static long Milliseconds(int minutes) => FakeAccount.Now.AddMinutes(minutes).ToUnixTimeMilliseconds();
}
