using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;

namespace Refrag.Engine.Tests.Placement;

public sealed class QuotaShareTests : QuotaShareTest
{
    [Fact]
    public async Task Submit_BeyondTheShare_WaitsAndSaysWhy()
    {
        await MakeQueue();
        await Share("a", 4, QuotaShareResourceSharingStrategy.Reserve);
        string first = await Submit("a", 4);
        string second = await Submit("a", 1);
        string third = await Submit("a", 1);
        await Until(first, ServiceJobStatus.Running);
        Assert.Equal(
            (ServiceJobStatus.Runnable, "Waits: the quota share's capacity is used, and it does not borrow"), await StatusOf(second));
        // Nothing is said of what waits behind it.
        Assert.Equal((ServiceJobStatus.Runnable, null), await StatusOf(third));
        Time.Advance(TimeSpan.FromHours(1));
        await Until(first, ServiceJobStatus.Succeeded);
        await Until(second, ServiceJobStatus.Running);
        await Until(third, ServiceJobStatus.Running);
    }

    [Fact]
    public async Task Submit_OfAnOwner_TakesBackWhatWasLent()
    {
        await MakeQueue();
        await Share("a", 4);
        await Share("b", 4);
        string own = await Submit("a", 4);
        await Until(own, ServiceJobStatus.Running);
        Time.Advance(TimeSpan.FromMinutes(1));
        string borrowed = await Submit("a", 4);
        await Until(borrowed, ServiceJobStatus.Running);
        string owner = await Submit("b", 4);
        await Until(owner, ServiceJobStatus.Running);
        DescribeServiceJobResponse waiting = await Describe(borrowed);
        Assert.Equal(
            (ServiceJobStatus.Runnable, "Waits: no other quota share has capacity to lend"), (waiting.Status, waiting.StatusReason));
        Assert.Empty(waiting.Attempts!);
        Assert.Equal(1, waiting.PreemptionSummary!.PreemptedAttemptCount);
        ServiceJobPreemptedAttempt attempt = Assert.Single(waiting.PreemptionSummary.RecentPreemptedAttempts!);
        Assert.Equal("Cross-share preemption triggered to reclaim borrowed capacity", attempt.StatusReason);
        Assert.NotNull(attempt.StartedAt);
        Assert.NotNull(attempt.StoppedAt);
        Assert.Null((await Describe(own)).PreemptionSummary);

        // When its own is free again it runs to its end, in a second attempt.
        Time.Advance(TimeSpan.FromHours(1));
        await Until(borrowed, ServiceJobStatus.Running);
        Time.Advance(TimeSpan.FromHours(1));
        DescribeServiceJobResponse ended = await Until(borrowed, ServiceJobStatus.Succeeded);
        Assert.Single(ended.Attempts!);
        Assert.Equal(1, ended.PreemptionSummary!.PreemptedAttemptCount);
        Assert.NotEqual(attempt.ServiceResourceId!.Value, ended.LatestAttempt!.ServiceResourceId!.Value);
    }

    [Fact]
    public async Task Preempted_WithItsRetriesUsedUp_Fails()
    {
        await MakeQueue();
        await Share("a", 0);
        await Share("b", 8);
        string borrowed = await Submit("a", 8, retries: 1);
        await Until(borrowed, ServiceJobStatus.Running);
        string owner = await Submit("b", 1);
        await Until(owner, ServiceJobStatus.Running);
        Assert.Equal(ServiceJobStatus.Runnable, (await Describe(borrowed)).Status);
        Time.Advance(TimeSpan.FromHours(1));
        await Until(borrowed, ServiceJobStatus.Running);
        await Submit("b", 1);
        DescribeServiceJobResponse failed = await Until(borrowed, ServiceJobStatus.Failed);
        Assert.Equal(2, failed.PreemptionSummary!.PreemptedAttemptCount);
        Assert.Equal("Cross-share preemption triggered to reclaim borrowed capacity", failed.StatusReason);
        Assert.NotNull(failed.StoppedAt);
    }

    [Fact]
    public async Task Terminate_OfOneThatIsBeingPreempted_EndsIt()
    {
        await MakeQueue();
        await Share("a", 0);
        await Share("b", 8);
        string borrowed = await Submit("a", 8, stopSeconds: 20);
        await Until(borrowed, ServiceJobStatus.Running);
        string owner = await Submit("b", 8);
        Assert.Equal((ServiceJobStatus.Runnable, "Waits: jobs are being stopped to make room"), await StatusOf(owner));
        Assert.Equal(ServiceJobStatus.Running, (await Describe(borrowed)).Status);
        await Send(BatchOperations.TerminateServiceJob, new TerminateServiceJobRequest { JobId = borrowed, Reason = "enough" });
        Time.Advance(TimeSpan.FromSeconds(20));
        DescribeServiceJobResponse ended = await Until(borrowed, ServiceJobStatus.Failed);
        Assert.Equal(("enough", true), (ended.StatusReason, ended.IsTerminated));
        Assert.Null(ended.PreemptionSummary);
        await Until(owner, ServiceJobStatus.Running);
    }

    [Fact]
    public async Task UpdateServiceJob_BelowOneThatWaits_LetsItDisplaceInItsShare()
    {
        await MakeQueue();
        await Share("a", 4, QuotaShareResourceSharingStrategy.Reserve, inShare: true);
        string running = await Submit("a", 4, priority: 5);
        await Until(running, ServiceJobStatus.Running);
        string waiting = await Submit("a", 4, priority: 5);
        Assert.Equal(ServiceJobStatus.Runnable, (await Describe(waiting)).Status);
        await Send(BatchOperations.UpdateServiceJob, new UpdateServiceJobRequest { JobId = running, SchedulingPriority = 1 });
        await Until(waiting, ServiceJobStatus.Running);
        DescribeServiceJobResponse displaced = await Describe(running);
        Assert.Equal(ServiceJobStatus.Runnable, displaced.Status);
        Assert.Equal($"In-share preemption triggered by the job {waiting} of higher priority",
            Assert.Single(displaced.PreemptionSummary!.RecentPreemptedAttempts!).StatusReason);
    }

    [Fact]
    public async Task UpdateQuotaShare_Disabled_TakesNoJobsAndLetsThoseItHasContinue()
    {
        await MakeQueue();
        string share = await Share("a", 4, QuotaShareResourceSharingStrategy.Reserve);
        string first = await Submit("a", 4);
        string second = await Submit("a", 4);
        await Until(first, ServiceJobStatus.Running);
        await Send(
            BatchOperations.UpdateQuotaShare, new UpdateQuotaShareRequest { QuotaShareArn = share, State = QuotaShareState.Disabled });
        Assert.Contains("DISABLED", (await Assert.ThrowsAnyAsync<AwsException>(() => Submit("a", 1))).Message, StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromHours(1));
        await Until(second, ServiceJobStatus.Running);
    }

    [Fact]
    public async Task UpdateQuotaShare_LoweringALimit_MakesRoomForOwnersOnly()
    {
        await MakeQueue(4);
        string lowered = await Share("a", 4, QuotaShareResourceSharingStrategy.Reserve);
        await Share("b", 0, QuotaShareResourceSharingStrategy.Reserve);
        string first = await Submit("a", 2);
        await Until(first, ServiceJobStatus.Running);
        Time.Advance(TimeSpan.FromSeconds(1));
        string second = await Submit("a", 2);
        await Until(second, ServiceJobStatus.Running);
        await Send(BatchOperations.UpdateQuotaShare,
            new UpdateQuotaShareRequest { QuotaShareArn = lowered, CapacityLimits = [new() { MaxCapacity = 2, CapacityUnit = Type }] });
        Assert.Equal(ServiceJobStatus.Running, (await Describe(second)).Status);
        string arn =
            (await Send(BatchOperations.ListQuotaShares, new ListQuotaSharesRequest { JobQueue = Queue })).QuotaShares!.Single(
                share => share.QuotaShareName == "b").QuotaShareArn!;
        await Send(BatchOperations.UpdateQuotaShare,
            new UpdateQuotaShareRequest { QuotaShareArn = arn, CapacityLimits = [new() { MaxCapacity = 2, CapacityUnit = Type }] });
        await Until(await Submit("b", 2), ServiceJobStatus.Running);
        Assert.Equal(ServiceJobStatus.Running, (await Describe(first)).Status);
        Assert.Equal(ServiceJobStatus.Runnable, (await Describe(second)).Status);
    }

    [Fact]
    public async Task Snapshot_OfShares_CountsByInstanceTypeAndNamesTheirHeads()
    {
        await MakeQueue();
        await Share("a", 4);
        await Share("b", 2, QuotaShareResourceSharingStrategy.Reserve);
        string first = await Submit("a", 3);
        string second = await Submit("b", 2);
        string low = await Submit("b", 2, priority: 1);
        string high = await Submit("b", 1, priority: 2);
        string large = await Submit("a", 2);
        await Until(first, ServiceJobStatus.Running);
        await Until(second, ServiceJobStatus.Running);
        GetJobQueueSnapshotResponse snapshot = await Snapshot();
        Assert.Equal([high, low, large], snapshot.FrontOfQueue!.Jobs!.Select(job => job.JobArn!.Split('/')[^1]));
        Assert.Equal([("a", large), ("b", high)],
            snapshot.FrontOfQuotaShares!.QuotaShares!
                .Select(share => (share.Key, Assert.Single(share.Value).JobArn!.Split('/')[^1])).Order());
        Assert.Equal([(Type, 5.0)], snapshot.QueueUtilization!.TotalCapacityUsage!.Select(one => (one.CapacityUnit!, one.Quantity!.Value)));
        Assert.Null(snapshot.QueueUtilization.FairshareUtilization);
        Assert.Equal(
            [("a", Type, 3.0), ("b", Type, 2.0)],
            snapshot.QueueUtilization.QuotaShareUtilization!.TopCapacityUtilization!.Select(
                share => (share.QuotaShareName!, share.CapacityUsage!.Single().CapacityUnit!,
                    share.CapacityUsage!.Single().Quantity!.Value)));

        var waiting =
            await Send(BatchOperations.ListServiceJobs,
                new ListServiceJobsRequest
                {
                    JobQueue = Queue,
                    JobStatus = ServiceJobStatus.Runnable,
                    Filters = [new() { Name = "QUOTA_SHARE_NAME", Values = ["b"] }],
                });
        Assert.Equal([high, low], waiting.JobSummaryList.Select(job => job.JobId));
        Assert.Equal([(Type, 1.0), (Type, 2.0)],
            waiting.JobSummaryList.Select(job => (job.CapacityUsage!.Single().CapacityUnit!, job.CapacityUsage!.Single().Quantity!.Value)));
        Assert.All(waiting.JobSummaryList, job => Assert.Equal("b", job.QuotaShareName));
    }

    [Fact]
    public async Task Create_MoreSharesOrLimitsThanDocumented_IsRefused()
    {
        await MakeQueue();
        for (int at = 0; at < 20; at++) await Share($"s{at}", 1);
        Assert.Contains(
            "20 quota shares", (await Assert.ThrowsAnyAsync<AwsException>(() => Share("more", 1))).Message, StringComparison.Ordinal);
        string arn =
            (await Send(BatchOperations.ListQuotaShares, new ListQuotaSharesRequest { JobQueue = Queue })).QuotaShares![0].QuotaShareArn!;
        var six = new UpdateQuotaShareRequest
        {
            QuotaShareArn = arn,
            CapacityLimits = [.. Enumerable.Range(0, 6)
                .Select(at => new QuotaShareCapacityLimit { MaxCapacity = 1, CapacityUnit = $"ml.m{at}.large" })],
        };
        Assert.Contains("6 capacity limits",
            (await Assert.ThrowsAnyAsync<AwsException>(() => Send(BatchOperations.UpdateQuotaShare, six))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAPreemption_FinishesIt()
    {
        using var folder = new StateFolderFixture();
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(store);
        await MakeQueue();
        await Share("a", 4);
        await Share("b", 4);
        string borrowed = await Submit("a", 8, stopSeconds: 20);
        await Until(borrowed, ServiceJobStatus.Running);
        string owner = await Submit("b", 4);
        string behind = await Submit("a", 6);
        DescribeServiceJobResponse stopping = await Describe(borrowed);
        Assert.Equal((ServiceJobStatus.Running, "PREEMPTION_IN_PROGRESS: Cross-share preemption triggered to reclaim borrowed capacity"),
            (stopping.Status, stopping.StatusReason));
        store.Dispose();

        using var second = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(second);
        DescribeServiceJobResponse stopped = await Until(borrowed, ServiceJobStatus.Runnable);
        Assert.Equal(1, stopped.PreemptionSummary!.PreemptedAttemptCount);
        Assert.Equal("Cross-share preemption triggered to reclaim borrowed capacity",
            Assert.Single(stopped.PreemptionSummary.RecentPreemptedAttempts!).StatusReason);
        await Until(owner, ServiceJobStatus.Running);
        Assert.Equal([borrowed, behind], (await Snapshot()).FrontOfQueue!.Jobs!.Select(job => job.JobArn!.Split('/')[^1]));
        Time.Advance(TimeSpan.FromHours(1));
        await Until(owner, ServiceJobStatus.Succeeded);
        await Until(borrowed, ServiceJobStatus.Running);
    }

    private async Task<(string? Status, string? Reason)> StatusOf(string id)
    {
        DescribeServiceJobResponse job = await Describe(id);
        return (job.Status, job.StatusReason);
    }
}
