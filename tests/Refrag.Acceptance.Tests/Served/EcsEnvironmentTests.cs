using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>What ECS gives the containers of a task beside Batch's variables. (ECS developer guide, ecs-environment-variables)</summary>
[Trait("Peer", "boto3")]
public sealed class EcsEnvironmentTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    private const string Run = """
        def lines(job):
            stream = wait(job)[0]["attempts"][0]["container"]["logStreamName"]
            return [e["message"] for e in logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=stream,
                startFromHead=True)["events"]]

        """;

    [Fact]
    public async Task Job_SeesWhereItRunsAsOnEcs()
    {
        JsonNode seen = await served.PythonAsync(Run + """
            show = ["sh", "-c", "echo $AWS_EXECUTION_ENV $AWS_REGION $AWS_DEFAULT_REGION"]
            own = dict(environment=[dict(name="AWS_REGION", value="eu-west-1")])
            print(json.dumps([lines(submit("where", define("where", show))),
                lines(submit("own", define("own", show), containerOverrides=own))]))
            """);
        Assert.Equal("""[["AWS_ECS_EC2 us-east-1 us-east-1"],["AWS_ECS_EC2 eu-west-1 us-east-1"]]""", seen.ToJsonString());
    }

    // The members that clients read: Metaflow takes the log options of the container. (ECS developer guide, task-metadata-endpoint-v4)
    [Fact]
    public async Task Metadata_OfTheContainerAndItsTask_IsAnsweredWhileItRuns()
    {
        JsonNode seen = await served.PythonAsync(Run + """
            import urllib.error, urllib.request
            ask = ("import os, urllib.request; u = os.environ['ECS_CONTAINER_METADATA_URI_V4']; print(u);"
                "[print(urllib.request.urlopen(u + path).read().decode()) for path in ('', '/task')]")
            job = submit("asks", define("asks", ["python3", "-c", ask]))
            url, container, task = lines(job)
            detail = batch.describe_jobs(jobs=[job])["jobs"][0]["container"]
            try: late = urllib.request.urlopen(url).status
            except urllib.error.HTTPError as e: late = e.code
            print(json.dumps(dict(container=json.loads(container), task=json.loads(task), late=late, detail=detail)))
            """);
        JsonNode detail = seen["detail"]!;
        JsonNode options = seen["container"]!["LogOptions"]!;
        Assert.Equal(("/aws/batch/job", "us-east-1", (string?)detail["logStreamName"]),
            ((string?)options["awslogs-group"], (string?)options["awslogs-region"], (string?)options["awslogs-stream"]));
        Assert.Equal(("busybox", 1024, 64),
            ((string?)seen["container"]!["Image"], (int)seen["container"]!["Limits"]!["CPU"]!,
                (int)seen["container"]!["Limits"]!["Memory"]!));
        Assert.Equal(((string?)detail["taskArn"], "asks", "1", "EC2"),
            ((string?)seen["task"]!["TaskARN"], (string?)seen["task"]!["Family"], (string?)seen["task"]!["Revision"],
                (string?)seen["task"]!["LaunchType"]));
        Assert.Equal(seen["container"]!["DockerId"]!.ToJsonString(), seen["task"]!["Containers"]![0]!["DockerId"]!.ToJsonString());
        Assert.Equal(404, (int)seen["late"]!);
    }
}
