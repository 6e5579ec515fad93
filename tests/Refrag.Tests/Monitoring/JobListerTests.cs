using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Monitoring;

namespace Refrag.Tests.Monitoring;

public sealed class JobListerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_HundredThousandJobs_GivesEachOnceAndTheFirstAfterOnePage()
    {
        ManyJobs batch = new(100_000);
        HashSet<string> seen = new(StringComparer.Ordinal);

        await foreach (ListedJob job in new JobLister(batch).ListAsync(new JobFilter { Queues = ["q"], Statuses = ["SUCCEEDED"] }, Stop))
        {
            if (seen.Count == 0) Assert.Equal(1, batch.Requests);
            // Only a page is ever ahead of what was taken.
            Assert.InRange(batch.Handed - seen.Count, 0, 1000);
            Assert.True(seen.Add(job.Summary.JobId));
        }

        Assert.Equal(100_000, seen.Count);
        Assert.Equal(100, batch.Requests);
    }

    [Fact]
    public async Task ListAsync_ByTag_DescribesAHundredAtATime()
    {
        ManyJobs batch = new(1000);

        List<ListedJob> jobs =
            await ListAsync(batch,
                new JobFilter { Queues = ["q"], Statuses = ["SUCCEEDED"], Tags = new Dictionary<string, string> { ["app"] = "train" } });

        Assert.Equal(100, jobs.Count);
        Assert.Equal(1 + 10, batch.Requests);
    }

    [Fact]
    public async Task ListAsync_NamePattern_AsksForTheBeginningAndChecksTheRest()
    {
        List<ListedJob> jobs = await ListAsync(new ManyJobs(50), new JobFilter { Queues = ["q"], Name = "name-?" });
        List<ListedJob> none = await ListAsync(new ManyJobs(50), new JobFilter { Queues = ["q"], Name = "*-3" });

        Assert.Equal(50, jobs.Count);
        Assert.Equal(5, none.Count);
    }

    [Fact]
    public async Task ListAsync_JobMovesBetweenTheStates_IsGivenOnce()
    {
        FakeAccount account = new();
        account.Jobs.Add(FakeAccount.Job("RUNNABLE"));
        List<string> seen = [];

        await foreach (ListedJob job in new JobLister(account).ListAsync(new JobFilter { Queues = [FakeAccount.Cpu] }, Stop))
        {
            seen.Add(job.Summary.JobId);
            account.Jobs[0] = FakeAccount.Job("SUCCEEDED");
        }

        Assert.Equal(["job"], seen);
    }

    [Fact]
    public async Task StatusAsync_Queues_CountsJobsAndFindsTheOldest()
    {
        FakeAccount account = new();
        account.Jobs.AddRange(
            [FakeAccount.Job("RUNNING", id: "a"), FakeAccount.Job(id: "b", minutes: 5), FakeAccount.Job(id: "c", minutes: 9)]);

        QueueStatus status = (await new QueueReader(account).StatusAsync([FakeAccount.Cpu], Stop)).Single();

        Assert.Equal(2, status.Jobs["RUNNABLE"]);
        Assert.Equal(1, status.Jobs["RUNNING"]);
        Assert.Equal("c", status.OldestWaiting?.JobId);
        Assert.Equal(64, status.MostVCpus);
        Assert.Equal(HealthLevel.Good, Health.Of(status.Queue, status.Environments).Level);
    }

    // The head of a queue alone is called blocked. (UG job_stuck_in_runnable)
    [Theory]
    [InlineData("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than …", 20, true)]
    [InlineData("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than …", 9, false)]
    [InlineData("MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS \u2013 Batch service role has a permission issue.", 9, true)]
    [InlineData("UNDETERMINED - Batch job is blocked, root cause is undetermined.", 9, true)]
    [InlineData("A rehearsal: an instance of the fleet is there; the job waits for 4 vCPUs of this machine.", 20, false)]
    [InlineData(null, 20, false)]
    public async Task StatusAsync_BlockedHead_MakesTheQueueUnsure(string? reason, int minutes, bool isBlocked)
    {
        FakeAccount account = new();
        FakeTimeProvider time = new(FakeAccount.Now);
        account.Jobs.Add(FakeAccount.Job(id: "behind"));
        account.Jobs.Add(FakeAccount.Job(id: "head", minutes: minutes) with { StatusReason = reason });

        QueueStatus status = (await new QueueReader(account, time).StatusAsync([FakeAccount.Cpu], Stop)).Single();
        Activity activity = await new ActivityReader(account, time).ReadAsync(Stop);

        foreach (QueueStatus one in (QueueStatus[])[status, activity.Queues.Single(q => q.Queue.JobQueueName == FakeAccount.Cpu)])
        {
            Health health = Health.Of(one);
            Assert.Equal(isBlocked ? HealthLevel.Doubtful : HealthLevel.Good, health.Level);
            Assert.Equal(isBlocked, health.Reason.StartsWith("its head, train (head), is blocked: ", StringComparison.Ordinal));
        }
    }

    private static async Task<List<ListedJob>> ListAsync(IAwsTransport batch, JobFilter filter)
    {
        List<ListedJob> jobs = [];
        await foreach (ListedJob job in new JobLister(batch).ListAsync(filter, Stop)) jobs.Add(job);
        return jobs;
    }
}
