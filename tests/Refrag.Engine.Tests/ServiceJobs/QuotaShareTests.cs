using Refrag.Aws.Batch;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Fleets;
using Refrag.Engine.Tests.Store;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.ServiceJobs;

/// <summary>Service jobs in queues with quota shares: what the scheduling core decides happens to them.</summary>
public sealed class QuotaShareTests : FleetTest
{
    private const string Type = "ml.m5.large";

    [Fact]
    public async Task Submit_ToALenderWhoseCapacityIsBorrowed_PreemptsTheBorrowerAndStarts()
    {
        await Shares(own: 2);
        string borrower = await Submit("borrower", count: 2);
        await Status(borrower, "RUNNING");
        string owner = await Submit("owner", count: 2);
        DescribeServiceJobResponse preempted = await Status(borrower, "RUNNABLE");
        Assert.Equal("PREEMPTED: Cross-share preemption triggered to reclaim borrowed capacity", Assert.Single(preempted.PreemptionSummary!.RecentPreemptedAttempts!).StatusReason);
        Assert.Equal((1, 0), (preempted.PreemptionSummary.PreemptedAttemptCount, preempted.Attempts!.Count));
        await Status(owner, "RUNNING");
        Assert.Equal("Waits in its quota share: the capacity of borrower is in use, and no other share lends 2 ml.m5.large.", (await Describe(borrower)).StatusReason);

        Time.Advance(TimeSpan.FromHours(1));
        await Status(owner, "SUCCEEDED");
        await Status(borrower, "RUNNING");
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Single((await Status(borrower, "SUCCEEDED")).Attempts!);
    }

    [Fact]
    public async Task Preemption_OfAJobThatMayNotBeRetried_FailsIt()
    {
        await Shares(own: 2);
        string borrower = await Submit("borrower", count: 2, with: request => request with { PreemptionConfiguration = new ServiceJobPreemptionConfiguration { PreemptionRetriesBeforeTermination = 0 } });
        await Status(borrower, "RUNNING");
        await Submit("owner", count: 1);
        Assert.Equal(1, (await Status(borrower, "FAILED")).PreemptionSummary!.PreemptedAttemptCount);
    }

    [Fact]
    public async Task Priority_RaisedOfAWaitingJob_DisplacesALowerOneOfItsShare()
    {
        await Shares(own: 2);
        string running = await Submit("owner", count: 2, with: request => request with { SchedulingPriority = 5 });
        string waiting = await Submit("owner", count: 2, with: request => request with { SchedulingPriority = 5 });
        await Status(running, "RUNNING");
        Assert.Equal("RUNNABLE", (await Describe(waiting)).Status);
        await Send(BatchOperations.UpdateServiceJob, new UpdateServiceJobRequest { JobId = waiting, SchedulingPriority = 6 });
        await Status(waiting, "RUNNING");
        Assert.Equal("PREEMPTED: In-share preemption triggered by a job with a higher priority", Assert.Single((await Describe(running)).PreemptionSummary!.RecentPreemptedAttempts!).StatusReason);
    }

    [Fact]
    public async Task Snapshot_OfAQueueWithShares_TellsFrontsAndUsageByInstanceType()
    {
        await Shares(own: 3);
        await Status(await Submit("borrower", count: 1), "RUNNING");
        await Status(await Submit("owner", count: 2, with: request => request with { SchedulingPriority = 1 }), "RUNNING");
        string first = await Submit("owner", count: 2, with: request => request with { SchedulingPriority = 1 });
        await Submit("owner", count: 2);
        var seen = await Send(BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = "quotas" });
        Assert.Equal(first, Assert.Single(seen.FrontOfQuotaShares!.QuotaShares!["owner"]).JobArn!.Split('/')[^1]);
        Assert.Equal([(Type, 3.0)], seen.QueueUtilization!.TotalCapacityUsage!.Select(one => (one.CapacityUnit!, one.Quantity!.Value)));
        Assert.Equal(
            [("owner", Type, 2.0), ("borrower", Type, 1.0)],
            seen.QueueUtilization.QuotaShareUtilization!.TopCapacityUtilization!.Select(one => (one.QuotaShareName!, one.CapacityUsage!.Single().CapacityUnit!, one.CapacityUsage!.Single().Quantity!.Value)));
    }

    [Fact]
    public async Task Restart_WithPreemptedAndWaitingJobs_KeepsTheCountAndTheOrder()
    {
        using var folder = new StateFolderFixture();
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(new Scenario(), store);
        await Shares(own: 2);
        string borrower = await Submit("borrower", count: 2);
        await Status(borrower, "RUNNING");
        string owner = await Submit("owner", count: 2, with: request => request with { RetryStrategy = new ServiceJobRetryStrategy { Attempts = 2 } });
        await Status(owner, "RUNNING");
        store.Dispose();

        // The attempt on paper is gone with the engine; its retry has the capacity again before the borrower.
        Batch = Open(new Scenario(), SqliteStore.Open(folder.Path, Time));
        await Until(owner, job => job is { Status: "RUNNING", Attempts.Count: 1 });
        DescribeServiceJobResponse waiting = await Describe(borrower);
        Assert.Equal(("RUNNABLE", 1), (waiting.Status, waiting.PreemptionSummary!.PreemptedAttemptCount));
        Assert.Single(waiting.PreemptionSummary.RecentPreemptedAttempts!);
    }

    // "owner" has all there is, lends it and preempts within itself; "borrower" has nothing and borrows.
    private async Task Shares(int own)
    {
        var policy = await Send(BatchOperations.CreateSchedulingPolicy, new CreateSchedulingPolicyRequest { Name = "quota", QuotaSharePolicy = new QuotaSharePolicy { IdleResourceAssignmentStrategy = "FIFO" } });
        await Send(BatchOperations.CreateServiceEnvironment, new CreateServiceEnvironmentRequest { ServiceEnvironmentName = "training", ServiceEnvironmentType = "SAGEMAKER_TRAINING", CapacityLimits = [new() { MaxCapacity = own, CapacityUnit = Type }] });
        await Send(BatchOperations.CreateJobQueue, new CreateJobQueueRequest { JobQueueName = "quotas", Priority = 1, JobQueueType = "SAGEMAKER_TRAINING", SchedulingPolicyArn = policy.Arn, ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "training" }] });
        await Share("owner", own, "LEND", "ENABLED");
        await Share("borrower", 0, "LEND_AND_BORROW", "DISABLED");
    }

    private Task<CreateQuotaShareResponse> Share(string name, int own, string sharing, string preemption) => Send(BatchOperations.CreateQuotaShare, new CreateQuotaShareRequest
    {
        QuotaShareName = name,
        JobQueue = "quotas",
        CapacityLimits = [new() { MaxCapacity = own, CapacityUnit = Type }],
        ResourceSharingConfiguration = new QuotaShareResourceSharingConfiguration { Strategy = sharing },
        PreemptionConfiguration = new QuotaSharePreemptionConfiguration { InSharePreemption = preemption },
    });

    private async Task<string> Submit(string share, int count, Func<SubmitServiceJobRequest, SubmitServiceJobRequest>? with = null)
    {
        var request = new SubmitServiceJobRequest
        {
            JobName = share,
            JobQueue = "quotas",
            ServiceJobType = "SAGEMAKER_TRAINING",
            QuotaShareName = share,
            ServiceRequestPayload = $$$"""{"ResourceConfig":{"InstanceType":"{{{Type}}}","InstanceCount":{{{count}}}},"Environment":{"REFRAG_SIM_SECONDS":"3600"}}""",
        };
        return (await Send(BatchOperations.SubmitServiceJob, with is null ? request : with(request))).JobId;
    }

    private new Task<DescribeServiceJobResponse> Describe(string id) => Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = id });

    private Task<DescribeServiceJobResponse> Status(string id, string status) => Until(id, job => job.Status == status);

    // Service jobs have no watch; each look goes through the engine's loop.
    private Task<DescribeServiceJobResponse> Until(string id, Predicate<DescribeServiceJobResponse> condition)
    {
        return Look().Soon();

        async Task<DescribeServiceJobResponse> Look()
        {
            while (true)
            {
                DescribeServiceJobResponse job = await Describe(id);
                if (condition(job)) return job;
                await Task.Yield();
            }
        }
    }
}
