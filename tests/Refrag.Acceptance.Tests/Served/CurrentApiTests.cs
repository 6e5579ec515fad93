using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>
/// What AWS added to Batch in 2026, by stock boto3 with the additions of <c>eng/batch-additions.json</c> to its model. Expectations are
/// those of the model's own pages (npm package @aws-sdk/client-batch 3.1138.0).
/// </summary>
[Trait("Peer", "boto3")]
public sealed class CurrentApiTests : IAsyncLifetime
{
    private const string Managed = """
        def provider(types=(), **more):
            template = dict(ec2InstanceProfileArn="arn:aws:iam::000000000000:instance-profile/ecs", networkConfiguration=dict(
                subnets=["subnet-1"], securityGroups=["sg-1"]), **more)
            if types: template["instanceRequirements"] = dict(allowedInstanceTypes=list(types))
            return dict(infrastructureRoleArn="arn:aws:iam::000000000000:role/infrastructure", instanceLaunchTemplate=template)
        def managed(name, most=8, **more):
            batch.create_compute_environment(computeEnvironmentName=name, type="MANAGED", computeResources=dict(
                dict(type="ECS_MANAGED_INSTANCES", maxvCpus=most, managedInstancesProvider=provider()), **more))
            until(lambda: environment(name)["status"] == "VALID")
        def environment(name): return batch.describe_compute_environments(computeEnvironments=[name])["computeEnvironments"][0]
        def task(name, vcpus=1, **more):
            return batch.register_job_definition(jobDefinitionName=name, type="container", platformCapabilities=["MANAGED_INSTANCES"],
                ecsProperties=dict(taskProperties=[dict(dict(containers=[dict(image="busybox", command=["true"], resourceRequirements=[
                    dict(type="VCPU", value=str(vcpus)), dict(type="MEMORY", value="512")],
                    environment=[dict(name="REFRAG_SIM_SECONDS", value=str(LONG))])]), **more)]))["jobDefinitionArn"]
        def refused(call, **arguments):
            try: return call(**arguments) and None
            except Exception as e: return str(e)

        """;

    private readonly ServedFleets _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task BulkEnds_OfJobsOfAllKinds_EndEachAndSayWhatTheyCouldNot()
    {
        JsonNode ended = await RunAsync("""
            fleet("fleet", ["m5.large"], most=2)
            queue("queue", ["fleet"])
            running = run("queue", vcpus=2, seconds=LONG)
            wait(running, statuses=("RUNNING",))
            waiting, array = run("queue", vcpus=2), run("queue", vcpus=2, arrayProperties=dict(size=3))
            cancelled = batch.cancel_jobs(jobs=[waiting, running, array, "no-such-job", waiting + "#0"], reason="not needed")
            still = batch.describe_jobs(jobs=[running])["jobs"][0]["status"]
            terminated = batch.terminate_jobs(jobs=[running], reason="enough")
            jobs = wait(waiting, array, running)
            summaries = {s["jobId"]: s for s in batch.list_jobs(jobQueue="queue", jobStatus="FAILED")["jobSummaryList"]}
            print(json.dumps(dict(successful=cancelled["successful"] == [waiting, running, array, "no-such-job"],
                errors=[[e["job"] == waiting + "#0", e["code"], bool(e["message"])] for e in cancelled["errors"]], still=still,
                terminated=[terminated["successful"] == [running], terminated["errors"]], reasons=[j["statusReason"] for j in jobs],
                flags=[[summaries[i].get("isCancelled"), summaries[i].get("isTerminated")] for i in (waiting, array, running)])))
            """);
        Assert.True((bool)ended["successful"]!);
        Assert.Equal("""[[true,"ValidationException",true]]""", ended["errors"]!.ToJsonString());
        // What runs is not canceled, and the answer is a success all the same. (API CancelJob)
        Assert.Equal("RUNNING", (string?)ended["still"]);
        Assert.Equal("[true,[]]", ended["terminated"]!.ToJsonString());
        Assert.Equal("""["not needed","not needed","enough"]""", ended["reasons"]!.ToJsonString());
        Assert.Equal("[[true,null],[true,null],[null,true]]", ended["flags"]!.ToJsonString());
    }

    [Fact]
    public async Task BulkEnds_OfMoreThanFiftyOrNoJobs_AreRefused()
    {
        JsonNode refusals = await RunAsync("""
            print(json.dumps([refused(batch.terminate_jobs, jobs=["x"] * 51, reason="r"), refused(batch.cancel_jobs, jobs=[], reason="r"),
                refused(batch.terminate_service_jobs, jobs=["x"] * 50, reason="r" * 1025),
                batch.terminate_service_jobs(jobs=["x"] * 50, reason="r")["successful"] == ["x"] * 50]))
            """);
        Assert.All(refusals.AsArray().Take(3), text => Assert.Contains("ClientException", (string?)text, StringComparison.Ordinal));
        Assert.True((bool)refusals[3]!);
    }

    [Fact]
    public async Task OrderedStrategies_OfAFleet_LaunchWhatStandsFirst()
    {
        JsonNode launched = await RunAsync("""
            def first(name, types, **more):
                fleet(name, types, **more)
                queue(name, [name])
                run(name, seconds=LONG)
                until(lambda: [f for f in fleets() if f["computeEnvironment"] == name])
                return [f["type"] for f in fleets() if f["computeEnvironment"] == name]
            ordered, prioritized = (dict(allocationStrategy=s) for s in
                ("BEST_FIT_PROGRESSIVE_ORDERED", "SPOT_CAPACITY_OPTIMIZED_PRIORITIZED"))
            out = [first("dear", ["m5.4xlarge", "m5.large"], **ordered), first("family", ["c5", "m5.large"], **ordered),
                first("own", ["m5.4xlarge", "m5"], **ordered), first("spot", ["m5.2xlarge", "m5.large"], type="SPOT", **prioritized)]
            print(json.dumps([*out, refused(fleet, name="x", types=["m5"], type="SPOT", **ordered),
                refused(fleet, name="x", types=["m5"], **prioritized)]))
            """);
        Assert.Equal("""[["m5.4xlarge"],["c5.large"],["m5.4xlarge"]]""", First(3, launched));
        Assert.Single(launched[3]!.AsArray());
        Assert.Contains("BEST_FIT_PROGRESSIVE_ORDERED is for EC2 only", (string?)launched[4], StringComparison.Ordinal);
        Assert.Contains("SPOT_CAPACITY_OPTIMIZED_PRIORITIZED is for SPOT only", (string?)launched[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OrderedStrategy_WhoseFirstTypeCannotBeHad_TakesTheNext()
    {
        JsonNode types = await RunAsync("""
            happen([{"what": "insufficient_capacity", "type": "m5.4xlarge"}])
            fleet("ordered", ["m5.4xlarge", "r5.2xlarge", "m5.large"], allocationStrategy="BEST_FIT_PROGRESSIVE_ORDERED")
            queue("ordered", ["ordered"])
            wait(run("ordered", seconds=LONG), statuses=("RUNNING",))
            print(json.dumps([f["type"] for f in fleets()]))
            """);
        Assert.Equal("""["r5.2xlarge"]""", types.ToJsonString());
    }

    [Fact]
    public async Task ManagedInstances_OfAMaximum_CountWhatJobsAskFor()
    {
        JsonNode seen = await RunAsync("""
            managed("instances", most=8)
            queue("managed", ["instances"])
            arn = task("task", vcpus=3, networkMode="host")
            jobs = [batch.submit_job(jobName="job", jobQueue="managed", jobDefinition=arn)["jobId"] for _ in range(4)]
            wait(*jobs[:2], statuses=("RUNNING",))
            def statuses(): return [j["status"] for j in batch.describe_jobs(jobs=jobs)["jobs"]]
            before = statuses()
            batch.terminate_jobs(jobs=jobs[:1], reason="make room")
            wait(jobs[2], statuses=("RUNNING",))
            detail = batch.describe_jobs(jobs=[jobs[1]])["jobs"][0]
            mine, one = [f for f in fleets() if f["computeEnvironment"] == "instances"], environment("instances")
            kind = batch.describe_job_queues(jobQueues=["managed"])["jobQueues"][0]["jobQueueType"]
            print(json.dumps(dict(before=before, after=statuses(), type=kind,
                mode=detail["ecsProperties"]["taskProperties"][0]["networkMode"], spot=[f["spot"] for f in mine],
                absent=[m for m in ("desiredvCpus", "minvCpus", "instanceTypes", "ec2Configuration", "allocationStrategy")
                    if m in one["computeResources"]],
                usage=batch.get_job_queue_snapshot(jobQueue="managed")["queueUtilization"]["totalCapacityUsage"])))
            """);
        // Three vCPUs of eight: two jobs, though any instance has more.
        Assert.Equal("""["RUNNING","RUNNING","RUNNABLE","RUNNABLE"]""", seen["before"]!.ToJsonString());
        Assert.Equal("""["FAILED","RUNNING","RUNNING","RUNNABLE"]""", seen["after"]!.ToJsonString());
        Assert.Equal(("ECS_MANAGED_INSTANCES", "host"), ((string?)seen["type"], (string?)seen["mode"]));
        Assert.All(seen["spot"]!.AsArray(), spot => Assert.False((bool)spot!));
        Assert.Empty(seen["absent"]!.AsArray());
        Assert.Equal(("VCPU", 6.0), ((string?)seen["usage"]![0]!["capacityUnit"], (double)seen["usage"]![0]!["quantity"]!));
    }

    [Fact]
    public async Task ManagedInstances_OfAllowedTypesOnSpot_AreOfThose()
    {
        JsonNode seen = await RunAsync("""
            managed("spot", managedInstancesProvider=provider(["r5"], capacityOptionType="SPOT"), capacityTags=dict(team="a"))
            queue("spot", ["spot"])
            wait(batch.submit_job(jobName="job", jobQueue="spot", jobDefinition=task("task"))["jobId"], statuses=("RUNNING",))
            batch.update_compute_environment(computeEnvironment="spot", computeResources=dict(maxvCpus=16, managedInstancesProvider=dict(
                instanceLaunchTemplate=dict(monitoring="DETAILED"), infrastructureOptimization=dict(scaleInAfter=-1))))
            until(lambda: environment("spot")["status"] == "VALID")
            resources = environment("spot")["computeResources"]
            print(json.dumps(dict(types=[[f["type"].split(".")[0], f["spot"]] for f in fleets()], most=resources["maxvCpus"],
                tags=resources["capacityTags"], provider=resources["managedInstancesProvider"])))
            """);
        Assert.Equal("""[["r5",true]]""", seen["types"]!.ToJsonString());
        Assert.Equal((16, """{"team":"a"}"""), ((int)seen["most"]!, seen["tags"]!.ToJsonString()));
        JsonNode template = seen["provider"]!["instanceLaunchTemplate"]!;
        Assert.Equal(("SPOT", "DETAILED"), ((string?)template["capacityOptionType"], (string?)template["monitoring"]));
        Assert.Equal(-1, (int)seen["provider"]!["infrastructureOptimization"]!["scaleInAfter"]!);
    }

    [Fact]
    public async Task ManagedInstances_WithWhatDoesNotBelongToThem_AreRefused()
    {
        JsonNode refusals = await RunAsync("""
            def create(**resources): return refused(batch.create_compute_environment, computeEnvironmentName="x", type="MANAGED",
                computeResources=dict(dict(type="ECS_MANAGED_INSTANCES", maxvCpus=4), **resources))
            usual = dict(type="EC2", subnets=["s"], securityGroupIds=["g"], instanceRole="r", instanceTypes=["m5"])
            managed("one")
            fleet("other", ["m5"])
            container = dict(image="busybox", resourceRequirements=[dict(type="VCPU", value="1"), dict(type="MEMORY", value="64")])
            def define(**more): return refused(batch.register_job_definition, jobDefinitionName="d", type="container", **more)
            tasks = dict(taskProperties=[dict(containers=[container], networkMode="host")])
            print(json.dumps([create(), create(managedInstancesProvider=provider(), allocationStrategy="BEST_FIT"),
                create(managedInstancesProvider=provider(capacityOptionType="CHEAP")), create(**usual, managedInstancesProvider=provider()),
                create(**usual, capacityTags=dict(a="b")),
                create(managedInstancesProvider=dict(provider(), infrastructureOptimization=dict(scaleInAfter=3601))),
                refused(batch.update_compute_environment, computeEnvironment="one", computeResources=dict(type="EC2")),
                refused(batch.create_job_queue, jobQueueName="q", priority=1, computeEnvironmentOrder=[
                    dict(order=1, computeEnvironment="one"), dict(order=2, computeEnvironment="other")]),
                define(platformCapabilities=["MANAGED_INSTANCES"], containerProperties=container), define(ecsProperties=tasks)]))
            """);
        string[] expected =
        [
            "managedInstancesProvider must be given", "allocationStrategy must not be given", "capacityOptionType CHEAP is unknown",
            "managedInstancesProvider is for ECS_MANAGED_INSTANCES only", "capacityTags are for ECS_MANAGED_INSTANCES only",
            "scaleInAfter", "cannot be changed to or from ECS_MANAGED_INSTANCES", "cannot mix compute environments of the types",
            "needs ecsProperties", "networkMode is for MANAGED_INSTANCES only",
        ];
        Assert.Equal(expected.Length, refusals.AsArray().Count);
        Assert.All(refusals.AsArray().Zip(expected),
            one => Assert.Contains(one.Second, (string?)one.First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_OfContainerInsightsAndLongUpdates_AreKept()
    {
        JsonNode kept = await RunAsync("""
            batch.create_compute_environment(computeEnvironmentName="insights", type="UNMANAGED",
                ecsSettings=dict(containerInsights="enhanced"))
            until(lambda: environment("insights")["status"] == "VALID")
            made = environment("insights")["ecsSettings"]
            batch.update_compute_environment(computeEnvironment="insights", ecsSettings=dict(containerInsights="DISABLED"),
                updatePolicy=dict(terminateJobsOnUpdate=False, jobExecutionTimeoutMinutes=7200))
            until(lambda: environment("insights")["status"] == "VALID")
            changed = environment("insights")
            print(json.dumps([made, changed["ecsSettings"], changed["updatePolicy"]["jobExecutionTimeoutMinutes"],
                refused(batch.update_compute_environment, computeEnvironment="insights",
                    updatePolicy=dict(terminateJobsOnUpdate=False, jobExecutionTimeoutMinutes=7201))]))
            """);
        Assert.Equal("""[{"containerInsights":"ENHANCED"},{"containerInsights":"DISABLED"},7200]""", First(3, kept));
        Assert.Contains("jobExecutionTimeoutMinutes", (string?)kept[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task S3FilesVolume_OfAJob_IsAcceptedAndSaidNotToBeMounted()
    {
        JsonNode seen = await RunAsync("""
            fleet("fleet", ["m5.large"])
            queue("queue", ["fleet"])
            arn = batch.register_job_definition(jobDefinitionName="files", type="container", containerProperties=dict(image="busybox",
                command=["true"], resourceRequirements=[dict(type="VCPU", value="1"), dict(type="MEMORY", value="64")],
                environment=[dict(name="REFRAG_SIM_SECONDS", value=str(LONG))],
                volumes=[dict(name="data", s3filesVolumeConfiguration=dict(fileSystemArn="arn:aws:s3files:us-east-1:0:file-system/fs-1"))],
                mountPoints=[dict(sourceVolume="data", containerPath="/data")]))["jobDefinitionArn"]
            job, = wait(batch.submit_job(jobName="job", jobQueue="queue", jobDefinition=arn)["jobId"], statuses=("RUNNING",))
            print(json.dumps([job["statusReason"], job["container"]["volumes"]]))
            """);
        Assert.Equal("Volume data is on S3 Files and is not mounted here.", (string?)seen[0]);
        Assert.Equal("arn:aws:s3files:us-east-1:0:file-system/fs-1",
            (string?)seen[1]![0]!["s3filesVolumeConfiguration"]!["fileSystemArn"]);
    }

    [Fact]
    public async Task Answers_OfArraysAndImages_SayWhenAndWhichTheyAre()
    {
        JsonNode seen = await RunAsync("""
            fleet("fleet", ["m5.large"])
            queue("queue", ["fleet"])
            before = environment("fleet")["computeResources"]["ec2Configuration"][0].get("batchImageStatus")
            array, = wait(run("queue", arrayProperties=dict(size=3)))
            listed = batch.list_jobs(jobQueue="queue", jobStatus="SUCCEEDED")["jobSummaryList"][0]
            last = max(j["stoppedAt"] for j in batch.list_jobs(arrayJobId=array["jobId"], jobStatus="SUCCEEDED")["jobSummaryList"])
            print(json.dumps([before, environment("fleet")["computeResources"]["ec2Configuration"][0].get("batchImageStatus"),
                array["arrayProperties"]["statusSummaryLastUpdatedAt"] >= last,
                listed["arrayProperties"]["statusSummaryLastUpdatedAt"] == array["arrayProperties"]["statusSummaryLastUpdatedAt"]]))
            """);
        Assert.Equal("""[null,"LATEST",true,true]""", seen.ToJsonString());
    }

    // nextflow#7479: about 188 s after the submission, in an environment that scales from zero; the job ran afterwards.
    [Fact]
    public async Task TransientReason_OfAScenario_IsSaidWhileTheInstanceStartsAndTheJobRunsAllTheSame()
    {
        JsonNode seen = await RunAsync("""
            happen([{"what": "slow_start", "extra": "20m"}, {"what": "transient_reason", "after": "188s"}])
            fleet("fleet", ["m5.large"])
            queue("queue", ["fleet"], jobStateTimeLimitActions=[dict(reason="MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
                state="RUNNABLE", maxTimeSeconds=600, action="CANCEL")])
            job = run("queue")
            reason = blocked(job, "JOB_RESOURCE_REQUIREMENT")
            print(json.dumps([job, reason]))
            """);
        string id = (string)seen[0]!;
        Assert.Equal(
            "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by "
                + "the CE(s) attached to the job queue.", (string?)seen[1]);
        Finished why = await (await _server.ClientAsync() with { WorkingDirectory = Repository.Root })
            .RunAsync("why", id, "env=awsbatch", $"env.endpoint_url={_server.Url}", "--json");
        // The words alone are a witness, and not a judge. How much they count for depends on how long the job has waited by then.
        Assert.DoesNotContain(JsonNode.Parse(why.Output)!["causes"]!.AsArray(),
            cause => (string?)cause!["code"] == "needs-too-large" && (string?)cause["confidence"] == "certain");
        JsonNode ended = await RunAsync($"""print(json.dumps(wait("{id}")[0]["status"]))""");
        Assert.Equal("SUCCEEDED", (string?)ended);
    }

    private static string First(int count, JsonNode list) =>
        new JsonArray([.. list.AsArray().Take(count).Select(one => one!.DeepClone())]).ToJsonString();

    private Task<JsonNode> RunAsync(string source) => _server.PythonAsync(ServedFleets.Prelude + Managed + source);
}
