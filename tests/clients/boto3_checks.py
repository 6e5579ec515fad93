"""boto3 at a server that the environment names. A check prints one line: client, version, what was tried, result."""
import sys
import time
import traceback

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

batch, logs = boto3.client("batch"), boto3.client("logs")
QUEUE = "refrag-cpu-job-queue"


def until(question):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise TimeoutError("two minutes are over")


def job(id):
    return batch.describe_jobs(jobs=[id])["jobs"][0]


def ended(id):
    return until(lambda: job(id)["status"] in ("SUCCEEDED", "FAILED") and job(id))


def define(name, command, **more):
    return batch.register_job_definition(jobDefinitionName="boto3-" + name, type="container", containerProperties={
        "image": "busybox", "command": command,
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]}, **more)["jobDefinitionArn"]


def submit(name, definition, **more):
    return batch.submit_job(jobName=name, jobQueue=QUEUE, jobDefinition=definition, **more)["jobId"]


def succeeds():
    found = ended(submit("hello", define("hello", ["echo", "Ref::word"], parameters={"word": "hello"})))
    assert (found["status"], found["container"]["exitCode"]) == ("SUCCEEDED", 0), found
    events = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=found["container"]["logStreamName"])["events"]
    assert [e["message"] for e in events] == ["hello"], events


def retries():
    found = ended(submit("retries", define("retries", ["sh", "-c", "exit $((3 - AWS_BATCH_JOB_ATTEMPT))"]), retryStrategy={"attempts": 3}))
    assert [a["container"]["exitCode"] for a in found["attempts"]] == [2, 1, 0], found["attempts"]


def array():
    found = ended(submit("array", define("array", ["true"]), arrayProperties={"size": 3}))
    assert found["arrayProperties"]["statusSummary"]["SUCCEEDED"] == 3, found
    pages = batch.get_paginator("list_jobs").paginate(arrayJobId=found["jobId"], jobStatus="SUCCEEDED", PaginationConfig={"PageSize": 1})
    assert [len(p["jobSummaryList"]) for p in pages if p["jobSummaryList"]] == [1, 1, 1]


def nodes():
    container = {"image": "busybox", "command": ["sh", "-c", "echo $AWS_BATCH_JOB_NODE_INDEX"],
                 "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]}
    arn = batch.register_job_definition(jobDefinitionName="boto3-nodes", type="multinode", nodeProperties={
        "numNodes": 2, "mainNode": 0, "nodeRangeProperties": [{"targetNodes": "0:1", "container": container}]})["jobDefinitionArn"]
    found = ended(submit("nodes", arn))
    assert found["status"] == "SUCCEEDED" and job(found["jobId"] + "#1")["status"] == "SUCCEEDED", found


def dependency():
    held = submit("held", define("held", ["sleep", "120"]))
    try:
        later = submit("later", define("later", ["true"]), dependsOn=[{"jobId": held}])
        assert job(later)["status"] == "PENDING"
        until(lambda: job(held)["status"] == "RUNNING")
    finally:
        batch.terminate_job(jobId=held, reason="enough")
    assert ended(held)["statusReason"] == "enough" and ended(later)["status"] == "FAILED"


def shares():
    policy = batch.create_scheduling_policy(name="boto3", fairsharePolicy={"shareDistribution": [
        {"shareIdentifier": "a", "weightFactor": 0.5}]})["arn"]
    try:
        environment = batch.describe_job_queues(jobQueues=[QUEUE])["jobQueues"][0]["computeEnvironmentOrder"]
        batch.create_job_queue(jobQueueName="boto3", priority=1, computeEnvironmentOrder=environment, schedulingPolicyArn=policy)
        until(lambda: batch.describe_job_queues(jobQueues=["boto3"])["jobQueues"][0]["status"] == "VALID")
        found = ended(batch.submit_job(jobName="share", jobQueue="boto3", jobDefinition=define("share", ["true"], schedulingPriority=1),
                                       shareIdentifier="a")["jobId"])
        assert found["shareIdentifier"] == "a", found
    finally:
        batch.update_job_queue(jobQueue="boto3", state="DISABLED")
        until(lambda: batch.describe_job_queues(jobQueues=["boto3"])["jobQueues"][0]["status"] == "VALID")
        batch.delete_job_queue(jobQueue="boto3")
        until(lambda: not batch.describe_job_queues(jobQueues=["boto3"])["jobQueues"])
        batch.delete_scheduling_policy(arn=policy)


def unknown():
    try:
        submit("none", "none-such")
    except batch.exceptions.ClientException:
        return
    raise AssertionError("it was taken")


def wrong_key():
    try:
        boto3.client("batch", aws_secret_access_key="wrong", aws_access_key_id="wrong", config=Config(retries={"total_max_attempts": 1}))\
            .describe_job_queues()
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403, error
        return
    raise AssertionError("it was taken")


def region():
    assert not boto3.client("batch", region_name="eu-west-1").describe_job_definitions(jobDefinitionName="boto3-hello")["jobDefinitions"]


for tried, check in [
    ("a job succeeds: parameters, exit code, log", succeeds), ("retries, with an exit code for each attempt", retries),
    ("an array, pages of its children", array), ("a multi-node job", nodes), ("a dependency, terminate", dependency),
    ("a queue with a scheduling policy: made, used, deleted", shares), ("unknown definition: the typed error", unknown),
    ("wrong key refused", wrong_key), ("another region is empty", region),
]:
    try:
        check()
        outcome = "passed"
    except Exception:
        print(f"boto3, {tried}: {traceback.format_exc()}", file=sys.stderr)
        outcome = "FAILED"
    print("boto3", boto3.__version__, tried, outcome, sep="\t", flush=True)
