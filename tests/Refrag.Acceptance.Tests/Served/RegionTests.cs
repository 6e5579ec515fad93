using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>One server, and an account's regions apart, for stock boto3 and for our own commands.</summary>
[Trait("Peer", "boto3")]
public sealed class RegionTests : IAsyncLifetime
{
    private const string Account = "123456789012";
    private const string Prelude = """
        import re, urllib.request
        from botocore.exceptions import ClientError
        regions = ["us-east-1", "eu-west-1"]
        def client(service, region): return boto3.client(service, region_name=region)
        def make(region, name):
            global batch
            batch = client("batch", region)
            batch.create_compute_environment(computeEnvironmentName=name, type="UNMANAGED")
            until(lambda: batch.describe_compute_environments(computeEnvironments=[name])["computeEnvironments"][0]["status"] == "VALID")
            batch.create_job_queue(jobQueueName=name, priority=1,
                computeEnvironmentOrder=[dict(order=1, computeEnvironment=name)])
            until(lambda: batch.describe_job_queues(jobQueues=[name])["jobQueues"][0]["status"] == "VALID")
            return define(name, ["sh", "-c", "echo $AWS_REGION $AWS_DEFAULT_REGION"])
        def arns(answer):
            return set(re.findall(r'arn:aws:(?:batch|ecs|logs):[^"\s]*', json.dumps(answer, default=str)))
        def refused(call, **arguments):
            try: return call(**arguments) and None
            except ClientError as e: return [e.response["Error"]["Code"], e.response["Error"]["Message"]]
        def seen(region, job, group="/aws/batch/job"):
            b, l = client("batch", region), client("logs", region)
            return [b.describe_compute_environments(), b.describe_job_queues(), b.describe_job_definitions(),
                b.describe_jobs(jobs=[job]), l.describe_log_streams(logGroupName=group), l.describe_log_groups()]
        def summary(region, job):
            e, q, d, j, s, _ = seen(region, job)
            return [[one["computeEnvironmentName"] for one in e["computeEnvironments"]], [one["jobQueueName"] for one in q["jobQueues"]],
                [one["jobDefinitionName"] for one in d["jobDefinitions"]], [one["status"] for one in j["jobs"]], len(s["logStreams"])]

        """;

    private readonly RegionServed _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Regions_OfOneServer_AreApartAndNameThemselves()
    {
        JsonNode seen = await RunAsync("""
            out = dict()
            jobs = dict()
            for region in regions:
                arn = make(region, "of-" + region)
                jobs[region] = batch.submit_job(jobName="job", jobQueue="of-" + region, jobDefinition=arn)["jobId"]
                job, = wait(jobs[region])
                stream = job["container"]["logStreamName"]
                out[region] = [m["message"] for m in client("logs", region).get_log_events(
                    logGroupName="/aws/batch/job", logStreamName=stream)["events"]]
                out[region + " summary"] = summary(region, jobs[region])
                out[region + " other"] = [a for a in arns(seen(region, jobs[region])) if f":{region}:123456789012:" not in a]
                out[region + " count"] = len(arns(seen(region, jobs[region])))
            here, there = (client("batch", region) for region in regions)
            out["foreign"] = [here.describe_jobs(jobs=[jobs["eu-west-1"]])["jobs"],
                here.describe_job_queues(jobQueues=["of-eu-west-1"])["jobQueues"],
                refused(here.submit_job, jobName="x", jobQueue="of-eu-west-1", jobDefinition="of-us-east-1")[0],
                refused(here.submit_job, jobName="x", jobQueue="of-us-east-1", jobDefinition=
                    "arn:aws:batch:eu-west-1:123456789012:job-definition/of-us-east-1:1")[0]]
            out["roles"] = [e["serviceRole"] for e in there.describe_compute_environments()["computeEnvironments"]]
            print(json.dumps(out))
            """);
        foreach (string region in (string[])["us-east-1", "eu-west-1"])
        {
            Assert.Equal($"""["{region} {region}"]""", seen[region]!.ToJsonString());
            Assert.Equal($"""[["of-{region}"],["of-{region}"],["of-{region}"],["SUCCEEDED"],1]""",
                seen[$"{region} summary"]!.ToJsonString());
            Assert.Equal("[]", seen[$"{region} other"]!.ToJsonString());
            Assert.True((int)seen[$"{region} count"]! > 5);
        }
        Assert.Equal("""[[],[],"ClientException","ClientException"]""", seen["foreign"]!.ToJsonString());
        Assert.Equal(
            $"""["arn:aws:iam::{Account}:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"]""",
            seen["roles"]!.ToJsonString());
        // A file of events has those of all regions.
        await Eventually.HoldsAsync(() => _server.Events().Select(one => (string)one["region"]!).Distinct().Count() == 2);
        Assert.Equal([Account], _server.Events().Select(one => (string)one["account"]!).Distinct());
        Assert.Equal(["eu-west-1", "us-east-1"], _server.Events().Select(one => (string)one["region"]!).Distinct().Order());
    }

    [Fact]
    public async Task Regions_AfterAKill_AreAsBeforeAndTheirJobsContinue()
    {
        JsonNode before = await RunAsync("""
            jobs = []
            for region in regions:
                make(region, "kept")
                arn = define("wait", ["sh", "-c", "sleep 3; echo over"], vcpus="1")
                jobs.append(batch.submit_job(jobName="job", jobQueue="kept", jobDefinition=arn)["jobId"])
                wait(jobs[-1], statuses=("STARTING", "RUNNING", "RUNNABLE", "SUCCEEDED"))
            print(json.dumps(jobs))
            """);
        await _server.KillAsync();
        Finished export = await new BuiltProgram().RunAsync(
            "serve", "--state", _server.State, "--account", Account, "--region", "eu-west-1", "--export", "-");
        Assert.Contains($"arn:aws:batch:eu-west-1:{Account}:job-queue/kept", export.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("us-east-1", export.Output, StringComparison.Ordinal);
        await _server.StartAsync();
        JsonNode after = await RunAsync($$"""
            jobs, out = json.loads('{{before.ToJsonString()}}'), []
            for region, job in zip(regions, jobs):
                batch = client("batch", region)
                wait(job)
                out.append([*summary(region, job), [len(batch.describe_jobs(jobs=[other])["jobs"]) for other in jobs]])
            print(json.dumps(out))
            """);
        Assert.Equal(
            """[[["kept"],["kept"],["kept","wait"],["SUCCEEDED"],1,[1,0]],[["kept"],["kept"],["kept","wait"],["SUCCEEDED"],1,[0,1]]]""",
            after.ToJsonString());
    }

    [Fact]
    public async Task Commands_OfRefrag_AskTheRegionThatTheyName()
    {
        JsonNode ids = await RunAsync("""
            jobs = dict()
            for region in regions:
                arn = make(region, "mine")
                jobs[region] = batch.submit_job(jobName="job-" + region, jobQueue="mine", jobDefinition=arn)["jobId"]
                wait(jobs[region])
            print(json.dumps(jobs))
            """);
        foreach (string region in (string[])["us-east-1", "eu-west-1"])
        {
            BuiltProgram refrag = await _server.ClientAsync() with { WorkingDirectory = Repository.Root };
            string[] target = ["env=awsbatch", $"env.endpoint_url={_server.Url}", $"env.region={region}"];
            Finished listed = await refrag.RunAsync(["jobs", "--queue", "mine", "--status", "succeeded", "--json", .. target]);
            Assert.True(listed.ExitCode == 0, listed.ToString());
            Assert.Contains((string)ids[region]!, listed.Output, StringComparison.Ordinal);
            Assert.DoesNotContain((string)ids[region == "us-east-1" ? "eu-west-1" : "us-east-1"]!, listed.Output, StringComparison.Ordinal);
            Finished lines = await refrag.RunAsync(["logs", (string)ids[region]!, .. target]);
            Assert.Equal($"{region} {region}", lines.Output.Trim());
        }
        Finished variables = await new BuiltProgram().RunAsync("serve", "--print-env", "--state", _server.State, "--region", "eu-west-1");
        Assert.Contains("export AWS_REGION='eu-west-1'", variables.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_PresignedOrOfNoRegion_AreAnsweredAsAwsDoes()
    {
        JsonNode seen = await RunAsync("""
            make("eu-west-1", "tagged")
            arn = batch.describe_job_queues(jobQueues=["tagged"])["jobQueues"][0]["jobQueueArn"]
            batch.tag_resource(resourceArn=arn, tags=dict(team="a"))
            def fetch(region):
                url = client("batch", region).generate_presigned_url("list_tags_for_resource", Params=dict(resourceArn=arn))
                try: return json.loads(urllib.request.urlopen(url, timeout=60).read())
                except urllib.error.HTTPError as e: return [e.code, e.headers["x-amzn-ErrorType"]]
            print(json.dumps([fetch("eu-west-1"), fetch("us-east-1"), refused(client("batch", "eu-middle-9").describe_job_queues),
                refused(client("logs", "eu-middle-9").describe_log_groups)]))
            """);
        Assert.Equal("""{"tags":{"team":"a"}}""", seen[0]!.ToJsonString());
        Assert.Equal("""[400,"ClientException"]""", seen[1]!.ToJsonString());
        Assert.All(seen.AsArray().Skip(2), refusal => Assert.Equal(
            ("InvalidSignatureException", "Credential should be scoped to a valid region, not 'eu-middle-9'."),
            ((string)refusal![0]!, (string)refusal[1]!)));
    }

    private Task<JsonNode> RunAsync(string source) => _server.PythonAsync(Prelude + source);
}

/// <summary>Fleets of two regions.</summary>
[Trait("Peer", "boto3")]
public sealed class RegionFleetTests(ServedFleets server) : IClassFixture<ServedFleets>
{
    [Fact]
    public async Task Fleet_OfARegion_HasWhatTheRegionOffers()
    {
        JsonNode seen = await server.PythonAsync(ServedFleets.Prelude + """
            def named(region):
                global batch
                batch = boto3.client("batch", region_name=region)
            def refused(call, *arguments, **more):
                try: return call(*arguments, **more) and None
                except Exception as e: return str(e)
            def of(region):
                request = AWSRequest("GET", os.environ["AWS_ENDPOINT_URL_BATCH"] + "/rehearsal/fleets")
                SigV4Auth(get_session().get_credentials(), "batch", region).add_auth(request)
                answer = urllib.request.Request(request.url, headers=dict(request.headers))
                return sorted(i["type"] for i in json.loads(urllib.request.urlopen(answer, timeout=120).read())["instances"])
            # g6 is not in eu-west-1, g5 is (offerings.csv).
            named("eu-west-1")
            work = define("work", ["true"])
            refusal = refused(fleet, "g6", ["g6.xlarge"])
            gpu = dict(needs=[dict(type="GPU", value="1")], seconds=LONG)
            fleet("gpus", ["g5", "g4dn"])
            queue("gpus", ["gpus"])
            run("gpus", **gpu)
            until(lambda: of("eu-west-1"))
            named("us-east-1")
            work = define("work", ["true"])
            nothing = of("us-east-1")
            fleet("g6", ["g6.xlarge"])
            queue("g6", ["g6"])
            run("g6", **gpu)
            until(lambda: of("us-east-1"))
            print(json.dumps([refusal, nothing, of("us-east-1"), len(of("eu-west-1"))]))
            """);
        Assert.Contains(
            "Error executing request, Exception : Instance type can only be one of [", (string?)seen[0], StringComparison.Ordinal);
        Assert.Contains("eu-west-1 does not offer g6.xlarge", (string?)seen[0], StringComparison.Ordinal);
        Assert.Equal("""[[],["g6.xlarge"],1]""", new JsonArray([.. seen.AsArray().Skip(1).Select(one => one!.DeepClone())]).ToJsonString());
    }
}

/// <summary>A server of an account of its own, without anything at its start.</summary>
public sealed class RegionServed : ServedBatch
{
    protected override string[] Options => ["--bare", "--runner", "process", "--account", "123456789012"];
}
