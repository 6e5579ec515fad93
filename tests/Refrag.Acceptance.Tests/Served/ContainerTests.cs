using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Jobs in real containers, by boto3 alone.</summary>
[Trait("Peer", "podman")]
public sealed class ContainerTests(ContainerServed containers) : IClassFixture<ContainerServed>
{
    private const string Prelude = $$"""
        def run(name, script, job={}, command=None, image="{{Podman.Image}}", memory="64", **container):
            batch.register_job_definition(jobDefinitionName=name, type="container",
                containerProperties=dict(image=image, command=command or ["sh", "-c", script],
                resourceRequirements=[dict(type="VCPU", value="1"), dict(type="MEMORY", value=memory)], **container))
            return submit(name, name, **job)
        def said(job):
            found, token = [], None
            while True:
                page = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=job["container"]["logStreamName"],
                    startFromHead=True, **({"nextToken": token} if token else {}))
                if page["nextForwardToken"] == token: return found
                found += [e["message"] for e in page["events"]]
                token = page["nextForwardToken"]

        """;

    [Fact]
    public async Task Shell_RunningContainer_IsInItAndPassesTheExitCode()
    {
        JsonNode job = await PythonAsync("""
            id = run("entered", "exec sleep 600", environment=[dict(name="A", value="defined")])
            wait(id, statuses=("RUNNING", "SUCCEEDED", "FAILED"))
            print(json.dumps(id))
            """);
        string id = (string)job!;

        Finished shell = await (await containers.EngineClientAsync()).RunAsync(
            "shell", id, "env=awsbatch", "--", "sh", "-c", "ls /opt >/dev/null 2>&1 || echo $A $AWS_BATCH_JOB_ID; exit 5");
        Finished ended = await (await containers.EngineClientAsync()).RunAsync("terminate", id, "env=awsbatch", "--yes");

        Assert.True(shell.ExitCode == 5, shell.ToString());
        Assert.Equal($"defined {id}\n", shell.Output);
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task Container_WithEverything_IsAsItsDefinitionSays()
    {
        string host = Directory.CreateTempSubdirectory("refrag-mount").FullName;
        // The container's user is another than the test's.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(host, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(host, "hello"), "from the host\n", TestContext.Current.CancellationToken);
        JsonNode job = await PythonAsync($$"""
            job, = wait(run("everything",
                "id -u; cat /data/hello; touch /data/no 2>/dev/null || echo kept; touch /x 2>/dev/null || echo read-only; "
                "touch /t/x && echo tmpfs; ulimit -n; echo $A $B $AWS_BATCH_JOB_ATTEMPT; readlink -f /proc/1/exe; echo err >&2; exit 5",
                job=dict(containerOverrides=dict(environment=[dict(name="B", value="overridden")])),
                user="1000", readonlyRootFilesystem=True, environment=[dict(name="A", value="defined"), dict(name="B", value="defined")],
                ulimits=[dict(name="nofile", softLimit=123, hardLimit=456), dict(name="nproc", softLimit=4096, hardLimit=4096)],
                volumes=[dict(name="data", host=dict(sourcePath="{{host}}"))],
                mountPoints=[dict(sourceVolume="data", containerPath="/data", readOnly=True)],
                linuxParameters=dict(tmpfs=[dict(containerPath="/t", size=8, mountOptions=["mode=1777"])])))
            print(json.dumps(dict(status=job["status"], code=job["container"]["exitCode"], said=sorted(said(job)))))
            """);
        Directory.Delete(host, recursive: true);
        Assert.Equal(("FAILED", 5), ((string?)job["status"], (int?)job["code"]));
        string[] expected = ["1000", "from the host", "kept", "read-only", "tmpfs", "123", "defined overridden 1", "/bin/sh", "err"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), job["said"]!.AsArray().Select(line => (string)line!));
    }

    [Fact]
    public async Task Container_SharedMemoryAndSecret_AreThoseOfItsDefinition()
    {
        JsonNode job = await PythonAsync($$"""
            job, = wait(run("shared",
                "while read d p t o r; do [ $p = /dev/shm ] && echo $o; done </proc/mounts; echo $TOKEN",
                executionRoleArn="arn:aws:iam::000000000000:role/run",
                secrets=[dict(name="TOKEN", valueFrom="{{SecretServed.Arn}}")], linuxParameters=dict(sharedMemorySize=8)))
            print(json.dumps(dict(said=said(job), shown="{{SecretServed.Value}}" in str(job))))
            """);
        string[] said = [.. job["said"]!.AsArray().Select(line => (string)line!)];
        Assert.Contains("size=8192k", said[0].Split(','));
        Assert.Equal(SecretServed.Value, said[1]);
        Assert.False((bool)job["shown"]!);
    }

    [Fact]
    public async Task Container_Environment_HoldsNothingOfTheServers()
    {
        JsonNode names = await PythonAsync("""
            job, = wait(run("environment", "env", environment=[dict(name="OWN", value="job")]))
            print(json.dumps(sorted(line.split("=")[0] for line in said(job))))
            """);
        string[] seen = [.. names.AsArray().Select(name => (string)name!)];
        Assert.Contains("OWN", seen);
        Assert.DoesNotContain(ContainerServed.Secret, seen);
        // What is neither Batch's nor ECS's comes from the image and its shell.
        string[] amazons = ["AWS_", "ECS_"];
        Assert.Empty(seen.Where(name => !amazons.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            .Except(["CUDA_VISIBLE_DEVICES", "OWN", "PATH", "HOME", "HOSTNAME", "PWD", "SHLVL", "TERM", "container"]));
        Assert.DoesNotContain("AWS_SECRET_ACCESS_KEY", seen);
    }

    [Fact]
    public async Task Container_ThatCannotStartOrContinue_SaysWhy()
    {
        JsonNode ends = await PythonAsync("""
            greedy = run("greedy", "exec tail -n 1 /dev/zero", memory="24")
            absent = run("absent", "true", image="127.0.0.1:1/none/none:1",
                job=dict(retryStrategy=dict(attempts=2, evaluateOnExit=[dict(onReason="CannotPull*", action="RETRY")])))
            nothing = run("nothing", "", command=["no-such-program"])
            print(json.dumps([dict(code=j["container"].get("exitCode"), reason=j["container"].get("reason"), attempts=len(j["attempts"]),
                status=j["status"]) for j in wait(greedy, absent, nothing)]))
            """);
        Assert.All(ends.AsArray(), end => Assert.Equal("FAILED", (string?)end!["status"]));
        Assert.Equal(
            (137, "OutOfMemoryError: Container killed due to memory usage"), ((int?)ends[0]!["code"], (string?)ends[0]!["reason"]));
        Assert.StartsWith("CannotPullContainerError: ", (string?)ends[1]!["reason"], StringComparison.Ordinal);
        Assert.Equal((null, 2), ((int?)ends[1]!["code"], (int?)ends[1]!["attempts"]));
        Assert.StartsWith("CannotStartContainerError: ", (string?)ends[2]!["reason"], StringComparison.Ordinal);
    }

    // A minute: the shortest time limit that Batch takes.
    [Fact]
    public async Task Container_ThatTakesTooLongOrIsTerminated_HearsSigterm()
    {
        JsonNode ends = await PythonAsync("""
            script = "trap 'echo heard; exit 7' TERM; echo up; while :; do sleep 0.1; done"
            late = run("late", script, job=dict(timeout=dict(attemptDurationSeconds=60)))
            unwanted = run("unwanted", script)
            wait(unwanted, statuses=("RUNNING",))
            until(lambda: said(wait(unwanted, statuses=("RUNNING",))[0]))
            batch.terminate_job(jobId=unwanted, reason="enough")
            print(json.dumps([dict(code=j["container"]["exitCode"], reason=j["statusReason"], said=said(j)) for j in wait(late, unwanted)]))
            """);
        Assert.All(ends.AsArray(), end => Assert.Equal((7, """["up","heard"]"""), ((int?)end!["code"], end["said"]!.ToJsonString())));
        Assert.Equal(["Job attempt duration exceeded timeout", "enough"], ends.AsArray().Select(end => (string?)end!["reason"]));
    }

    [Fact]
    public async Task Server_KilledWhileAContainerRuns_FindsItAgainWithItsWholeLog()
    {
        JsonNode begun = await PythonAsync("""
            id = run("adopted", "for i in $(seq 100); do echo $i; sleep 0.05; done; exit 4")
            job, = wait(id, statuses=("RUNNING",))
            until(lambda: len(said(job)) >= 10)
            print(json.dumps(dict(id=id, task=job["container"]["taskArn"])))
            """);
        await containers.KillAndStartAsync();
        JsonNode ended = await PythonAsync($$"""
            job, = wait("{{(string?)begun["id"]}}")
            print(json.dumps(dict(code=job["container"]["exitCode"], attempts=len(job["attempts"]), task=job["container"]["taskArn"],
                said=said(job))))
            """);
        Assert.Equal((4, 1, (string?)begun["task"]), ((int?)ended["code"], (int?)ended["attempts"], (string?)ended["task"]));
        Assert.Equal(Enumerable.Range(1, 100).Select(n => n.ToString(CultureInfo.InvariantCulture)),
            ended["said"]!.AsArray().Select(line => (string)line!));
    }

    private async Task<JsonNode> PythonAsync(string source) => await (await containers.ReadyAsync()).PythonAsync(Prelude + source);
}
