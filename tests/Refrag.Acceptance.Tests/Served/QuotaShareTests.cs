using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Quota shares as stock boto3 sees them.</summary>
public sealed class QuotaShareTests(ServedFleets server) : IClassFixture<ServedFleets>
{
    [Fact]
    public async Task QuotaShares_LentAndTakenBack_PreemptTheBorrowerAndLetItRunAgain()
    {
        JsonNode result = await server.PythonAsync(ServedFleets.Prelude + """
            kind = "ml.g5.xlarge"
            policy = batch.create_scheduling_policy(name="quotas", quotaSharePolicy=dict(idleResourceAssignmentStrategy="FIFO"))["arn"]
            batch.create_service_environment(serviceEnvironmentName="training", serviceEnvironmentType="SAGEMAKER_TRAINING", capacityLimits=[dict(maxCapacity=4, capacityUnit=kind)])
            until(lambda: batch.describe_service_environments(serviceEnvironments=["training"])["serviceEnvironments"][0]["status"] == "VALID")
            batch.create_job_queue(jobQueueName="training", jobQueueType="SAGEMAKER_TRAINING", priority=1, schedulingPolicyArn=policy, serviceEnvironmentOrder=[dict(order=1, serviceEnvironment="training")])
            until(lambda: batch.describe_job_queues(jobQueues=["training"])["jobQueues"][0]["status"] == "VALID")
            def share(name, most, **sharing):
                batch.create_quota_share(quotaShareName=name, jobQueue="training", capacityLimits=[dict(maxCapacity=most, capacityUnit=kind)],
                    resourceSharingConfiguration=sharing, preemptionConfiguration=dict(inSharePreemption="DISABLED"))
            share("vision", 2, strategy="LEND"); share("speech", 2, strategy="LEND_AND_BORROW", borrowLimit=100)
            def train(share, count, seconds):
                return batch.submit_service_job(jobName=share, jobQueue="training", quotaShareName=share, serviceJobType="SAGEMAKER_TRAINING",
                    serviceRequestPayload=json.dumps(dict(ResourceConfig=dict(InstanceType=kind, InstanceCount=count), Environment=dict(REFRAG_SIM_SECONDS=str(seconds)))))["jobId"]
            look = lambda job: batch.describe_service_job(jobId=job)
            status = lambda job, *wanted: until(lambda: (j := look(job))["status"] in wanted and j)
            own = train("speech", 2, 600); status(own, "RUNNING")
            loan = train("speech", 2, 600); status(loan, "RUNNING")
            third = train("speech", 1, 60)
            limit = until(lambda: look(third).get("statusReason"))
            used = batch.get_job_queue_snapshot(jobQueue="training")["queueUtilization"]["quotaShareUtilization"]["topCapacityUtilization"]
            owner = train("vision", 2, 300)
            status(owner, "RUNNING")
            victims = [j for j in map(look, (own, loan)) if "preemptionSummary" in j]
            ended = [status(j, "SUCCEEDED", "FAILED")["status"] for j in (owner, own, loan, third)]
            print(json.dumps(dict(limit=limit, used=used, victims=[[j["jobId"] == loan, j["preemptionSummary"]["preemptedAttemptCount"], j["preemptionSummary"]["recentPreemptedAttempts"][0]["statusReason"]] for j in victims], ended=ended)))
            """);
        Assert.Equal("Waits in its quota share: speech has reached its borrow limit.", (string?)result["limit"]);
        Assert.Equal("""[{"quotaShareName":"speech","capacityUsage":[{"capacityUnit":"ml.g5.xlarge","quantity":4}]}]""", result["used"]!.ToJsonString().Replace("4.0", "4", StringComparison.Ordinal));
        Assert.Equal("""[[true,1,"PREEMPTED: Cross-share preemption triggered to reclaim borrowed capacity"]]""", result["victims"]!.ToJsonString());
        Assert.All(result["ended"]!.AsArray(), status => Assert.Equal("SUCCEEDED", (string?)status));
    }
}
