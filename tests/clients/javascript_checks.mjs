// The AWS SDK for JavaScript at a server that the environment names. A check prints one line: client, version, what was tried, result.
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import * as sdk from "@aws-sdk/client-batch";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";

const { version } = createRequire(import.meta.url)("@aws-sdk/client-batch/package.json");
const batch = new sdk.Batch({});
const jobQueue = "refrag-cpu-job-queue";

async function until(question) {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const answer = await question();
    if (answer) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error("two minutes are over");
}
const job = async id => (await batch.describeJobs({ jobs: [id] })).jobs[0];
const ended = id => until(async () => {
  const found = await job(id);
  return ["SUCCEEDED", "FAILED"].includes(found.status) && found;
});
async function define(name, command) {
  const { jobDefinitionArn } = await batch.registerJobDefinition({
    jobDefinitionName: `javascript-${name}`, type: "container",
    containerProperties: { image: "busybox", command,
      resourceRequirements: [{ type: "VCPU", value: "1" }, { type: "MEMORY", value: "64" }] },
  });
  return jobDefinitionArn;
}
const submit = async (jobName, jobDefinition, more) => (await batch.submitJob({ jobName, jobQueue, jobDefinition, ...more })).jobId;

const checks = {
  "a job succeeds: exit code, log": async () => {
    const found = await ended(await submit("hello", await define("hello", ["echo", "hello"])));
    assert.deepEqual([found.status, found.container.exitCode, found.tags], ["SUCCEEDED", 0, {}]);
    const { events } = await new CloudWatchLogsClient({}).send(new GetLogEventsCommand({
      logGroupName: "/aws/batch/job", logStreamName: found.container.logStreamName, startFromHead: true }));
    assert.deepEqual(events.map(event => event.message), ["hello"]);
  },
  "an array, pages of its children": async () => {
    const found = await ended(await submit("array", await define("array", ["true"]), { arrayProperties: { size: 3 } }));
    assert.equal(found.arrayProperties.statusSummary.SUCCEEDED, 3);
    let count = 0;
    for await (const page of sdk.paginateListJobs({ client: batch, pageSize: 1 }, { arrayJobId: found.jobId, jobStatus: "SUCCEEDED" })) {
      assert.ok(page.jobSummaryList.length <= 1);
      count += page.jobSummaryList.length;
    }
    assert.equal(count, 3);
  },
  "two jobs terminated at once": async () => {
    const definition = await define("held", ["sleep", "120"]);
    const jobs = [await submit("one", definition), await submit("two", definition)];
    const answer = await batch.terminateJobs({ jobs, reason: "enough" });
    assert.deepEqual([answer.successful.toSorted(), answer.errors], [jobs.toSorted(), []]);
    for (const id of jobs) assert.equal((await ended(id)).statusReason, "enough");
  },
  "job queue snapshot": async () => {
    const answer = await batch.getJobQueueSnapshot({ jobQueue });
    assert.ok(Array.isArray(answer.frontOfQueue.jobs));
  },
  "unknown definition: the typed error": () => assert.rejects(submit("none", "none-such"), sdk.ClientException),
  "wrong key refused": () => assert.rejects(
    new sdk.Batch({ credentials: { accessKeyId: "wrong", secretAccessKey: "wrong" }, maxAttempts: 1 }).describeJobQueues({}),
    error => error.$metadata.httpStatusCode === 403),
  "another region is empty": async () => assert.deepEqual(
    (await new sdk.Batch({ region: "eu-west-1" }).describeJobDefinitions({ jobDefinitionName: "javascript-hello" })).jobDefinitions, []),
};

for (const [tried, check] of Object.entries(checks)) {
  let outcome = "passed";
  try {
    await check();
  } catch (error) {
    console.error(`@aws-sdk/client-batch, ${tried}: ${error.stack}`);
    outcome = "FAILED";
  }
  console.log(["@aws-sdk/client-batch", version, tried, outcome].join("\t"));
}
