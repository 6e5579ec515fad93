using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Crash;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>A server of processes whose state lies on a disk of its own.</summary>
public sealed class SmallDiskProcessServed : SmallDiskServed
{
    protected override string[] Options => ["--runner", "process"];
}

/// <summary>A server on another's state folder, or on a copy of it.</summary>
public sealed class CopyServed(string state) : ServedBatch
{
    public override string State => state;
}

/// <summary>
/// What a machine does to a server: it is away too long, its disk is full, its state is copied or locked, its descriptors run out.
/// </summary>
[Trait("Peer", "boto3")]
public sealed class ServerFaultTests
{
    private static readonly TimeSpan s_longerThanTheLimit = TimeSpan.FromSeconds(CrashClock.TimeLimitSeconds + 10);

    [Fact]
    public async Task Start_AfterAJobsTimeLimit_EndsTheJobAndServes()
    {
        Assert.SkipUnless(CrashClock.IsAvailable, "Clocks cannot be set: install faketime.");
        await using ServedBatch served = await StartAsync(new ServedBatch());
        string id = (string)(await served.PythonAsync($$"""
            id = submit("late", define("sleep", ["sleep", "600"], timeout=dict(attemptDurationSeconds={{CrashClock.TimeLimitSeconds}})))
            wait(id, statuses=("RUNNING",))
            print(json.dumps(id))
            """))!;

        await served.KillAndStartAsync(s_longerThanTheLimit);
        JsonNode after = await served.PythonAsync($"""
            late, other = wait("{id}", submit("other", define("true", ["true"])))
            print(json.dumps(dict(status=late["status"], reason=late["statusReason"], other=other["status"])))
            """);

        Assert.Equal(("FAILED", "Job attempt duration exceeded timeout"), ((string?)after["status"], (string?)after["reason"]));
        Assert.Equal("SUCCEEDED", (string?)after["other"]);
        Assert.Equal((HttpStatusCode.OK, "ready"), await HealthAsync(served));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task State_FullWhenJobsEnd_KeepsTheirExitCodes(bool isKilled)
    {
        await using SmallDiskProcessServed served = await StartAsync(new SmallDiskProcessServed());
        SmallDisk disk = served.Disk;
        string folder = Directory.CreateTempSubdirectory("refrag-go").FullName;
        JsonNode ids = await served.PythonAsync($"""
            script = "until [ -e {folder}/go ]; do sleep 0.05; done; touch {folder}/$0; exit $0"
            def start(code): return submit(f"exit-{"{code}"}", define(f"exit-{"{code}"}", ["sh", "-c", script, str(code)], vcpus="0.25"))
            ids = [start(code) for code in (0, 7, 3)]
            wait(*ids, statuses=("RUNNING",))
            print(json.dumps(ids))
            """);

        disk.Fill();
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => Directory.GetFiles(folder).Length == 4);
        JsonNode refused = await served.PythonAsync("""
            from botocore.config import Config
            once = boto3.client("batch", config=Config(retries=dict(total_max_attempts=1)))
            def refused():
                try: once.submit_job(jobName="refused", jobQueue="refrag-cpu-job-queue", jobDefinition="exit-0")
                except Exception as e: return str(e)
            print(json.dumps([until(refused), refused(), refused()]))
            """);
        Assert.All(refused.AsArray(), error => Assert.Contains("disk is full", (string?)error, StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "disk-full"), await HealthAsync(served));
        if (isKilled) await served.KillAsync();
        disk.Free();
        if (isKilled) await served.StartAsync();

        JsonNode codes = await served.PythonAsync($"""
            print(json.dumps([j["container"].get("exitCode") for j in wait(*{ids.ToJsonString()})]))
            """);
        Assert.Equal("[0,7,3]", codes.ToJsonString());
        // One line for a full disk, however many requests it refuses.
        Assert.Single(served.Errors, line => line.Contains("disk is full", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Copy_OfTheState_LeavesTheOriginalsJobsAlone()
    {
        await using ServedBatch served = await StartAsync(new ServedBatch());
        JsonNode ids = await served.PythonAsync("""
            ids = [submit(f"long-{i}", define("long", ["sleep", "600"], vcpus="0.25")) for i in range(2)]
            wait(*ids, statuses=("RUNNING",))
            print(json.dumps(ids))
            """);
        string copy = Path.Combine(served.State, "..", "copy");
        await CopyAsync(served.State, copy);

        await using (CopyServed other = await StartAsync(new CopyServed(copy)))
        {
            JsonNode ended = await other.PythonAsync($$"""
                ids = {{ids.ToJsonString()}}
                batch.terminate_job(jobId=ids[0], reason="by the copy")
                print(json.dumps([j["status"] for j in wait(*ids)]))
                """);
            Assert.Equal("""["FAILED","FAILED"]""", ended.ToJsonString());
        }

        JsonNode still = await served.PythonAsync($$"""
            before = [j["status"] for j in batch.describe_jobs(jobs={{ids.ToJsonString()}})["jobs"]]
            for id in {{ids.ToJsonString()}}: batch.terminate_job(jobId=id, reason="by its own server")
            print(json.dumps(dict(before=before, reasons=[j["statusReason"] for j in wait(*{{ids.ToJsonString()}})])))
            """);
        Assert.Equal("""{"before":["RUNNING","RUNNING"],"reasons":["by its own server","by its own server"]}""", still.ToJsonString());
    }

    [Fact]
    public async Task Descriptors_TooFew_DelayJobsAndFailNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits of another process are set on Linux only.");
        Assert.SkipUnless(
            BuiltProgram.IsNative, "Without a free descriptor the .NET runtime cannot load a library; REFRAG names a native build.");
        await using ServedBatch served = await StartAsync(new ServedBatch());
        // Enough for the clients' connections, and for a few jobs.
        JsonNode seen = await served.PythonAsync($$"""
            import os, resource
            server = {{served.Process.Id}}
            wait(*[submit("warm", define("short", ["sleep", "1"], vcpus="0.25")) for _ in range(4)])
            limits = resource.prlimit(server, resource.RLIMIT_NOFILE)
            few = len(os.listdir(f"/proc/{server}/fd")) + 2
            resource.prlimit(server, resource.RLIMIT_NOFILE, (few, limits[1]))
            ids = [submit(f"job-{i}", "short") for i in range(24)]
            def reasons(): return [j["statusReason"] for j in batch.describe_jobs(jobs=ids)["jobs"] if "statusReason" in j]
            delayed = until(lambda: [r for r in reasons() if "descriptor" in r])
            resource.prlimit(server, resource.RLIMIT_NOFILE, limits)
            print(json.dumps(dict(delayed=delayed[0], statuses=sorted({j["status"] for j in wait(*ids)}))))
            """);
        Assert.Contains("no file descriptor is free", (string?)seen["delayed"], StringComparison.Ordinal);
        Assert.Equal("""["SUCCEEDED"]""", seen["statuses"]!.ToJsonString());
    }

    [Fact]
    public async Task State_ThatCannotBeWritten_EndsTheServerAndLosesNothing()
    {
        await using ServedBatch served = await StartAsync(new ServedBatch());
        JsonNode acknowledged = await served.PythonAsync("""
            print(json.dumps([wait(submit("kept", define("true", ["true"])))[0]["jobId"]]))
            """);
        // Another program keeps the database for itself; the server tries for half a minute. It answers a few seconds more, so that its
        // health is asked at once.
        JsonNode seen = await served.PythonAsync($$"""
            import sqlite3, urllib.error, urllib.request
            from botocore.config import Config
            def health():
                try: return urllib.request.urlopen("{{served.Url}}/healthz") and None
                except urllib.error.HTTPError as e: return [e.code, json.loads(e.read())["status"]]
            once = boto3.client("batch", config=Config(retries=dict(total_max_attempts=1)))
            other = sqlite3.connect("{{Path.Combine(served.State, "state.db")}}", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            try: once.submit_job(jobName="lost", jobQueue="refrag-cpu-job-queue", jobDefinition="true")
            except Exception as e: print(json.dumps([str(e), *until(health)]))
            """);
        Assert.Contains("RF4011", (string?)seen[0], StringComparison.Ordinal);
        Assert.Equal((503, "commit-failed"), ((int)seen[1]!, (string?)seen[2]));
        await served.Process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal(71, served.Process.ExitCode);
        await Eventually.HoldsAsync(() => served.Errors.Any(line => line.Contains("RF4020", StringComparison.Ordinal)));

        await served.StartAsync();
        JsonNode after = await served.PythonAsync("""
            def names(status): return [j["jobName"] for j in batch.list_jobs(jobQueue="refrag-cpu-job-queue",
                jobStatus=status)["jobSummaryList"]]
            print(json.dumps([name for status in ("SUCCEEDED", "FAILED", "RUNNING", "RUNNABLE") for name in names(status)]))
            """);
        Assert.Equal("""["kept"]""", after.ToJsonString());
        Assert.Single(acknowledged.AsArray());
    }

    private static async Task<T> StartAsync<T>(T served) where T : ServedBatch
    {
        await served.InitializeAsync();
        return served;
    }

    private static async Task<(HttpStatusCode Code, string? Status)> HealthAsync(ServedBatch served)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"{served.Url}/healthz"), TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, (string?)JsonNode.Parse(body)!["status"]);
    }

    // With its times, modes and links, as a backup would.
    private static async Task CopyAsync(string from, string to)
    {
        Process copying = new BuiltProgram().StartProgram("cp", "-a", from, to);
        Finished copied = await BuiltProgram.FinishAsync(copying, TestContext.Current.CancellationToken);
        Assert.True(copied.ExitCode == 0, copied.ToString());
    }
}
