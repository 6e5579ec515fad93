using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Tasks of several containers as processes, by boto3 alone, through a SIGKILL of the server.</summary>
public sealed class TaskServedTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    [Fact]
    public async Task Server_KilledWhileATaskRuns_RunsEveryContainerOnce()
    {
        string folder = Directory.CreateTempSubdirectory("refrag-task").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "runs"), "", TestContext.Current.CancellationToken);
        JsonNode begun = await served.PythonAsync($$"""
            def one(name, script, **more):
                return dict(name=name, image="none", command=["sh", "-c", "echo " + name + " >>{{folder}}/runs; " + script],
                    resourceRequirements=[dict(type="VCPU", value="0.25"), dict(type="MEMORY", value="32")], **more)
            batch.register_job_definition(jobDefinitionName="task", type="container", ecsProperties=dict(taskProperties=[dict(containers=[
                one("main", "exit 5", dependsOn=[dict(containerName="init", condition="SUCCESS"),
                    dict(containerName="missed", condition="COMPLETE")]),
                one("init", "while [ ! -e {{folder}}/go ]; do sleep 0.05; done; echo init ends", essential=False),
                one("missed", "while [ ! -e {{folder}}/away ]; do sleep 0.05; done; exit 9", essential=False),
                one("side", "exec sleep 600", essential=False)])]))
            id = submit("task", "task")
            job, = wait(id, statuses=("RUNNING",))
            until(lambda: sum("logStreamName" in c for c in wait(id,
                statuses=("RUNNING",))[0]["ecsProperties"]["taskProperties"][0]["containers"]) == 3)
            # A program that has been started has perhaps not written yet.
            until(lambda: len(open("{{folder}}/runs").readlines()) == 3)
            print(json.dumps(dict(id=id)))
            """);
        // One ends while there is no server, another after the next has begun.
        Task killed = served.KillAndStartAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "away"), "", TestContext.Current.CancellationToken);
        await killed;
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "", TestContext.Current.CancellationToken);
        JsonNode job = await served.PythonAsync($$"""
            job, = wait("{{(string?)begun["id"]}}")
            containers = job["ecsProperties"]["taskProperties"][0]["containers"]
            said = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=containers[1]["logStreamName"],
                startFromHead=True)["events"]
            print(json.dumps(dict(status=job["status"], attempts=len(job["attempts"]), codes=[c.get("exitCode") for c in containers],
                said=[e["message"] for e in said])))
            """);
        string[] runs = await File.ReadAllLinesAsync(Path.Combine(folder, "runs"), TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(("FAILED", 1, "[5,0,9,143]", """["init ends"]"""),
            ((string?)job["status"], (int?)job["attempts"], job["codes"]!.ToJsonString(), job["said"]!.ToJsonString()));
        Assert.Equal(["init", "main", "missed", "side"], runs.Order(StringComparer.Ordinal));
    }
}
