using CsCheck;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Tests.Reactions;

public sealed class RegionReactorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-regions");
    private readonly ShortWaits _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReactAsync_PatienceOver_EndsTheJobHereAndSubmitsItThere()
    {
        Home home = new(Waiting(Place, _time));
        Region west = new(_time);
        JobReactor reactor = Reactor(home, west, "one", Place, _time);
        Assert.IsType<Reaction.None>(await reactor.ReactAsync(home.Job, Stop));
        _time.Advance(TimeSpan.FromMinutes(30));
        Reaction.Leaving leaving = Assert.IsType<Reaction.Leaving>(await reactor.ReactAsync(home.Job, Stop));
        Assert.Equal(("us-west-2", "waited 30m in us-east-1"), (leaving.Region, leaving.Reason));
        // Nothing is submitted before the end is seen.
        Assert.Empty(west.Sent);

        Reaction.Moved moved = Assert.IsType<Reaction.Moved>(await reactor.ReactAsync(home.Job, Stop));
        SubmitJobRequest sent = Assert.Single(west.Sent).Request;
        Assert.Equal(("waited 30m in us-east-1, moved to us-west-2", "us-west-2"), (moved.Reason, moved.Region));
        Assert.Equal(("spot", "definition"), (sent.JobQueue, sent.JobDefinition));
        Assert.Equal(("job", "us-east-1", "us-west-2", ""),
            (sent.Tags!["refrag:retry-of"], sent.Tags["refrag:moved-from-region"], sent.Tags["refrag:region"],
                sent.Tags["refrag:regions"]));
        Assert.Equal((moved.JobId, "us-west-2"), (home.Tagged[JobPolicy.MovedToTag], home.Tagged[RegionMoves.MovedToRegionTag]));
    }

    [Fact]
    public async Task ReactAsync_JobThatStartsMeanwhile_IsNotEnded()
    {
        Home home = new(Waiting(Place, _time)) { StartsBeforeCancel = true };
        Region west = new(_time);
        JobReactor reactor = Reactor(home, west, "one", Place, _time);
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.IsType<Reaction.Leaving>(await reactor.ReactAsync(home.Job, Stop));

        // CancelJob succeeds and does nothing to a job that has started. (API CancelJob)
        Assert.Equal(JobStatus.Running, home.Job.Status);
        Assert.IsType<Reaction.None>(await reactor.ReactAsync(home.Job, Stop));
        Assert.Empty(west.Sent);
    }

    [Fact]
    public async Task ReactAsync_NoRegionTakesIt_IsNotEnded()
    {
        Home home = new(Waiting(Place, _time));
        _time.Advance(TimeSpan.FromMinutes(30));
        JobReactor reactor = Reactor(home, new Region(_time) { IsOpen = false }, "one", Place, _time);
        Assert.Equal("RF8185", Assert.IsType<Reaction.Refused>(await reactor.ReactAsync(home.Job, Stop)).Problem.Code);
        Assert.Equal(JobStatus.Runnable, home.Job.Status);
    }

    [Fact]
    public async Task ReactAsync_ClaimsOfAnotherStore_IsNotEnded()
    {
        Home home = new(Waiting("machine-0123", _time));
        _time.Advance(TimeSpan.FromMinutes(30));
        JobReactor reactor = Reactor(home, new Region(_time), "one", Place, _time);
        Problem problem = Assert.IsType<Reaction.Refused>(await reactor.ReactAsync(home.Job, Stop)).Problem;
        Assert.Equal("RF8140", problem.Code);
        // It only waits.
        Assert.Contains("job is to leave its region and", problem.What, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Runnable, home.Job.Status);
    }

    // It is moved when a region opens: to repeat it by hand would run it twice.
    [Fact]
    public async Task ReactAsync_EndedAndNoRegionTakesIt_AdvisesNoSecondRun()
    {
        JobDetail ended = Waiting(Place, _time) with
        {
            Status = JobStatus.Failed,
            StatusReason = "refrag moves it to us-west-2: waited 30m in us-east-1",
        };
        JobReactor reactor = Reactor(new Home(ended), new Region(_time) { IsOpen = false }, "one", Place, _time);
        Problem problem = Assert.IsType<Reaction.Refused>(await reactor.ReactAsync(ended, Stop)).Problem;
        Assert.Equal("RF8185", problem.Code);
        Assert.DoesNotContain("refrag run", problem.Cure, StringComparison.Ordinal);
    }

    // Hosts take turns; requests and answers are lost, and a claim is waited for.
    [Fact]
    public Task ReactAsync_SeveralHostsAndLostAnswers_SubmitOneSuccessorAfterTheEnd() =>
        Gen.Select(Gen.Int[0, 2].Array[30], Gen.Enum<Fate>().Array[60]).SampleAsync(async (turns, fates) =>
        {
            string place = $"{Place}/{Guid.NewGuid():N}";
            ShortWaits time = new();
            int requests = 0;
            bool isCalm = false;
            Fate Next() => isCalm ? Fate.None : fates[requests++ % fates.Length];
            Home home = new(Waiting(place, time)) { Next = Next };
            Region west = new(time) { Next = Next, Sees = () => Assert.Equal(JobStatus.Failed, home.Job.Status) };
            time.Advance(TimeSpan.FromHours(1));
            JobReactor[] hosts = [.. Enumerable.Range(0, 3).Select(i => Reactor(home, west, $"host {i}", place, time))];
            Reaction? last = null;
            int[] all = [.. turns, 0, 1, 2, 0, 1, 2, 0, 1, 2];
            foreach ((int turn, int host) in all.Index())
            {
                isCalm = turn >= turns.Length;
                try
                {
                    last = await hosts[host].ReactAsync(home.Job, CancellationToken.None);
                }
                catch (AwsException)
                {
                    // It looks again.
                }
                time.Advance(ClaimBook.UsualLease);
            }
            Assert.Equal(Assert.Single(west.Sent).Id, Assert.IsType<Reaction.Moved>(last).JobId);
        }, iter: 200);

    public void Dispose() => _folder.Delete(recursive: true);

    private string Place => new Uri(_folder.FullName).AbsoluteUri;

    private static JobReactor Reactor(Home home, Region west, string owner, string place, TimeProvider time) => new(
        home, new ClaimBook(ClaimStores.Named(place, place: null, new AwsClientOptions()).Value, time, owner, ClaimBook.UsualLease), time,
        progress: null, region => region == "us-west-2" ? west : throw new ArgumentOutOfRangeException(nameof(region), region, null));

    private static JobDetail Waiting(string claims, TimeProvider time) => new()
    {
        JobId = "job",
        JobArn = "arn:aws:batch:us-east-1:1:job/job",
        JobName = "train",
        JobQueue = "arn:aws:batch:us-east-1:1:job-queue/spot",
        JobDefinition = "arn:aws:batch:us-east-1:1:job-definition/definition:7",
        Status = JobStatus.Runnable,
        CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        Tags = new RegionMoves("us-east-1", ["us-west-2"], TimeSpan.FromMinutes(30), "definition", claims)
            .Tags.ToDictionary(StringComparer.Ordinal),
    };

    // What becomes of a request.
    private enum Fate
    {
        None,
        LostBefore,
        LostAfter,
    }

    // The job's own region.
    private sealed class Home(JobDetail job) : IAwsTransport
    {
        public JobDetail Job { get; private set; } = job;

        public bool StartsBeforeCancel { get; init; }

        public Func<Fate> Next { get; init; } = static () => Fate.None;

        public Dictionary<string, string> Tagged { get; } = new(StringComparer.Ordinal);

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            Fate fate = Next();
            if (fate == Fate.LostBefore) throw FakeBatch.Lost(operation.Name);
            object answer;
            switch (request)
            {
                case CancelJobRequest cancel:
                    if (StartsBeforeCancel) Job = Job with { Status = JobStatus.Running };
                    if (Job.Status == JobStatus.Runnable) Job = Job with { Status = JobStatus.Failed, StatusReason = cancel.Reason };
                    answer = new CancelJobResponse();
                    break;
                case TagResourceRequest tag:
                    foreach ((string key, string value) in tag.Tags) Tagged[key] = value;
                    answer = new TagResourceResponse();
                    break;
                default:
                    throw new NotSupportedException(request.GetType().Name);
            }
            return fate == Fate.LostAfter
                ? throw FakeBatch.Lost(operation.Name)
                : Task.FromResult((TResponse)answer);
        }
    }

    // The region that it is moved to.
    private sealed class Region(TimeProvider time) : IAwsTransport
    {
        public bool IsOpen { get; init; } = true;

        public Func<Fate> Next { get; init; } = static () => Fate.None;

        public Action Sees { get; init; } = static () => { };

        public List<(string Id, long At, SubmitJobRequest Request)> Sent { get; } = [];

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            Fate fate = Next();
            if (fate == Fate.LostBefore) throw FakeBatch.Lost(operation.Name);
            object answer = Answer(request);
            return fate == Fate.LostAfter ? throw FakeBatch.Lost(operation.Name) : Task.FromResult((TResponse)answer);
        }

        private object Answer(object request) => request switch
        {
            SubmitJobRequest submit => Submit(submit),
            ListJobsRequest => new ListJobsResponse
            {
                JobSummaryList =
                    [.. Sent.Select(job => new JobSummary { JobId = job.Id, JobName = job.Request.JobName, CreatedAt = job.At })],
            },
            DescribeJobsRequest describe => new DescribeJobsResponse
            {
                Jobs =
                [
                    .. Sent.Where(job => describe.Jobs.Contains(job.Id)).Select(job => new JobDetail
                    {
                        JobId = job.Id,
                        JobName = job.Request.JobName,
                        Status = JobStatus.Runnable,
                        Tags = job.Request.Tags,
                    }),
                ],
            },
            DescribeJobQueuesRequest queues => new DescribeJobQueuesResponse { JobQueues = [Queue(queues.JobQueues![0])] },
            DescribeJobDefinitionsRequest definitions => new DescribeJobDefinitionsResponse
            {
                JobDefinitions =
                [
                    new JobDefinition
                    {
                        JobDefinitionName = definitions.JobDefinitionName!,
                        JobDefinitionArn = "arn",
                        Revision = 1,
                        Type = JobDefinitionType.Container,
                        Status = JobDefinitionStatus.Active,
                    },
                ],
            },
            _ => throw new NotSupportedException(request.GetType().Name),
        };

        private SubmitJobResponse Submit(SubmitJobRequest request)
        {
            Sees();
            Sent.Add(($"there-{Sent.Count}", time.GetUtcNow().ToUnixTimeMilliseconds(), request));
            return new SubmitJobResponse { JobId = Sent[^1].Id, JobName = request.JobName };
        }

        private JobQueueDetail Queue(string name) => new()
        {
            JobQueueName = name,
            JobQueueArn = "arn",
            State = IsOpen ? JQState.Enabled : JQState.Disabled,
            Status = JQStatus.Valid,
            Priority = 1,
            ComputeEnvironmentOrder = [],
        };
    }
}
