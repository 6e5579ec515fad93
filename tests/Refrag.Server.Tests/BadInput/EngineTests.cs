using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Tests;
using Refrag.Engine;

namespace Refrag.Server.Tests.BadInput;

/// <summary>What is well-formed but makes no sense, to the engine itself: an answer or a ClientException, never a fault.</summary>
[Trait("Peer", "botocore")]
public sealed class EngineTests
{
    // Names that nothing has, in the place of names: as if a user had mistyped all of them.
    [Fact]
    public async Task Requests_WithEveryMember_AreAnsweredWithoutAFault()
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        await using var engine = new LocalBatch();
        await using TestServer server = await TestServer.StartAsync(engine);
        // Twice: what the first made, the second meets.
        foreach (AwsOperation operation in BatchOperations.All.Concat(BatchOperations.All))
        {
            foreach (JsonObject body in new Specimen(model).Of(operation))
            {
                Answer answer = await server.AskAsync(operation, body.ToJsonString(), MistakeTests.PathOf(operation));
                Assert.True(
                    answer.Status == HttpStatusCode.OK || (answer.Status, answer.ErrorType) == (HttpStatusCode.BadRequest, BatchException.ClientException), $"{operation}: {answer}");
            }
        }
        Assert.Empty(server.Log);
        await engine.StopAsync(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("AAAAAAAAAAAAAAAA==")]
    [InlineData("-1")]
    [InlineData("99999999999999999999999999")]
    [InlineData("' or 1=1 --")]
    [InlineData("../../etc/passwd")]
    public async Task Tokens_OfNobody_AreRefused(string token)
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        await using var engine = new LocalBatch();
        await using TestServer server = await TestServer.StartAsync(engine);
        int paged = 0;
        foreach (AwsOperation operation in BatchOperations.All)
        {
            JsonElement input = model.Shape(ApiModel.Target(model.Operations[operation.Name], "input"));
            if (!input.GetProperty("members").TryGetProperty("nextToken", out _)) continue;
            paged++;
            var body = new JsonObject { ["nextToken"] = token };
            foreach (string required in ApiModel.Strings(input, "required")) body[required] = "refrag-cpu-job-queue";
            if (operation == BatchOperations.ListJobs) body["jobQueue"] = "refrag-cpu-job-queue";
            Answer answer = await server.AskAsync(operation, body.ToJsonString());
            Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.BadRequest, BatchException.ClientException), $"{operation}: {answer}");
        }
        Assert.True(paged >= 10, $"{paged} operations have pages");
        Assert.Empty(server.Log);
    }
}
