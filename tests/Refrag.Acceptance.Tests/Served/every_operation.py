"""Every operation of AWS Batch once, with effect. Runs behind the prelude of ServedBatch; prints those that were not called."""
called = set()
batch.meta.events.register("after-call.batch", lambda model, http_response, **_:
    called.add(model.name) if http_response.status_code == 200 else None)
role = "arn:aws:iam::000000000000:role/batch"
def accepted(attempt):
    def answer():
        try: return [attempt()]
        except batch.exceptions.ClientException: return None
    return until(answer)[0]
def valid(describe, key):
    def settled():
        found = describe()[key]
        return (not found or found[0]["status"] in ("VALID", "INVALID")) and [found]
    return until(settled)[0]
policy = batch.create_scheduling_policy(name="fair", fairsharePolicy={"shareDistribution": [
    {"shareIdentifier": "red", "weightFactor": 0.5}]}, tags={"a": "b"})["arn"]
batch.update_scheduling_policy(arn=policy, fairsharePolicy={"shareDecaySeconds": 600})
assert batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"][0]["fairsharePolicy"]["shareDecaySeconds"] == 600
assert policy in [p["arn"] for p in batch.list_scheduling_policies()["schedulingPolicies"]]
ce = batch.create_compute_environment(computeEnvironmentName="ce", type="MANAGED", serviceRole=role,
    computeResources=dict(type="EC2", allocationStrategy="BEST_FIT_PROGRESSIVE", minvCpus=0, maxvCpus=16,
    instanceTypes=["c6i.xlarge"], subnets=["subnet-1"], securityGroupIds=["sg-1"],
    instanceRole="arn:aws:iam::000000000000:instance-profile/b"))["computeEnvironmentArn"]
batch.update_compute_environment(computeEnvironment="ce", computeResources={"maxvCpus": 32})
assert valid(lambda: batch.describe_compute_environments(computeEnvironments=["ce"]),
    "computeEnvironments")[0]["computeResources"]["maxvCpus"] == 32
queue = batch.create_job_queue(jobQueueName="q", priority=3, state="ENABLED", schedulingPolicyArn=policy,
    computeEnvironmentOrder=[{"order": 1, "computeEnvironment": ce}])["jobQueueArn"]
batch.update_job_queue(jobQueue="q", priority=5)
assert valid(lambda: batch.describe_job_queues(jobQueues=[queue]), "jobQueues")[0]["priority"] == 5
batch.tag_resource(resourceArn=queue, tags={"x": "1", "y/z": "ä"})
batch.untag_resource(resourceArn=queue, tagKeys=["x"])
assert batch.list_tags_for_resource(resourceArn=queue)["tags"] == {"y/z": "ä"}
batch.create_consumable_resource(consumableResourceName="licence", totalQuantity=2, resourceType="REPLENISHABLE")
batch.update_consumable_resource(consumableResource="licence", operation="ADD", quantity=3)
assert batch.describe_consumable_resource(consumableResource="licence")["totalQuantity"] == 5
assert "licence" in [r["consumableResourceName"] for r in batch.list_consumable_resources()["consumableResources"]]
arn = define("all", ["sleep", "600"])
assert batch.describe_job_definitions(jobDefinitionName="all")["jobDefinitions"][0]["jobDefinitionArn"] == arn
id = batch.submit_job(jobName="j", jobQueue="refrag-cpu-job-queue", jobDefinition=arn,
    consumableResourcePropertiesOverride={"consumableResourceList": [{"consumableResource": "licence", "quantity": 1}]})["jobId"]
assert batch.list_jobs_by_consumable_resource(consumableResource="licence")["jobs"][0]["jobArn"].endswith(id)
assert "frontOfQueue" in batch.get_job_queue_snapshot(jobQueue="refrag-cpu-job-queue")
assert batch.list_jobs(jobQueue="refrag-cpu-job-queue", filters=[{"name": "JOB_NAME", "values": ["j"]}])["jobSummaryList"]
batch.cancel_job(jobId=id, reason="c")
batch.terminate_job(jobId=id, reason="t")
assert batch.cancel_jobs(jobs=[id], reason="c")["successful"] == [id]
assert batch.terminate_jobs(jobs=[id], reason="t")["successful"] == [id]
wait(id)
env = batch.create_service_environment(serviceEnvironmentName="se", serviceEnvironmentType="SAGEMAKER_TRAINING",
    capacityLimits=[{"maxCapacity": 4, "capacityUnit": "NUM_INSTANCES"}])["serviceEnvironmentArn"]
batch.update_service_environment(serviceEnvironment="se", capacityLimits=[{"maxCapacity": 5, "capacityUnit": "NUM_INSTANCES"}])
assert valid(lambda: batch.describe_service_environments(serviceEnvironments=["se"]),
    "serviceEnvironments")[0]["capacityLimits"][0]["maxCapacity"] == 5
sq = batch.create_job_queue(jobQueueName="sq", priority=1, state="ENABLED", jobQueueType="SAGEMAKER_TRAINING",
    serviceEnvironmentOrder=[{"order": 1, "serviceEnvironment": env}])["jobQueueArn"]
valid(lambda: batch.describe_job_queues(jobQueues=[sq]), "jobQueues")
def update_one():
    # Simulated, such a job takes a second; one that has ended cannot be updated.
    sj = batch.submit_service_job(jobName="sj", jobQueue="sq", serviceJobType="SAGEMAKER_TRAINING",
        serviceRequestPayload='{"TrainingJobName": "t"}')["jobId"]
    assert batch.describe_service_job(jobId=sj)["jobName"] == "sj"
    batch.update_service_job(jobId=sj, schedulingPriority=7)
    return sj
sj = accepted(update_one)
batch.list_service_jobs(jobQueue="sq", jobStatus="SUCCEEDED")
batch.terminate_service_job(jobId=sj, reason="enough")
assert batch.terminate_service_jobs(jobs=[sj], reason="enough")["successful"] == [sj]
qp = batch.create_scheduling_policy(name="quota", quotaSharePolicy={"idleResourceAssignmentStrategy": "FIFO"})["arn"]
qq = batch.create_job_queue(jobQueueName="qq", priority=1, state="ENABLED", jobQueueType="SAGEMAKER_TRAINING", schedulingPolicyArn=qp,
    serviceEnvironmentOrder=[{"order": 1, "serviceEnvironment": env}])["jobQueueArn"]
valid(lambda: batch.describe_job_queues(jobQueues=[qq]), "jobQueues")
share = batch.create_quota_share(quotaShareName="share", jobQueue=qq, capacityLimits=[{"maxCapacity": 2, "capacityUnit": "ml.m5.large"}],
    resourceSharingConfiguration={"strategy": "RESERVE"},
    preemptionConfiguration={"inSharePreemption": "DISABLED"}, state="ENABLED")["quotaShareArn"]
batch.update_quota_share(quotaShareArn=share, capacityLimits=[{"maxCapacity": 3, "capacityUnit": "ml.m5.large"}])
assert batch.describe_quota_share(quotaShareArn=share)["capacityLimits"][0]["maxCapacity"] == 3
assert share in [s["quotaShareArn"] for s in batch.list_quota_shares(jobQueue=qq)["quotaShares"]]
batch.update_quota_share(quotaShareArn=share, state="DISABLED")
accepted(lambda: batch.delete_quota_share(quotaShareArn=share))
for name in ("q", "sq", "qq"):
    batch.update_job_queue(jobQueue=name, state="DISABLED")
    accepted(lambda: batch.delete_job_queue(jobQueue=name))
until(lambda: not batch.describe_job_queues(jobQueues=["q", "sq", "qq"])["jobQueues"])
batch.update_compute_environment(computeEnvironment="ce", state="DISABLED")
accepted(lambda: batch.delete_compute_environment(computeEnvironment="ce"))
batch.update_service_environment(serviceEnvironment="se", state="DISABLED")
accepted(lambda: batch.delete_service_environment(serviceEnvironment="se"))
for one in (policy, qp): accepted(lambda: batch.delete_scheduling_policy(arn=one))
batch.delete_consumable_resource(consumableResource="licence")
batch.deregister_job_definition(jobDefinition=arn)
assert batch.describe_job_definitions(jobDefinitionName="all")["jobDefinitions"][0]["status"] == "INACTIVE"
print(json.dumps(sorted(set(batch.meta.service_model.operation_names) - called)))
