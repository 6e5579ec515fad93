using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>A server whose state lies on a disk of its own.</summary>
public class SmallDiskServed : ServedBatch
{
    private const int DiskMebiBytes = 24;
    private SmallDisk? _disk;

    protected override string[] Options => ["--runner", "simulated"];

    internal SmallDisk Disk
    {
        get
        {
            Assert.SkipUnless(_disk is { IsMounted: true }, "Only root may mount a small disk here.");
            return _disk;
        }
    }

    public override async ValueTask InitializeAsync()
    {
        _disk = await SmallDisk.MountAsync(State, DiskMebiBytes);
        if (_disk.IsMounted) await StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // Lazily unmounted: the server is still there.
        _disk?.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>
/// A state directory without room: nothing that was acknowledged is lost, and the server continues when there is room again.
/// </summary>
[Trait("Peer", "boto3")]
public sealed class FullDiskTests(SmallDiskServed served) : IClassFixture<SmallDiskServed>
{
    private const string Prelude = """
        from botocore.config import Config
        from botocore.exceptions import ClientError
        batch = boto3.client("batch", config=Config(retries=dict(total_max_attempts=1)))
        def try_submit():
            try: return submit("fill", "fill", containerOverrides=dict(environment=[dict(name="A", value="a" * 7000)])), None
            except ClientError as e: return None, (e.response["ResponseMetadata"]["HTTPStatusCode"], e.response["Error"]["Code"],
                e.response["Error"]["Message"])
        def missing(ids): return len(set(ids) - {j["jobId"] for i in range(0, len(ids), 100)
            for j in batch.describe_jobs(jobs=ids[i:i + 100])["jobs"]})

        """;

    [Fact]
    public async Task State_WithoutRoom_IsReportedAndNothingAcknowledgedIsLost()
    {
        _ = served.Disk;
        JsonNode seen = await served.PythonAsync(Prelude + $$"""
            import os
            ballast = os.path.join("{{served.State}}", "ballast")
            define("fill", ["true"])
            with open(ballast, "wb") as f: f.write(b"0" * (16 << 20))
            acknowledged, error = [], None
            while not error:
                id, error = try_submit()
                if id: acknowledged.append(id)
            again = try_submit()[1]
            os.remove(ballast)
            acknowledged.append(until(lambda: try_submit()[0]))
            print(json.dumps(dict(ids=acknowledged, error=error, again=again, missing=missing(acknowledged))))
            """);
        Assert.Equal((500, "ServerException"), ((int)seen["error"]![0]!, (string?)seen["error"]![1]));
        Assert.StartsWith("RF4011 the state cannot be written: its disk is full.", (string?)seen["again"]![2], StringComparison.Ordinal);
        Assert.Equal(0, (int)seen["missing"]!);

        await served.KillAndStartAsync();
        JsonNode after = await served.PythonAsync(Prelude + $"print(json.dumps(missing({seen["ids"]!.ToJsonString()})))");
        Assert.Equal(0, (int)after);
    }
}
