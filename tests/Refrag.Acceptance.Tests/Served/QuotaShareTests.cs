using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Quota shares as stock boto3 sees them.</summary>
public sealed class QuotaShareTests(ServedFleets server) : IClassFixture<ServedFleets>
{
    [Fact]
    public async Task Owner_OfCapacityThatWasLent_GetsItBackAndTheBorrowerRunsLater()
    {
        JsonNode seen = await server.PythonAsync(ServedFleets.Prelude + """
            unit = "ml.m5.large"
            policy = batch.create_scheduling_policy(name="quotas", quotaSharePolicy=dict(idleResourceAssignmentStrategy="FIFO"))["arn"]
            batch.create_service_environment(serviceEnvironmentName="training", serviceEnvironmentType="SAGEMAKER_TRAINING",
                capacityLimits=[dict(maxCapacity=4, capacityUnit=unit)])
            until(lambda:
                batch.describe_service_environments(serviceEnvironments=["training"])["serviceEnvironments"][0]["status"] == "VALID")
            batch.create_job_queue(jobQueueName="training", priority=1, jobQueueType="SAGEMAKER_TRAINING", schedulingPolicyArn=policy,
                serviceEnvironmentOrder=[dict(order=1, serviceEnvironment="training")])
            until(lambda: batch.describe_job_queues(jobQueues=["training"])["jobQueues"][0]["status"] == "VALID")
            def share(name, most, **sharing):
                arn = batch.create_quota_share(quotaShareName=name, jobQueue="training",
                    capacityLimits=[dict(maxCapacity=most, capacityUnit=unit)],
                    resourceSharingConfiguration=sharing, preemptionConfiguration=dict(inSharePreemption="ENABLED"))["quotaShareArn"]
                until(lambda: batch.describe_quota_share(quotaShareArn=arn)["status"] == "VALID")
            def train(share, count, seconds, priority=0):
                return batch.submit_service_job(jobName=share, jobQueue="training", serviceJobType="SAGEMAKER_TRAINING",
                    quotaShareName=share, schedulingPriority=priority, serviceRequestPayload=json.dumps(
                    dict(ResourceConfig=dict(InstanceType=unit, InstanceCount=count),
                        Environment=dict(REFRAG_SIM_SECONDS=str(seconds)))))["jobId"]
            def is_(job, *statuses):
                return until(lambda: (j := batch.describe_service_job(jobId=job))["status"] in statuses and j)
            share("team-a", 2, strategy="LEND_AND_BORROW", borrowLimit=100)
            share("team-b", 2, strategy="LEND")
            borrower = train("team-a", 4, 3600)
            is_(borrower, "RUNNING")
            owner = train("team-b", 2, 100000)
            is_(owner, "RUNNING")
            preempted = batch.describe_service_job(jobId=borrower)
            snapshot = batch.get_job_queue_snapshot(jobQueue="training")
            # The first of them does not end before the other comes: the owner would run again, and be preempted twice.
            low, high = train("team-b", 2, 100000, 5), train("team-b", 2, 60, 9)
            in_share = (is_(high, "RUNNING", "SUCCEEDED")
                and batch.describe_service_job(jobId=owner)["preemptionSummary"]["preemptedAttemptCount"])
            batch.terminate_service_job(jobId=owner, reason="seen")
            batch.terminate_service_job(jobId=low, reason="seen")
            ended = is_(borrower, "SUCCEEDED", "FAILED")
            print(json.dumps(dict(status=preempted["status"], count=preempted["preemptionSummary"]["preemptedAttemptCount"],
                reason=preempted["preemptionSummary"]["recentPreemptedAttempts"][0]["statusReason"], owner=owner, borrower=borrower,
                front=snapshot["frontOfQuotaShares"]["quotaShares"]["team-a"][0]["jobArn"],
                usage=snapshot["queueUtilization"]["quotaShareUtilization"]["topCapacityUtilization"], in_share=in_share,
                ended=ended["status"], attempts=len(ended["attempts"]))))
            """);
        Assert.Equal("RUNNABLE", (string?)seen["status"]);
        Assert.Equal(1, (int)seen["count"]!);
        Assert.Equal("Cross-share preemption triggered to reclaim borrowed capacity", (string?)seen["reason"]);
        Assert.EndsWith((string)seen["borrower"]!, (string)seen["front"]!, StringComparison.Ordinal);
        Assert.Equal("""[{"quotaShareName":"team-b","capacityUsage":[{"capacityUnit":"ml.m5.large","quantity":2}]}]""",
            seen["usage"]!.ToJsonString().Replace("2.0", "2", StringComparison.Ordinal));
        Assert.Equal(1, (int)seen["in_share"]!);
        Assert.Equal("SUCCEEDED", (string?)seen["ended"]);
        Assert.Equal(1, (int)seen["attempts"]!);
    }
}
