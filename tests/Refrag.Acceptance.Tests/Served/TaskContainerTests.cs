using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Tasks of several real containers, by boto3 alone.</summary>
[Trait("Peer", "podman")]
public sealed class TaskContainerTests(ContainerServed containers) : IClassFixture<ContainerServed>
{
    [Fact]
    public async Task Task_OfThreeContainers_SharesNetworkAndVolumeAndEndsWithItsMain()
    {
        JsonNode job = await PythonAsync("""
            share = dict(mountPoints=[dict(sourceVolume="work", containerPath="/work")])
            job, = wait(task("three",
                one("main", "until [ -e /work/up ]; do sleep 0.05; done; cat /work/x; readlink /proc/self/ns/net; exit 4",
                    dependsOn=[dict(containerName="init", condition="SUCCESS"), dict(containerName="side", condition="START")], **share),
                one("init", "echo from init >/work/x; readlink /proc/self/ns/net", essential=False, **share),
                one("side", "trap 'echo stopped; exit 0' TERM; echo up; : >/work/up; while :; do sleep 0.1; done", essential=False,
                    **share)))
            print(json.dumps(dict(status=job["status"], reason=job["statusReason"], shown=shown(job),
                attempt=[c.get("exitCode") for c in job["attempts"][0]["taskProperties"][0]["containers"]],
                reasons=[c.get("reason") for c in job["attempts"][0]["taskProperties"][0]["containers"]],
                main=said(job, "main"), init=said(job, "init"), side=said(job, "side"))))
            """);
        // First: what a container could not do is said here.
        Assert.Equal("[null,null,null]", job["reasons"]!.ToJsonString());
        Assert.Equal(("FAILED", "Essential container in task exited"), ((string?)job["status"], (string?)job["reason"]));
        Assert.Equal("""[["main",4],["init",0],["side",0]]""", job["shown"]!.ToJsonString());
        Assert.Equal("[4,0,0]", job["attempt"]!.ToJsonString());
        Assert.Equal("""["up","stopped"]""", job["side"]!.ToJsonString());
        // One network namespace: what one listens on, the other finds at localhost.
        Assert.StartsWith("net:[", (string?)job["init"]![0], StringComparison.Ordinal);
        Assert.Equal(["from init", (string?)job["init"]![0]], job["main"]!.AsArray().Select(line => (string?)line));
    }

    [Fact]
    public async Task Task_LimitsAreEachContainersOwn()
    {
        JsonNode job = await PythonAsync("""
            job, = wait(task("limits", one("main", "echo $A; id -u; sleep 1", memory="64", environment=[dict(name="A", value="mine")],
                user="1000", dependsOn=[dict(containerName="greedy", condition="COMPLETE")]),
                one("greedy", "exec tail -n 1 /dev/zero", memory="24", essential=False)))
            greedy = job["ecsProperties"]["taskProperties"][0]["containers"][1]
            print(json.dumps(dict(status=job["status"], shown=shown(job), reason=greedy["reason"], main=said(job, "main"))))
            """);
        Assert.Equal(("SUCCEEDED", """[["main",0],["greedy",137]]"""), ((string?)job["status"], job["shown"]!.ToJsonString()));
        Assert.Equal("OutOfMemoryError: Container killed due to memory usage", (string?)job["reason"]);
        Assert.Equal("""["mine","1000"]""", job["main"]!.ToJsonString());
    }

    [Fact]
    public async Task Server_KilledWhileATaskRuns_FindsItsContainersAndStartsWhatWaited()
    {
        JsonNode begun = await PythonAsync("""
            id = task("adopted", one("main", "cat /work/x; exit 5", dependsOn=[dict(containerName="init", condition="SUCCESS")],
                mountPoints=[dict(sourceVolume="work", containerPath="/work")]),
                one("init", "echo kept >/work/x; for i in $(seq 100); do echo $i; sleep 0.05; done", essential=False,
                    mountPoints=[dict(sourceVolume="work", containerPath="/work")]),
                one("side", "exec sleep 600", essential=False, stopTimeout=2))
            def begun():
                job, = wait(id, statuses=("RUNNING",))
                return all("logStreamName" in c for c in job["ecsProperties"]["taskProperties"][0]["containers"][1:]) \
                    and len(said(job, "init")) >= 10
            until(begun)
            print(json.dumps(dict(id=id)))
            """);
        await containers.KillAndStartAsync();
        JsonNode job = await PythonAsync($$"""
            job, = wait("{{(string?)begun["id"]}}")
            print(json.dumps(dict(status=job["status"], attempts=len(job["attempts"]), shown=shown(job), main=said(job, "main"),
                init=len(said(job, "init")))))
            """);
        // sleep is its container's first process, which the kernel shields from a SIGTERM that it does not handle.
        Assert.Equal(("FAILED", 1, """[["main",5],["init",0],["side",137]]"""),
            ((string?)job["status"], (int?)job["attempts"], job["shown"]!.ToJsonString()));
        Assert.Equal(("""["kept"]""", 100), (job["main"]!.ToJsonString(), (int?)job["init"]));
    }

    private const string Prelude = $$"""
        def one(name, script, memory="64", **more):
            return dict(name=name, image="{{Podman.Image}}", command=["sh", "-c", script],
                resourceRequirements=[dict(type="VCPU", value="1"), dict(type="MEMORY", value=memory)], **more)
        def task(name, *containers):
            batch.register_job_definition(jobDefinitionName=name, type="container",
                ecsProperties=dict(taskProperties=[dict(containers=list(containers), volumes=[dict(name="work")])]))
            return submit(name, name)
        def shown(job):
            return [(c["name"], c.get("exitCode")) for c in job["ecsProperties"]["taskProperties"][0]["containers"]]
        def said(job, name):
            stream = next(c["logStreamName"] for c in job["ecsProperties"]["taskProperties"][0]["containers"] if c["name"] == name)
            found, token = [], None
            while True:
                page = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=stream, startFromHead=True,
                    **({"nextToken": token} if token else {}))
                if page["nextForwardToken"] == token: return found
                found += [e["message"] for e in page["events"]]
                token = page["nextForwardToken"]

        """;

    private async Task<JsonNode> PythonAsync(string source) => await (await containers.ReadyAsync()).PythonAsync(Prelude + source);
}
