using CsCheck;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Tests.Reactions;

public sealed class JobReactorTests : IDisposable
{
    private const string Lost = "Host EC2 (instance i-0123456789abcdef0) terminated.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-react");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private enum Fault
    {
        None,
        LostBefore,
        LostAfter,
        Throttled,
        ServerAfter,
    }

    [Fact]
    public async Task ReactAsync_HostsLost_SubmitsTheSuccessorAndTagsTheOldJob()
    {
        Account account = new(new FakeBatch());
        Reaction.Moved moved = Assert.IsType<Reaction.Moved>(await Reactor(account, "one").ReactAsync(Job(), Stop));

        SubmitJobRequest sent = Assert.Single(account.Submitted);
        Assert.Equal(("reclaimed twice, moved to on-demand", "on-demand"), (moved.Reason, moved.Queue));
        Assert.Equal(("on-demand", "job", "2"), (sent.JobQueue, sent.Tags!["refrag:retry-of"], sent.Tags["refrag:reclaimed"]));
        Assert.StartsWith("move-", sent.Tags["refrag:submission-id"], StringComparison.Ordinal);
        Assert.Null(sent.DependsOn);
        Assert.Equal(moved.JobId, account.Tagged["arn:job"][JobPolicy.MovedToTag]);
        // Of what is recorded nothing is submitted again.
        Assert.Equal(moved.JobId, Assert.IsType<Reaction.Moved>(await Reactor(account, "two").ReactAsync(Job(), Stop)).JobId);
        Assert.Single(account.Submitted);
    }

    // On demand the chain has come to its end: nothing cancels the successor there to move it to a region.
    [Fact]
    public async Task ReactAsync_HostsLostOfAJobThatMayLeaveItsRegion_TheSuccessorStays()
    {
        Account account = new(new FakeBatch());
        JobDetail job = Job();
        RegionMoves moves = new("us-east-1", ["us-west-2"], TimeSpan.FromMinutes(30), "definition", Place);
        job = job with { Tags = job.Tags!.Concat(moves.Tags).DistinctBy(tag => tag.Key).ToDictionary(StringComparer.Ordinal) };
        Assert.IsType<Reaction.Moved>(await Reactor(account, "one").ReactAsync(job, Stop));

        SubmitJobRequest sent = Assert.Single(account.Submitted);
        Assert.Equal(("on-demand", "us-east-1", ""), (sent.JobQueue, sent.Tags!["refrag:region"], sent.Tags["refrag:regions"]));
        Assert.Empty(RegionMoves.Read(sent.Tags)!.Next);
    }

    // The claim stays open, and whoever takes it over would submit it as well.
    [Fact]
    public async Task ReactAsync_SubmissionThatIsNotKnown_SaysNotToSubmitAgain()
    {
        Account account = new(new FakeBatch { Before = (name, _) => name == "SubmitJob" ? FakeBatch.Lost(name) : null });

        Problem unknown = Assert.IsType<Reaction.Waiting>(await Reactor(account, "one").ReactAsync(Job(), Stop)).Unknown!;

        Assert.Equal("RF8187", unknown.Code);
        Assert.StartsWith("Do not submit it again yourself", unknown.Cure, StringComparison.Ordinal);
        Assert.Contains("refrag:submission-id=move-", unknown.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReactAsync_ClaimsOfAnotherStore_IsRefusedAndSaysWhere()
    {
        Account account = new(new FakeBatch());
        JobDetail job = Job("machine-0123");
        Problem problem = Assert.IsType<Reaction.Refused>(await Reactor(account, "one").ReactAsync(job, Stop)).Problem;

        Assert.Equal("RF8140", problem.Code);
        Assert.Contains("job has lost its host and", problem.What, StringComparison.Ordinal);
        Assert.Contains("the own folder of one machine (machine-0123)", problem.What, StringComparison.Ordinal);
        Assert.Empty(account.Submitted);
    }

    [Fact]
    public async Task ReactAsync_QueueThatIsDisabled_IsRefused()
    {
        Account account = new(new FakeBatch()) { QueueState = JQState.Disabled };
        Assert.Equal(
            "RF8139", Assert.IsType<Reaction.Refused>(await Reactor(account, "one").ReactAsync(Job(), Stop)).Problem.Code);
        Assert.Empty(account.Submitted);
    }

    // What passes is no reason to give the job up.
    [Fact]
    public async Task ReactAsync_SubmissionThatIsThrottled_IsTriedAgainLater()
    {
        Account account = new(new FakeBatch { Before = (name, _) => name == "SubmitJob" ? FakeBatch.Throttled(name) : null });

        Assert.IsType<Reaction.Waiting>(await Reactor(account, "one").ReactAsync(Job(), Stop));

        Assert.Empty(account.Submitted);
    }

    [Fact]
    public async Task ReactAsync_HostThatReadTheJobDifferently_IsNotFollowed()
    {
        Account account = new(new FakeBatch());
        ShortWaits time = new();
        ClaimBook other = Book(time, "other");
        await other.TakeAsync("move-other", "job", 2, "something else", Stop);
        JobReactor reactor = new(account, Book(time, "one"), time);
        Assert.IsType<Reaction.Waiting>(await reactor.ReactAsync(Job(), Stop));
        time.Advance(ClaimBook.UsualLease);

        Assert.Equal("RF8141", Assert.IsType<Reaction.Refused>(await reactor.ReactAsync(Job(), Stop)).Problem.Code);
        Assert.Empty(account.Submitted);
    }

    // Hosts that are killed after any number of requests, others that come later, lost answers and refusals in any order, a ListJobs that
    // is behind: never two successors, and one in the end.
    [Fact]
    public Task ReactAsync_SeveralHostsKillsAndFaults_OneSuccessorAtMost() =>
        Gen.Select(Gen.Enum<Fault>().Array[8], Gen.Int[0, 25], Gen.Int[1, 12].Array[1, 4]).SampleAsync(async (faults, hidden, kills) =>
        {
            string place = $"{Place}/{Guid.NewGuid():N}";
            ShortWaits time = new();
            int call = 0;
            int? killedAt = null;
            Fault now = Fault.None;
            Account account = new(new FakeBatch
            {
                Before = (operation, _) =>
                {
                    call++;
                    if (call > killedAt) throw new KilledException();
                    now = killedAt is null ? Fault.None : faults[call % faults.Length];
                    return now switch
                    {
                        Fault.LostBefore => FakeBatch.Lost(operation),
                        Fault.Throttled => FakeBatch.Throttled(operation),
                        _ => null,
                    };
                },
                After = (operation, _) => now switch
                {
                    Fault.LostAfter => FakeBatch.Lost(operation),
                    Fault.ServerAfter => BatchException.Server(operation, ""),
                    _ => null,
                },
            })
            {
                Time = time,
                Hidden = TimeSpan.FromSeconds(hidden),
            };
            foreach (int requests in kills)
            {
                (call, killedAt) = (0, requests);
                await KilledAsync(new JobReactor(account, Book(time, $"killed after {requests}", place), time), Job(place), time);
                Assert.InRange(account.Batch.Jobs.Count, 0, 1);
            }
            killedAt = null;
            JobReactor last = new(account, Book(time, "last", place), time);
            Reaction reaction = await last.ReactAsync(Job(place), CancellationToken.None);
            for (int looks = 0; reaction is Reaction.Waiting && looks < 10; looks++)
            {
                time.Advance(ClaimBook.UsualLease);
                reaction = await last.ReactAsync(Job(place), CancellationToken.None);
            }
            Assert.Equal(Assert.Single(account.Batch.Jobs).JobId, Assert.IsType<Reaction.Moved>(reaction).JobId);
        }, iter: 300);

    public void Dispose() => _folder.Delete(recursive: true);

    // It comes back until it is killed, or has done it.
    private static async Task KilledAsync(JobReactor reactor, JobDetail job, ShortWaits time)
    {
        for (int looks = 0; looks < 3; looks++)
        {
            try
            {
                await reactor.ReactAsync(job, CancellationToken.None);
            }
            catch (KilledException)
            {
                return;
            }
            catch (AwsException)
            {
                // Before anything was sent: it looks again.
            }
            time.Advance(ClaimBook.UsualLease);
        }
    }

    private JobReactor Reactor(IAwsTransport batch, string owner)
    {
        ShortWaits time = new();
        return new JobReactor(batch, Book(time, owner), time);
    }

    private ClaimBook Book(TimeProvider time, string owner, string? place = null) => new(
        ClaimStores.Named(place ?? Place, place: null, new AwsClientOptions()).Value, time, owner, ClaimBook.UsualLease);

    private string Place => new Uri(_folder.FullName).AbsoluteUri;

    private JobDetail Job(string? claims = null) => new()
    {
        JobId = "job",
        JobArn = "arn:job",
        JobName = "train",
        JobQueue = "spot",
        JobDefinition = "definition:1",
        Status = JobStatus.Failed,
        StatusReason = Lost,
        DependsOn = [new JobDependency { JobId = "earlier" }],
        Attempts = [new AttemptDetail { StatusReason = Lost }, new AttemptDetail { StatusReason = Lost }],
        RetryStrategy = new RetryStrategy { Attempts = 2 },
        Tags = new JobPolicy(2, "on-demand", claims ?? Place).Tags.ToDictionary(StringComparer.Ordinal),
    };

    private sealed class KilledException : Exception;

    // What FakeBatch has not: queues and tags. Submissions are counted where they take effect.
    private sealed class Account(FakeBatch batch) : IAwsTransport
    {
        public FakeBatch Batch => batch;

        public string QueueState { get; init; } = JQState.Enabled;

        /// <summary>For how long a new job is not listed.</summary>
        public TimeSpan Hidden { get; init; }

        public TimeProvider Time { get; init; } = TimeProvider.System;

        private DateTimeOffset SentAt { get; set; }

        public List<SubmitJobRequest> Sent { get; } = [];

        public IReadOnlyList<SubmitJobRequest> Submitted =>
            [.. batch.Jobs.Select(job => Sent.First(one => one.Tags!["refrag:submission-id"] == job.Tags!["refrag:submission-id"]))];

        public Dictionary<string, IReadOnlyDictionary<string, string>> Tagged { get; } = new(StringComparer.Ordinal);

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            switch (request)
            {
                case SubmitJobRequest submit:
                    Sent.Add(submit);
                    SentAt = Time.GetUtcNow();
                    return batch.SendAsync(operation, request, cancellationToken);
                case ListJobsRequest when Time.GetUtcNow() - SentAt < Hidden:
                    return Task.FromResult((TResponse)(object)new ListJobsResponse { JobSummaryList = [] });
                case TagResourceRequest tag:
                    Tagged[tag.ResourceArn] = tag.Tags;
                    return Task.FromResult((TResponse)(object)new TagResourceResponse());
                case DescribeJobQueuesRequest queues:
                    JobQueueDetail queue = new()
                    {
                        JobQueueName = queues.JobQueues![0],
                        JobQueueArn = "arn",
                        State = QueueState,
                        Status = JQStatus.Valid,
                        Priority = 1,
                        ComputeEnvironmentOrder = [],
                    };
                    return Task.FromResult((TResponse)(object)new DescribeJobQueuesResponse { JobQueues = [queue] });
                default:
                    return batch.SendAsync(operation, request, cancellationToken);
            }
        }
    }
}
