using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The options of the awslogs driver, and log groups, as stock boto3 sees them. (UG using_awslogs)</summary>
[Trait("Peer", "boto3")]
public sealed class LogGroupTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    [Fact]
    public async Task Output_OfADefinitionThatNamesGroupAndPrefix_IsThere()
    {
        JsonNode seen = await served.PythonAsync("""
            import tempfile
            # The end of the main node ends the other: it waits until that has written.
            written = tempfile.mktemp()
            script = f'case "$AWS_BATCH_JOB_NODE_INDEX" in 1) touch {written};; 0) until [ -e {written} ]; do sleep 0.05; done;; esac'
            props = dict(image="busybox", command=["sh", "-c", "echo kept; " + script],
                resourceRequirements=[dict(type="VCPU", value="1"), dict(type="MEMORY", value="64")],
                logConfiguration=dict(logDriver="awslogs", options={"awslogs-group": "/mine/jobs", "awslogs-stream-prefix": "mine",
                    "awslogs-region": "us-east-1", "awslogs-create-group": "true"}))
            arn = batch.register_job_definition(jobDefinitionName="grouped", type="container",
                containerProperties=props)["jobDefinitionArn"]
            nodes = batch.register_job_definition(jobDefinitionName="grouped-nodes", type="multinode", nodeProperties=dict(mainNode=0,
                numNodes=2, nodeRangeProperties=[dict(targetNodes="0:1", container=props)]))["jobDefinitionArn"]
            job, many = submit("grouped", arn), submit("grouped-nodes", nodes)
            streams = [j["attempts"][0]["container"]["logStreamName"] for j in wait(job, many)]
            group = dict(logGroupName="/mine/jobs")
            described = sorted(s["logStreamName"] for s in logs.describe_log_streams(**group)["logStreams"])
            try: elsewhere = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=streams[0])["events"]
            except logs.exceptions.ResourceNotFoundException as e: elsewhere = e.response["Error"]["Message"]
            print(json.dumps(dict(streams=streams, described=described, elsewhere=elsewhere,
                got=[[e["message"] for e in logs.get_log_events(**group, logStreamName=s)["events"]] for s in streams],
                filtered=sorted({e["message"] for e in logs.filter_log_events(**group, filterPattern="kept")["events"]}),
                groups=[g["logGroupName"] for g in logs.describe_log_groups(logGroupNamePrefix="/mine")["logGroups"]])))
            """);
        Assert.All(seen["streams"]!.AsArray(), name => Assert.Matches("^mine/default/[0-9a-f]{32}$", (string?)name));
        Assert.Equal(3, seen["described"]!.AsArray().Count);
        Assert.Equal("""[["kept"],["kept"]]""", seen["got"]!.ToJsonString());
        Assert.Equal("""["kept"]""", seen["filtered"]!.ToJsonString());
        Assert.Equal("The specified log stream does not exist.", (string?)seen["elsewhere"]);
        Assert.Equal("""["/mine/jobs"]""", seen["groups"]!.ToJsonString());
    }

    [Fact]
    public async Task Output_OfALogGroupThatTheLauncherIsGiven_IsFoundByRefragLogs()
    {
        Finished run = await RunAsync("run", "app=hello_dist", "message=Grouped", "env.log_group=/launched", "--watch", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        Finished read = await RunAsync("logs", (string)JsonNode.Parse(run.Output)!["jobId"]!);
        JsonNode group = await served.PythonAsync(
            """print(json.dumps([e["message"] for e in logs.filter_log_events(logGroupName="/launched")["events"]]))""");

        Assert.Contains(": Grouped", read.Output, StringComparison.Ordinal);
        Assert.Contains(": Grouped", (string?)group[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_ThatAreMade_AreDescribedWithTheirRetentionAndRemoved()
    {
        JsonNode seen = await served.PythonAsync("""
            def refused(call, **request):
                try: call(**request)
                except logs.exceptions.ClientError as e: return e.response["Error"]["Code"]
            mine = dict(logGroupName="/made/one")
            describe = lambda: [[g["logGroupName"], g.get("retentionInDays")]
                for g in logs.describe_log_groups(logGroupNamePrefix="/made")["logGroups"]]
            logs.create_log_group(**mine)
            seen = [refused(logs.create_log_group, **mine), describe(), logs.describe_log_streams(**mine)["logStreams"]]
            logs.put_retention_policy(**mine, retentionInDays=30)
            seen += [describe(), refused(logs.put_retention_policy, **mine, retentionInDays=2),
                refused(logs.put_retention_policy, logGroupName="/made/none", retentionInDays=30)]
            logs.delete_retention_policy(**mine)
            seen.append(describe())
            logs.delete_log_group(**mine)
            seen += [describe(), refused(logs.delete_log_group, **mine)]
            print(json.dumps(seen))
            """);
        const string Expected = """
            ["ResourceAlreadyExistsException",[["/made/one",null]],[],[["/made/one",30]],"InvalidParameterException",
            "ResourceNotFoundException",[["/made/one",null]],[],"ResourceNotFoundException"]
            """;
        Assert.Equal(JsonNode.Parse(Expected)!.ToJsonString(), seen.ToJsonString());
    }

    // As Terraform's aws_cloudwatch_log_group asks. (API TagResource, UntagResource, ListTagsForResource of CloudWatch Logs)
    [Fact]
    public async Task Groups_WithTags_AreListedChangedAndTakenAway()
    {
        JsonNode seen = await served.PythonAsync("""
            logs.create_log_group(logGroupName="/tagged", tags=dict(a="1", b="2"))
            arn = logs.describe_log_groups(logGroupNamePrefix="/tagged")["logGroups"][0]["logGroupArn"]
            tags = lambda: logs.list_tags_for_resource(resourceArn=arn)["tags"]
            seen = [tags()]
            logs.tag_resource(resourceArn=arn, tags=dict(b="3", c="4"))
            seen.append(tags())
            logs.untag_resource(resourceArn=arn, tagKeys=["a", "b"])
            seen.append(tags())
            for call in (lambda: logs.list_tags_for_resource(resourceArn=arn + "-none"),
                    lambda: logs.tag_resource(resourceArn=arn, tags={f"k{i}": "v" for i in range(50)})):
                try: call()
                except Exception as e: seen.append(e.response["Error"]["Code"])
            print(json.dumps(seen))
            """);
        Assert.Equal(
            """[{"a":"1","b":"2"},{"a":"1","b":"3","c":"4"},{"c":"4"},"ResourceNotFoundException","TooManyTagsException"]""",
            seen.ToJsonString());
    }

    [Fact]
    public async Task Groups_AfterAKillOfTheServer_AreStillThere()
    {
        await using var other = new ServedBatch();
        await other.InitializeAsync();
        await other.PythonAsync("""
            logs.create_log_group(logGroupName="/kept"); logs.put_retention_policy(logGroupName="/kept", retentionInDays=7)
            print("{}")
            """);
        await other.KillAndStartAsync();
        JsonNode groups = await other.PythonAsync(
            """print(json.dumps([g["retentionInDays"] for g in logs.describe_log_groups(logGroupNamePrefix="/kept")["logGroups"]]))""");
        Assert.Equal("[7]", groups.ToJsonString());
    }

    private async Task<Finished> RunAsync(params string[] arguments) =>
        await (await served.ClientAsync() with { WorkingDirectory = Repository.Root }).RunAsync(
            [.. arguments, "env=awsbatch", $"env.endpoint_url={served.Url}", "env.vcpus=1", "env.memory=64MiB"]);
}
