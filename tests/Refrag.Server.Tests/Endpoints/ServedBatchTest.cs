using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Options;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>A served engine with a queue of this machine and one of a fleet, and the JSON that clients send it.</summary>
public abstract class ServedBatchTest : IAsyncLifetime
{
    private protected const string Queue = "refrag-cpu-job-queue";
    private protected const string Container =
        """{"image": "busybox", "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]}""";

    private protected const string Ec2 =
        """
        {"type": "EC2", "maxvCpus": 16, "instanceTypes": ["c6i.large"], "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"],
         "instanceRole": "ecsInstanceRole"}
        """;

    private LocalBatch _engine = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = new LocalBatch(
            new LocalBatchOptions
            {
                Queues = [
                    new LocalQueue(Queue, "machine"),
                    new LocalQueue("fleet", "gpus", new LocalFleet(["g5.xlarge", "g5.2xlarge"], 64)),
                ],
            });
        _server = await TestServer.StartAsync(_engine);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _engine.StopAsync(TimeSpan.Zero);
        await _engine.DisposeAsync();
    }

    private protected static string Job(string more = "") =>
        $$"""
        {"jobName": "job", "jobQueue": "{{Queue}}", "jobDefinition": "def", "containerOverrides": {"command": ["true"]}{{More(more)}} }
        """;

    private protected static string Definition(string container, string more = "") =>
        $$"""{"jobDefinitionName": "def", "type": "container", "containerProperties": {{container}}{{More(more)}} }""";

    private protected static string Environment(string name, string resources, string more = "") =>
        $$"""{"computeEnvironmentName": "{{name}}", "type": "MANAGED", "computeResources": {{resources}}{{More(more)}} }""";

    private static string More(string more) => more.Length == 0 ? "" : $",{more}";

    private protected static void AssertEmpty(JsonNode owner, params string[] members)
    {
        foreach (string member in members)
        {
            JsonNode? held = owner[member];
            Assert.True(held is JsonArray { Count: 0 } or JsonObject { Count: 0 }, $"{member}: {held?.ToJsonString() ?? "absent"}");
        }
    }

    private protected Task<JsonObject> Described(string environment) => First(
        BatchOperations.DescribeComputeEnvironments, $$"""{"computeEnvironments": ["{{environment}}"]}""", "computeEnvironments");

    private protected async Task<JsonObject> First(AwsOperation operation, string body, string list) =>
        (await Ok(operation, body))[list]!.AsArray()[0]!.AsObject();

    private protected async Task<JsonObject> Ok(AwsOperation operation, string body, string? path = null)
    {
        Answer answer = await _server.AskAsync(operation, body, path);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{operation}: {answer}");
        return JsonNode.Parse(answer.Body)!.AsObject();
    }

    /// <summary>Asks, whatever the answer.</summary>
    private protected Task<Answer> Ask(AwsOperation operation, string body) => _server.AskAsync(operation, body);

    private protected async Task AssertRefused(AwsOperation operation, string body, string message)
    {
        Answer answer = await _server.AskAsync(operation, body);
        Assert.True(ServedEngine.IsRefused(answer), answer.ToString());
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }
}
