using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The life of jobs, by boto3 and the AWS CLI alone.</summary>
[Trait("Peer", "boto3")]
public sealed class JobLifeTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    [Fact]
    public async Task Job_ThatSucceeds_IsDescribedListedAndRead()
    {
        JsonNode job = await served.PythonAsync("""
            arn = define("echo", ["echo", "Ref::what"], parameters={"what": "nothing"})
            id = submit("life", arn, parameters={"what": "hällo"}, tags={"team": "a/b"})
            job, = wait(id)
            listed = [s["jobId"] for page in batch.get_paginator("list_jobs").paginate(jobQueue="refrag-cpu-job-queue",
                jobStatus="SUCCEEDED", PaginationConfig={"PageSize": 1}) for s in page["jobSummaryList"]]
            events = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=job["container"]["logStreamName"],
                startFromHead=True)["events"]
            print(json.dumps(dict(job=job, listed=id in listed, once=len(listed) == len(set(listed)), said=[e["message"] for e in events]),
                default=str))
            """);
        Assert.Equal(("SUCCEEDED", 0, true, true),
            ((string?)job["job"]!["status"], (int?)job["job"]!["container"]!["exitCode"], (bool?)job["listed"], (bool?)job["once"]));
        Assert.Equal("[\"hällo\"]",
            job["said"]!.ToJsonString(
                new System.Text.Json.JsonSerializerOptions
                {
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }));
        Assert.Equal("a/b", (string?)job["job"]!["tags"]!["team"]);
    }

    [Fact]
    public async Task Job_ThatFailsAndRetries_HasItsAttempts()
    {
        JsonNode job = await served.PythonAsync("""
            arn = define("fail", ["sh", "-c", "exit 3"], retryStrategy={"attempts": 3,
                "evaluateOnExit": [{"onExitCode": "3", "action": "RETRY"}]})
            print(json.dumps(wait(submit("retries", arn))[0]))
            """);
        Assert.Equal("FAILED", (string?)job["status"]);
        Assert.Equal([3, 3, 3], job["attempts"]!.AsArray().Select(a => (int)a!["container"]!["exitCode"]!));
    }

    [Fact]
    public async Task Dependencies_PlainAndSequential_AreKept()
    {
        JsonNode all = await served.PythonAsync("""
            true, false = define("true", ["true"]), define("false", ["false"])
            good, bad = submit("good", true), submit("bad", false)
            after, never = submit("after", true, dependsOn=[{"jobId": good}]), submit("never", true, dependsOn=[{"jobId": bad}])
            array = submit("array", true, arrayProperties={"size": 3}, dependsOn=[{"type": "SEQUENTIAL"}])
            pair = submit("pair", true, arrayProperties={"size": 3}, dependsOn=[{"jobId": array, "type": "N_TO_N"}])
            jobs = wait(after, never, array, pair)
            children = batch.list_jobs(arrayJobId=array, jobStatus="SUCCEEDED")["jobSummaryList"]
            children.sort(key=lambda c: c["arrayProperties"]["index"])
            inOrder = all(a["stoppedAt"] <= b["startedAt"] for a, b in zip(children, children[1:]))
            print(json.dumps(dict(statuses=[j["status"] for j in jobs], reason=jobs[1]["statusReason"],
                summary=jobs[2]["arrayProperties"]["statusSummary"], inOrder=inOrder)))
            """);
        Assert.Equal(["SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED"], all["statuses"]!.AsArray().Select(s => (string?)s));
        Assert.Equal((3, true), ((int?)all["summary"]!["SUCCEEDED"], (bool?)all["inOrder"]));
        Assert.Equal("Dependent Job failed", (string?)all["reason"]);
    }

    [Fact]
    public async Task Jobs_CancelledAndTerminated_EndWithTheirReasons()
    {
        JsonNode jobs = await served.PythonAsync("""
            sleep = define("sleep", ["sleep", "600"])
            running = submit("running", sleep)
            wait(running, statuses=("RUNNING",))
            waiting = submit("waiting", sleep, dependsOn=[{"jobId": running}])
            wait(waiting, statuses=("PENDING",))
            batch.cancel_job(jobId=running, reason="does nothing to what runs")
            batch.cancel_job(jobId=waiting, reason="not wanted")
            stopped, = wait(waiting)
            still = batch.describe_jobs(jobs=[running])["jobs"][0]["status"]
            batch.terminate_job(jobId=running, reason="enough")
            print(json.dumps(dict(waiting=stopped, still=still, running=wait(running)[0])))
            """);
        Assert.Equal(("FAILED", "not wanted", "RUNNING"),
            ((string?)jobs["waiting"]!["status"], (string?)jobs["waiting"]!["statusReason"], (string?)jobs["still"]));
        Assert.Equal(("FAILED", "enough"), ((string?)jobs["running"]!["status"], (string?)jobs["running"]!["statusReason"]));
    }

    [Fact]
    public async Task Logs_ByTheCommandLine_AreTailedFilteredAndListed()
    {
        JsonNode job = await served.PythonAsync("""
            job, = wait(submit("talk", define("talk", ["sh", "-c", "for i in 1 2 3; do echo line $i of talk; done; echo ERROR bad"])))
            stream = job["container"]["logStreamName"]
            # What `aws logs tail` of the second edition asks; the first has no such verb.
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName="/aws/batch/job", logStreamNames=[stream],
                interleaved=True, startTime=job["createdAt"] - 1000, PaginationConfig={"PageSize": 2})
            tail = [e for page in pages for e in page["events"]]
            print(json.dumps(dict(stream=stream, tail=[e["message"] for e in tail], ids=len({e["eventId"] for e in tail}))))
            """);
        string stream = (string)job["stream"]!;
        Assert.Equal(["line 1 of talk", "line 2 of talk", "line 3 of talk", "ERROR bad"], job["tail"]!.AsArray().Select(m => (string?)m));
        Assert.Equal(4, (int?)job["ids"]);
        Finished got = await served.AwsAsync(
            "logs", "get-log-events", "--log-group-name", "/aws/batch/job", "--log-stream-name", stream, "--start-from-head", "--query",
            "events[0].message", "--output", "text");
        Assert.Equal("line 1 of talk\n", got.Output);
        Finished filtered = await served.AwsAsync(
            "logs", "filter-log-events", "--log-group-name", "/aws/batch/job", "--log-stream-names", stream, "--filter-pattern", "ERROR",
            "--query", "events[].message", "--output", "text");
        Assert.Equal("ERROR bad\n", filtered.Output);
        Finished listed =
            await served.AwsAsync("logs", "describe-log-streams", "--log-group-name", "/aws/batch/job", "--log-stream-name-prefix", stream,
                "--query", "logStreams[].logStreamName", "--output", "text");
        Assert.Equal($"{stream}\n", listed.Output);
        Finished groups = await served.AwsAsync("logs", "describe-log-groups", "--query", "logGroups[].logGroupName", "--output", "text");
        Assert.Equal("/aws/batch/job\n", groups.Output);
    }

    [Fact]
    public async Task Operations_AllOfTheModel_HaveTheirEffect()
    {
        using var script = new StreamReader(typeof(JobLifeTests).Assembly.GetManifestResourceStream("every_operation.py")!);
        JsonNode notCalled = await served.PythonAsync(await script.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("[]", notCalled.ToJsonString());
    }

    [Fact]
    public async Task Events_OfAJob_AreInTheFile()
    {
        JsonNode id = await served.PythonAsync("""
            id = submit("reported", define("true", ["true"]))
            wait(id)
            print(json.dumps(id))
            """);
        string arn = $"arn:aws:batch:us-east-1:000000000000:job/{id}";
        string[] statuses = [];
        await Eventually.HoldsAsync(() =>
        {
            statuses = [.. served.Events()
                .Where(e => (string?)e["resources"]![0] == arn).Select(e => (string?)e["detail"]!["status"] ?? "")];
            return statuses is [.., "SUCCEEDED"];
        });
        Assert.Equal(["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"], statuses);
    }
}
