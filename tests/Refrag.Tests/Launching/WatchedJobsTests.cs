using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Tests.Launching;

public sealed class WatchedJobsTests
{
    private static readonly PollPace s_pace = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

    private readonly PassingTime _time = new();
    private readonly List<AwsException> _outages = [];

    [Fact]
    public async Task WatchAsync_JobsThatEndOneAfterTheOther_AsksForTheOthersAlone()
    {
        Described batch = new([Job("a", "SUCCEEDED"), Job("b", "RUNNING")], [Job("b", "RUNNING")], [Job("b", "FAILED")]);

        Assert.Equal(["a SUCCEEDED, b RUNNING", "b RUNNING", "b FAILED"], await WatchAsync(batch, "a", "b", "a"));
        Assert.Equal(["a b", "b", "b"], batch.Asked);
    }

    [Fact]
    public async Task WatchAsync_NothingChanges_AsksLessOftenUpToTheLongestWait()
    {
        Described batch = new([.. Enumerable.Repeat<JobDetail[]>([Job("a", "RUNNABLE")], 9), [Job("a", "SUCCEEDED")]]);

        await WatchAsync(batch, "a");

        Assert.Equal([1, 1.5, 2.25, 3.375], _time.Waits.Take(4).Select(wait => wait.TotalSeconds));
        Assert.Equal(15, _time.Waits[^1].TotalSeconds);
    }

    [Fact]
    public async Task WatchAsync_OneOfThemChanges_AsksSoonAgain()
    {
        Described batch = new(
            [Job("a", "RUNNABLE"), Job("b", "RUNNABLE")], [Job("a", "RUNNABLE"), Job("b", "RUNNABLE")],
            [Job("a", "RUNNABLE"), Job("b", "RUNNING")], [Job("a", "SUCCEEDED"), Job("b", "SUCCEEDED")]);

        await WatchAsync(batch, "a", "b");

        Assert.Equal([1, 1.5, 1], _time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task WatchAsync_JobThatIsNotVisibleYet_IsAskedForAgain()
    {
        Described batch = new([], [], [Job("a", "SUCCEEDED")]);

        Assert.Equal(["a SUCCEEDED"], await WatchAsync(batch, "a"));
    }

    [Fact]
    public async Task WatchAsync_JobThatIsNeverVisible_EndsWithTheOthers()
    {
        Described batch = new([Job("b", "RUNNING")], [Job("b", "SUCCEEDED")], []);

        Assert.Equal(["b RUNNING", "b SUCCEEDED"], await WatchAsync(batch, "a", "b"));
        Assert.InRange(_time.Waits.Sum(wait => wait.TotalSeconds), JobHandle.Visible.TotalSeconds, 2 * JobHandle.Visible.TotalSeconds);
    }

    [Fact]
    public async Task WatchAsync_MoreThanAHundred_AreAskedForByTheHundred()
    {
        string[] ids = [.. Enumerable.Range(0, 250).Select(i => $"job-{i}")];
        Described batch = new([.. ids.Chunk(100).Select(some => some.Select(id => Job(id, "SUCCEEDED")).ToArray())]);

        await WatchAsync(batch, ids);

        Assert.Equal([100, 100, 50], batch.Asked.Select(asked => asked.Split(' ').Length));
    }

    [Fact]
    public async Task WatchAsync_NoAnswerForAWhile_ContinuesAtTheLongestWait()
    {
        Described batch = new([Job("a", "RUNNING")], [Job("a", "SUCCEEDED")]) { Fails = asked => asked is 2 or 3 };

        Assert.Equal(["a RUNNING", "a SUCCEEDED"], await WatchAsync(batch, "a"));
        Assert.Equal([1, 15, 15], _time.Waits.Select(wait => wait.TotalSeconds));
        Assert.Single(_outages);
    }

    [Fact]
    public async Task WatchAsync_NoAnswerForMinutes_GivesUp()
    {
        Described batch = new([Job("a", "RUNNING")]) { Fails = asked => asked > 1 };

        await Assert.ThrowsAsync<AwsConnectionException>(() => WatchAsync(batch, "a"));

        Assert.Equal(OutageTolerance.Longest.TotalSeconds + 1, _time.Waits.Sum(wait => wait.TotalSeconds));
        Assert.Single(_outages);
    }

    private async Task<IReadOnlyList<string>> WatchAsync(Described batch, params string[] ids)
    {
        List<string> seen = [];
        WatchedJobs watched = new(new PatientTransport(batch, _time, _outages.Add), _time, ids);
        await foreach (IReadOnlyList<JobDetail> jobs
            in watched.WatchAsync(s_pace, JobHandle.Visible, TestContext.Current.CancellationToken))
            seen.Add(string.Join(", ", jobs.Select(job => $"{job.JobId} {job.Status}")));
        return seen;
    }

    private static JobDetail Job(string id, string status) => new() { JobId = id, Status = status };

    /// <summary>A Batch that answers each DescribeJobs with the next of several lists, and repeats the last one.</summary>
    private sealed class Described(params JobDetail[][] answers) : IAwsTransport
    {
        private int _asked;

        public List<string> Asked { get; } = [];

        /// <summary>Whether a question, counted from 1, gets no answer.</summary>
        public Func<int, bool> Fails { get; init; } = static _ => false;

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            if (Fails(++_asked))
            {
                throw new AwsConnectionException(
                    operation.Service, operation.Name, new Uri("http://127.0.0.1:1"), answerLost: false, new IOException("closed"));
            }
            JobDetail[] jobs = answers[Math.Min(Asked.Count, answers.Length - 1)];
            Asked.Add(string.Join(' ', ((DescribeJobsRequest)(object)request).Jobs));
            return Task.FromResult((TResponse)(object)new DescribeJobsResponse { Jobs = jobs });
        }
    }
}
