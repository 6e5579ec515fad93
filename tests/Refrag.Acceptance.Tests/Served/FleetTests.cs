using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Capacity as stock boto3 sees it: simulated fleets behind <c>refrag serve</c>, at sixty times the speed.</summary>
/// <remarks>
/// Each test has a server of its own: what happens to instances, such as a lack of capacity, lasts and concerns every environment.
/// </remarks>
public sealed class FleetTests : IAsyncLifetime
{
    private readonly ServedFleets _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Blocked_ForEachCauseThatASetUpCanHave_IsReportedInBatchsWords()
    {
        JsonNode reasons = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("small", ["m5.large"], most=4)
            queue("too-large", ["small"])
            queue("above-maximum", ["small"])
            fleet("wrong", ["m5.gigantic"], wait=False)
            out = {}
            out["large"] = blocked(run("too-large", memory=900000), "JOB_RESOURCE_REQUIREMENT")
            out["maximum"] = blocked(run("above-maximum", vcpus=16), "MAX_RESOURCE")
            happen([{"what": "insufficient_capacity", "type": "c5.*"}])
            fleet("scarce", ["c5.large"])
            queue("scarce", ["scarce"])
            out["capacity"] = blocked(run("scarce"), "INSUFFICIENT_INSTANCE_CAPACITY")
            happen([{"what": "role_fault", "environment": "norole"}])
            fleet("norole", ["r5.large"])
            queue("norole", ["norole"])
            out["role"] = blocked(run("norole"), "SERVICE_ROLE_PERMISSIONS")
            fleet("old", ["p3.2xlarge"])
            queue("old", ["old"])
            out["configuration"] = blocked(run("old"), "UNSUPPORTED")
            fleet("turned", ["m5.large"])
            queue("turned", ["turned"])
            batch.update_compute_environment(computeEnvironment="turned", computeResources=dict(instanceTypes=["m5.gigantic"]))
            out["action"] = blocked(run("turned"), "ACTION_REQUIRED")
            fleet("off", ["m5.large"])
            queue("off", ["off"])
            batch.update_compute_environment(computeEnvironment="off", state="DISABLED")
            out["undetermined"] = blocked(run("off"), "UNDETERMINED")
            out["invalid"] = batch.describe_compute_environments(computeEnvironments=["wrong"])["computeEnvironments"][0]["status"]
            print(json.dumps(out))
            """);
        Assert.Equal(
            "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by "
                + "the CE(s) attached to the job queue.", (string?)reasons["large"]);
        Assert.Equal(
            "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of "
                + "the job.", (string?)reasons["maximum"]);
        Assert.Equal("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [c5.large]",
            (string?)reasons["capacity"]);
        Assert.Equal(
            "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS \u2013 Batch service role has a permission issue.", (string?)reasons["role"]);
        Assert.Equal(
            "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - Your compute environment associated with this job queue has an "
                + "unsupported instance type configuration.", (string?)reasons["configuration"]);
        Assert.Equal("ACTION_REQUIRED - CE(s) associated with the job queue are invalid.", (string?)reasons["action"]);
        Assert.Equal("UNDETERMINED - Batch job is blocked, root cause is undetermined.", (string?)reasons["undetermined"]);
        Assert.Equal("INVALID", (string?)reasons["invalid"]);
        await Eventually.HoldsAsync(() => _server.Events().Any(one => (string?)one["detail-type"] == "Batch Job Queue Blocked"));
    }

    [Fact]
    public async Task CpuJobs_WhileGpusAreExhausted_WaitInASharedQueueAndNotInTheirOwn()
    {
        JsonNode waits = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("gpu", ["g5.xlarge"], most=4); fleet("cpu", ["m5.large"], most=4)
            queue("gpu-only", ["gpu"]); queue("cpu-only", ["cpu"])
            fleet("shared-gpu", ["g5.xlarge"], most=4); fleet("shared-cpu", ["m5.large"], most=4)
            queue("shared", ["shared-gpu", "shared-cpu"])
            gpu = dict(needs=[dict(type="GPU", value="1")], seconds=LONG)
            def fill(q):
                jobs = [run(q, **gpu) for _ in range(4)]
                wait(jobs[0], statuses=("RUNNING",))
                return jobs
            others, behind, after = fill("gpu-only"), fill("shared"), run("shared")
            own, = wait(run("cpu-only"))
            still = [j["status"] for j in batch.describe_jobs(jobs=[others[0], behind[0], after])["jobs"]]
            placed = []
            for j in behind:
                placed += wait(j, statuses=("RUNNING",))
                batch.terminate_job(jobId=j, reason="the next")
            last, = wait(after)
            print(json.dumps(dict(still=still, inOrder=last["startedAt"] >= wait(behind[-2])[0]["stoppedAt"],
                gpu=sorted({j["container"]["containerInstanceArn"].split("/")[1] for j in placed}),
                cpu=own["container"]["containerInstanceArn"].split("/")[1])))
            """);
        // GPU jobs that do not end hold one GPU each: a CPU job in its own queue ends meanwhile, in a shared queue it starts once the last
        // GPU job ahead of it has its turn.
        Assert.Equal(["RUNNING", "RUNNING", "RUNNABLE"], waits["still"]!.AsArray().Select(status => (string?)status));
        Assert.True((bool)waits["inOrder"]!);
        Assert.Equal(["shared-gpu"], waits["gpu"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("cpu", (string?)waits["cpu"]);
    }

    [Fact]
    public async Task Fleets_ThatAreAskedFor_ShowInstancesAndTheirJobs()
    {
        JsonNode seen = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("shown", ["m5.large"], most=4, type="SPOT", allocationStrategy="SPOT_CAPACITY_OPTIMIZED")
            queue("shown", ["shown"])
            jobs = [run("shown", vcpus=2, seconds=LONG) for _ in range(2)]
            wait(*jobs, statuses=("RUNNING",))
            mine = [i for i in fleets() if i["computeEnvironment"] == "shown"]
            for j in jobs: batch.terminate_job(jobId=j, reason="seen")
            try: refused = signed("GET", "/rehearsal/fleets", key="AKIDUNKNOWN")
            except urllib.error.HTTPError as e: refused = e.code
            print(json.dumps(dict(instances=mine, jobs=jobs, refused=refused)))
            """);
        JsonArray instances = seen["instances"]!.AsArray();
        Assert.Equal(2, instances.Count);
        Assert.All(instances,
            one => Assert.Equal(("m5.large", "a", true, "running"),
                ((string?)one!["type"], (string?)one["zone"], (bool)one["spot"]!, (string?)one["state"])));
        Assert.Equal(seen["jobs"]!.AsArray().Select(id => (string?)id).Order(),
            instances.SelectMany(one => one!["jobs"]!.AsArray()).Select(id => (string?)id).Order());
        Assert.Equal(403, (int)seen["refused"]!);
    }

    [Fact]
    public async Task Job_ThatWaitsForAnInstance_SaysWhenItIsExpectedToStart()
    {
        JsonNode made = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("expected", ["m5.large"], most=2)
            queue("expected", ["expected"])
            for _ in range(3): wait(run("expected", vcpus=2, seconds=600))
            first = run("expected", vcpus=2, seconds=LONG)
            wait(first, statuses=("RUNNING",))
            waits = run("expected", vcpus=2, seconds=600)
            wait(waits, statuses=("RUNNABLE",))
            print(json.dumps(dict(waits=waits)))
            """);
        BuiltProgram program = await _server.ClientAsync() with { WorkingDirectory = Repository.Root };
        string[] where = [(string)made["waits"]!, "env=awsbatch", $"env.endpoint_url={_server.Url}"];

        Finished job = await program.RunAsync(["job", .. where, "--json"]);
        JsonNode expected = JsonNode.Parse(job.Output)!["expectedStart"]!;
        Assert.Equal(90, (int)expected["levelPercent"]!);
        Assert.True((DateTimeOffset)expected["earliest"]! >= (DateTimeOffset)expected["askedAt"]!, job.Output);
        Assert.True((DateTimeOffset)expected["latest"]! >= (DateTimeOffset)expected["middle"]!, job.Output);

        Assert.Matches("  expected    (in |at any time|probably not before )", (await program.RunAsync(["job", .. where])).Output);
        Assert.Matches("Expected to start (in |at any time|probably not before )", (await program.RunAsync(["why", .. where])).Output);
    }

    [Fact]
    public async Task TimeLimit_OfABlockedQueue_CancelsTheHead()
    {
        JsonNode ended = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("limited", ["m5.large"], most=4)
            queue("limited", ["limited"], jobStateTimeLimitActions=[dict(reason="MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
                state="RUNNABLE", maxTimeSeconds=600, action="CANCEL")])
            head, behind = run("limited", memory=900000), run("limited")
            print(json.dumps([[j["status"], j["statusReason"]] for j in wait(head, behind)]))
            """);
        Assert.Equal(["FAILED", "Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"],
            ended[0]!.AsArray().Select(text => (string?)text));
        Assert.Equal("SUCCEEDED", (string?)ended[1]![0]);
    }

    [Fact]
    public async Task SpotStorm_WithRetriesOnHostEc2_LosesAttemptsAndNoJobAndFallsThroughToOnDemand()
    {
        JsonNode result = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("spot", ["m5.xlarge"], most=16, type="SPOT", allocationStrategy="SPOT_CAPACITY_OPTIMIZED")
            fleet("demand", ["m5.xlarge"], most=16)
            queue("spot", ["spot", "demand"])
            # They start together, however long it takes to submit them: the first must not end before the last has begun.
            for name in ("spot", "demand"): batch.update_compute_environment(computeEnvironment=name, state="DISABLED")
            jobs = [run("spot", seconds=600, retryStrategy=dict(attempts=5,
                evaluateOnExit=[dict(onStatusReason="Host EC2*", action="RETRY"), dict(onReason="*", action="EXIT")])) for _ in range(8)]
            wait(*jobs, statuses=("RUNNABLE",))
            batch.update_compute_environment(computeEnvironment="spot", state="ENABLED")
            wait(*jobs, statuses=("RUNNING",))
            batch.update_compute_environment(computeEnvironment="demand", state="ENABLED")
            happen([{"what": "insufficient_capacity", "type": "m5.*", "spot": True}, {"what": "spot_reclaim", "part": 1}])
            ended = wait(*jobs)
            lost = [a["statusReason"] for j in ended for a in j["attempts"] if a["statusReason"].startswith("Host EC2 (instance i-")]
            places = [[a["container"]["containerInstanceArn"].split("/")[1] for a in j["attempts"]] for j in ended]
            print(json.dumps(dict(ended=sorted({j["status"] for j in ended}), lost=len(lost), first=sorted({p[0] for p in places}),
                last=sorted({p[-1] for p in places}))))
            """);
        Assert.Equal(["SUCCEEDED"], result["ended"]!.AsArray().Select(status => (string?)status));
        Assert.Equal(8, (int)result["lost"]!);
        Assert.Equal(["spot"], result["first"]!.AsArray().Select(place => (string?)place));
        Assert.Equal(["demand"], result["last"]!.AsArray().Select(place => (string?)place));
    }

    // The launcher's own request, with the retries that conf/env/awsbatch.yaml has: the host's loss is tried again, the app's failure is
    // not. (UG job_retries)
    [Fact]
    public async Task SpotReclaim_OfWhatTheLauncherSent_IsTriedAgainAndAFailureOfTheAppIsNot()
    {
        await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("launched", ["m5.xlarge"], most=16, type="SPOT", allocationStrategy="SPOT_CAPACITY_OPTIMIZED")
            queue("launched", ["launched"])
            batch.update_compute_environment(computeEnvironment="launched", state="DISABLED")
            print("{}")
            """);
        // What is lost must run when the instance goes: it starts once the program that takes the instance has begun.
        string lost = await LaunchAsync("REFRAG_SIM_SECONDS=600");
        string failed = await LaunchAsync("REFRAG_SIM_EXIT_CODE=3");

        JsonNode ended = await _server.PythonAsync(ServedFleets.Prelude + $"""
            batch.update_compute_environment(computeEnvironment="launched", state="ENABLED")
            wait("{failed}"), wait("{lost}", statuses=("RUNNING",))
            happen([dict(what="spot_reclaim", part=1)])
            print(json.dumps([[j["status"], len(j["attempts"]), j["retryStrategy"]["attempts"]] for j in wait("{failed}", "{lost}")]))
            """);

        Assert.Equal("""[["FAILED",1,3],["SUCCEEDED",2,3]]""", ended.ToJsonString());
    }

    // A definition's strategy is the job's if the submission has none. (API SubmitJob.retryStrategy)
    [Fact]
    public async Task Retries_OfADefinitionThatEndWithTheStar_DoNotRepeatAFailureOfTheApp()
    {
        JsonNode ended = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("defined", ["m5.large"], most=4)
            queue("defined", ["defined"])
            work = define("defined", ["true"], retryStrategy=dict(attempts=3, evaluateOnExit=[
                dict(onStatusReason="Host EC2*", action="RETRY"), dict(onReason="*", action="EXIT")]))
            failing = dict(environment=[dict(name="REFRAG_SIM_EXIT_CODE", value="3")])
            job = batch.submit_job(jobName="job", jobQueue="defined", jobDefinition=work, containerOverrides=failing)["jobId"]
            print(json.dumps([[j["status"], len(j["attempts"])] for j in wait(job)]))
            """);
        Assert.Equal("""[["FAILED",1]]""", ended.ToJsonString());
    }

    [Fact]
    public async Task FairShare_OfWeightsOneTwoFour_GivesTheVCpusInThatProportion()
    {
        JsonNode started = await _server.PythonAsync(ServedFleets.Prelude + """
            policy = batch.create_scheduling_policy(name="fair", fairsharePolicy=dict(shareDecaySeconds=600, shareDistribution=[
                dict(shareIdentifier="a", weightFactor=1), dict(shareIdentifier="b", weightFactor=0.5),
                dict(shareIdentifier="c", weightFactor=0.25)]))["arn"]
            fleet("fair", ["m5.xlarge"], most=28)
            queue("fair", ["fair"], schedulingPolicyArn=policy)
            batch.update_compute_environment(computeEnvironment="fair", state="DISABLED")
            jobs = {share: [run("fair", seconds=LONG, shareIdentifier=share, schedulingPriorityOverride=0)
                for _ in range(30)] for share in "abc"}
            wait(*[i for ids in jobs.values() for i in ids], statuses=("RUNNABLE",))
            batch.update_compute_environment(computeEnvironment="fair", state="ENABLED")
            def started():
                counts = {share: sum(j["status"] in ("STARTING", "RUNNING") for j in batch.describe_jobs(jobs=ids)["jobs"])
                    for share, ids in jobs.items()}
                return sum(counts.values()) == 28 and counts
            counts = until(started)
            for ids in jobs.values():
                for i in ids: batch.terminate_job(jobId=i, reason="seen")
            print(json.dumps(counts))
            """);
        // All wait before anything can start, so that who came first counts for nothing.
        int[] counts = [(int)started["a"]!, (int)started["b"]!, (int)started["c"]!];
        Assert.Equal(28, counts.Sum());
        Assert.InRange(counts[0], 3, 5);
        Assert.InRange(counts[1], 7, 9);
        Assert.InRange(counts[2], 15, 17);
    }

    [Fact]
    public async Task Environments_InOrder_AreFilledOneAfterTheOtherAndQueuesGoByPriority()
    {
        JsonNode result = await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("first", ["m5.large"], most=2)
            fleet("second", ["m5.large"], most=2)
            queue("both", ["first", "second"])
            jobs = [run("both", vcpus=2, seconds=LONG) for _ in range(2)]
            places = [j["container"]["containerInstanceArn"].split("/")[1] for j in wait(*jobs, statuses=("RUNNING",))]
            queue("low", ["first"], priority=1); queue("high", ["first"], priority=10)
            low, high = run("low", vcpus=2), run("high", vcpus=2)
            for j in jobs: batch.terminate_job(jobId=j, reason="make room")
            ended = {j["jobId"]: j for j in wait(low, high)}
            print(json.dumps(dict(places=places, order=ended[high]["startedAt"] <= ended[low]["startedAt"])))
            """);
        Assert.Equal(["first", "second"], result["places"]!.AsArray().Select(place => (string?)place).Order());
        Assert.True((bool)result["order"]!);
    }

    // A job of 600 s uses its share of an instance; the fleet pays for all of it, from its launch on.
    [Fact]
    public async Task CostReport_OfAFleet_ShowsWhatTheInstancesTookBeyondTheJobs()
    {
        await _server.PythonAsync(ServedFleets.Prelude + """
            fleet("billed", ["m5.xlarge"], most=16)
            queue("billed", ["billed"])
            wait(run("billed", seconds=600))
            print("{}")
            """);

        Finished report = await (await _server.ClientAsync() with { WorkingDirectory = Repository.Root }).RunAsync(
            "cost", "report", "--by", "queue", "env=awsbatch", $"env.endpoint_url={_server.Url}", "--json");

        Assert.True(report.ExitCode == 0, report.ToString());
        JsonNode[] lines = [.. report.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(2, lines.Length);
        (double jobHours, decimal jobs) = ((double)lines[0]["hours"]!, (decimal)lines[0]["usd"]!);
        (double fleetHours, decimal fleet) = ((double)lines[1]["fleetHours"]!, (decimal)lines[1]["fleetUsd"]!);
        // Not 600 s: at this speed of the clock, the moment until a busy machine has noted the start is seconds.
        Assert.True(jobHours > 0);
        // The instance was there before the job and stays a while behind it. Hours have four digits.
        Assert.InRange(fleetHours, jobHours - 0.0001, double.MaxValue);
        // us-east-1, on demand, 0.192 USD an hour. (EC2 price list) The job has one of its four vCPUs.
        Assert.InRange(fleet, (decimal)fleetHours * 0.192m - 0.0001m, (decimal)fleetHours * 0.192m + 0.0001m);
        Assert.InRange(jobs, (decimal)jobHours * 0.048m - 0.0001m, (decimal)jobHours * 0.048m + 0.0001m);
        // Each of the three is rounded to a millionth.
        decimal beyond = Math.Max(0, fleet - jobs);
        Assert.InRange((decimal)lines[1]["beyondJobsUsd"]!, beyond - 0.000001m, beyond + 0.000001m);
    }

    private async Task<string> LaunchAsync(string variable)
    {
        Finished run = await (await _server.ClientAsync() with { WorkingDirectory = Repository.Root }).RunAsync(
            "run", "app=hello_dist", "env=awsbatch", $"env.endpoint_url={_server.Url}", "env.job_queue=launched",
            "env.job_definition_name=work", "env.vcpus=1", "env.memory=100MiB", $"+env.environment.{variable}", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        return (string)JsonNode.Parse(run.Output)!["jobId"]!;
    }
}

/// <summary>A server without queues whose jobs are simulated and whose clock is fast.</summary>
public sealed class ServedFleets : ServedBatch
{
    /// <summary>What the tests' Python programs have besides.</summary>
    public const string Prelude = """
        import os, urllib.error, urllib.request
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        from botocore.session import get_session
        def fleet(name, types, most=64, type="EC2", wait=True, **more):
            batch.create_compute_environment(computeEnvironmentName=name, type="MANAGED",
                computeResources=dict(dict(type=type, maxvCpus=most, minvCpus=0, instanceTypes=types,
                subnets=["subnet-1"], securityGroupIds=["sg-1"], instanceRole="role", allocationStrategy="BEST_FIT_PROGRESSIVE"), **more))
            if wait: until(lambda:
                batch.describe_compute_environments(computeEnvironments=[name])["computeEnvironments"][0]["status"] == "VALID")
        def queue(name, environments, priority=1, **more):
            batch.create_job_queue(jobQueueName=name, priority=priority,
                computeEnvironmentOrder=[dict(order=i, computeEnvironment=e) for i, e in enumerate(environments, 1)], **more)
            until(lambda: batch.describe_job_queues(jobQueues=[name])["jobQueues"][0]["status"] == "VALID")
        def run(queue, vcpus=1, memory=100, seconds=1, needs=(), **more):
            return batch.submit_job(jobName="job", jobQueue=queue, jobDefinition=work,
                containerOverrides=dict(environment=[dict(name="REFRAG_SIM_SECONDS", value=str(seconds))],
                resourceRequirements=[dict(type="VCPU", value=str(vcpus)), dict(type="MEMORY", value=str(memory)), *needs]),
                **more)["jobId"]
        def blocked(job, code):
            return until(lambda: (r := batch.describe_jobs(jobs=[job])["jobs"][0].get("statusReason", "")) and code in r and r)
        def signed(method, path, data=None, key=None):
            credentials = get_session().get_credentials() if key is None else Credentials(key, "secret")
            request = AWSRequest(method, os.environ["AWS_ENDPOINT_URL_BATCH"] + path, data=data,
                headers={"Content-Type": "application/json"})
            SigV4Auth(credentials, "batch", "us-east-1").add_auth(request)
            return urllib.request.urlopen(urllib.request.Request(request.url, data=data and data.encode(), headers=dict(request.headers),
                method=method), timeout=120).read()
        def happen(events): signed("POST", "/rehearsal/events", json.dumps(events))
        def fleets(): return json.loads(signed("GET", "/rehearsal/fleets"))["instances"]
        # Does not end during a test: eleven days of the server's clock are four hours.
        LONG = 1000000
        work = define("work", ["true"])

        """;

    protected override string[] Options => ["--bare", "--runner", "simulated", "--clock", "60", "--instance-start", "30s"];
}
