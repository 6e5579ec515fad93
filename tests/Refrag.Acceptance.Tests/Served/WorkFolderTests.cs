using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>
/// Where processes start: each attempt in an empty folder of its own, as each container of AWS begins with its image's files alone.
/// </summary>
[Trait("Peer", "boto3")]
public sealed class WorkFolderTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    [Fact]
    public async Task Attempts_ThatMakeTheSameFolder_AreNotInEachOthersWay()
    {
        JsonNode jobs = await served.PythonAsync("""
            arn = define("folders", ["sh", "-c", "ls; mkdir x && touch x/$AWS_BATCH_JOB_ID && pwd && test $AWS_BATCH_JOB_ATTEMPT = 2"],
                retryStrategy=dict(attempts=2))
            print(json.dumps([[a["container"] for a in j["attempts"]] for j in wait(submit("first", arn), submit("second", arn))]))
            """);
        JsonNode[] attempts = [.. jobs.AsArray().SelectMany(job => job!.AsArray()).Select(attempt => attempt!)];
        Assert.Equal([1, 0, 1, 0], attempts.Select(attempt => (int)attempt["exitCode"]!));
        Assert.All(attempts, attempt =>
        {
            string folder = Path.Combine(served.State, "work", ((string)attempt["taskArn"]!).Split('/')[^1]);
            Assert.Single(Directory.GetFiles(Path.Combine(folder, "x")));
        });
        JsonNode lines = await served.PythonAsync("""
            print(json.dumps([e["message"] for e in
                logs.filter_log_events(logGroupName="/aws/batch/job", logStreamNamePrefix="folders/")["events"]]))
            """);
        Assert.Equal(attempts.Select(attempt => Path.Combine(served.State, "work", ((string)attempt["taskArn"]!).Split('/')[^1])).Order(),
            lines.AsArray().Select(line => (string?)line).Order());
    }
}
