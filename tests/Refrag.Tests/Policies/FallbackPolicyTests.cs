using CsCheck;
using Refrag.Aws.Batch;
using Refrag.Policies;

namespace Refrag.Tests.Policies;

public sealed class FallbackPolicyTests
{
    // How Batch words the two. (UG job_retries: "Host EC2*" is a reclaimed Spot instance)
    private const string Lost = "Host EC2 (instance i-0123456789abcdef0) terminated.";
    private const string Own = "Essential container in task exited";

    private static readonly JobPolicy s_policy = new(SpotAttempts: 2, "on-demand", "file:///claims");
    private static readonly PolicyFacts s_open =
        new() { TakesJobs = new Dictionary<string, bool> { ["on-demand"] = true, ["spot"] = true } };

    private static readonly Gen<JobDetail> s_jobs =
        from attempts in OneOf(Lost, Own, "CannotPullContainerError: no such host").Array[0, 10]
        from reason in OneOf(Lost, Own, "Terminated by ann", "Dependent Job failed")
        from status in OneOf("SUCCEEDED", "FAILED", "RUNNING", "RUNNABLE")
        from queue in OneOf("arn:aws:batch:us-east-1:1:job-queue/spot", "arn:aws:batch:us-east-1:1:job-queue/on-demand")
        from before in Gen.Int[0, 3]
        select Job(attempts, reason, status, queue, before);

    [Fact]
    public void Decide_HostsLostOftenEnough_MovesToOnDemand()
    {
        SubmitSuccessor move = Assert.IsType<SubmitSuccessor>(Assert.Single(Decide(Job([Lost, Lost], Lost))));

        Assert.Equal(("job", 2, "on-demand", "on-demand", 2, 2),
            (move.Subject, move.Attempt, move.Step, move.Queue, move.Attempts, move.Reclaimed));
        Assert.Equal("reclaimed twice, moved to on-demand", move.Reason);
    }

    [Fact]
    public void Decide_OtherFaultsUsedTheAttemptsUp_StaysOnSpotForTheRest()
    {
        SubmitSuccessor again =
            Assert.IsType<SubmitSuccessor>(Assert.Single(Decide(Job(["CannotPullContainerError: no such host", Lost], Lost))));

        Assert.Equal(("spot-again", "spot", 1, 1), (again.Step, again.Queue, again.Attempts, again.Reclaimed));
    }

    [Fact]
    public void Decide_ReclaimedBeforeInTheChain_Counts() =>
        Assert.Equal("on-demand", Assert.IsType<SubmitSuccessor>(Assert.Single(Decide(Job([Lost], Lost, before: 1)))).Step);

    [Theory]
    [InlineData(Own, Own)]
    [InlineData(Lost, "Terminated by ann")]
    [InlineData(Own, Lost)]
    public void Decide_OwnFailureOrAUsersEnd_DoesNothing(string attempt, string reason) =>
        Assert.Empty(Decide(Job([Lost, attempt], reason)));

    [Fact]
    public void Decide_QueueThatTakesNoJobs_OnlyWarns()
    {
        PolicyFacts closed = new() { TakesJobs = new Dictionary<string, bool> { ["on-demand"] = false } };
        PolicyAction warning = Assert.Single(FallbackPolicy.Decide(s_policy, JobObservation.Of(Job([Lost, Lost], Lost)), closed));

        Assert.Equal("job queue on-demand takes no jobs", Assert.IsType<Warn>(warning).Reason);
    }

    [Fact]
    public void Decide_ArraysNodesAndWhatWasMoved_DoesNothing()
    {
        JobDetail job = Job([Lost, Lost], Lost);
        Assert.All(
            (JobDetail[])
            [
                job with { ArrayProperties = new ArrayPropertiesDetail { Size = 2 } },
                job with { ArrayProperties = new ArrayPropertiesDetail { Index = 0 } },
                job with { NodeDetails = new NodeDetails { NodeIndex = 0 } },
                job with { Tags = new Dictionary<string, string> { [JobPolicy.MovedToTag] = "next" } },
            ],
            other => Assert.Empty(Decide(other)));
    }

    // For whatever Batch says of a job: the same answer each time, one action at most, none for what failed by itself, and no more than
    // the attempts that the policy has.
    [Fact]
    public void Decide_AnyJob_IsRepeatableAndNeverMovesAnOwnFailure() => s_jobs.Sample(job =>
    {
        IReadOnlyList<PolicyAction> actions = Decide(job);
        Assert.Equal(actions, Decide(job));
        Assert.Equal(actions.Select(one => one.Id), Decide(job with { CreatedAt = 5 }).Select(one => one.Id));
        Assert.InRange(actions.Count, 0, 1);
        bool isLost = job.Status == JobStatus.Failed && job.StatusReason == Lost && job.Attempts is [.., { StatusReason: Lost }];
        bool isOnDemand = job.JobQueue!.EndsWith("/on-demand", StringComparison.Ordinal);
        Assert.Equal(isLost && !isOnDemand, actions.Count == 1);
        if (actions is [SubmitSuccessor move]) Assert.InRange(move.Attempts!.Value, 1, s_policy.SpotAttempts);
    });

    // A chain of any faults ends: each step either counts another lost host or is the last.
    [Fact]
    public void Decide_ChainOfAnyFaults_EndsInTheOnDemandQueue() =>
        Gen.Select(Gen.Int[1, 10], OneOf(Lost, Own).Array[0, 9].Array[1, 12]).Sample((most, faults) =>
        {
            JobPolicy policy = s_policy with { SpotAttempts = most };
            (string queue, int before, int jobs) = ("spot", 0, 0);
            while (FallbackPolicy.Decide(
                policy, JobObservation.Of(Job([.. faults[jobs % faults.Length], Lost], Lost, "FAILED", queue, before)), s_open)
                is [SubmitSuccessor next])
            {
                Assert.True(next.Reclaimed > before);
                (queue, before) = (next.Queue, next.Reclaimed);
                Assert.InRange(++jobs, 1, most);
            }
            Assert.Equal("on-demand", queue);
        });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static IReadOnlyList<PolicyAction> Decide(JobDetail job) => FallbackPolicy.Decide(s_policy, JobObservation.Of(job), s_open);

    private static JobDetail Job(string[] attempts, string reason, string status = "FAILED", string queue = "spot", int before = 0) => new()
    {
        JobId = "job",
        JobName = "job",
        JobQueue = queue,
        JobDefinition = "definition:1",
        Status = status,
        StatusReason = reason,
        Attempts = [.. attempts.Select(one => new AttemptDetail { StatusReason = one })],
        Tags = new Dictionary<string, string>
        {
            [JobPolicy.ReclaimedTag] = before.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
    };
}
