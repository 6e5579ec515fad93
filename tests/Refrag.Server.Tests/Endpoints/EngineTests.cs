using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Tests.Contract;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>What is well-formed but makes no sense, to the engine itself: an answer or a ClientException, never a fault.</summary>
[Trait("Peer", "botocore")]
public sealed class EngineTests
{
    // Names that nothing has, in the place of names: as if a user had mistyped all of them.
    [Fact]
    public async Task Requests_WithEveryMember_AreAnsweredWithoutAFault()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        // Twice: what the first made, the second meets.
        foreach (AwsOperation operation in BatchOperations.All.Concat(BatchOperations.All))
        {
            foreach (JsonObject body in served.Specimen.Of(operation))
            {
                Answer answer = await served.AskAsync(operation, body.ToJsonString());
                Assert.True(answer.Status == HttpStatusCode.OK || ServedEngine.IsRefused(answer), $"{operation}: {answer}");
            }
        }
        Assert.Empty(served.Server.Log);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("AAAAAAAAAAAAAAAA==")]
    [InlineData("-1")]
    [InlineData("99999999999999999999999999")]
    [InlineData("' or 1=1 --")]
    [InlineData("../../etc/passwd")]
    public async Task Tokens_OfNoRequest_AreRefused(string token)
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        int paged = 0;
        foreach (AwsOperation operation in BatchOperations.All)
        {
            JsonElement input = served.Model.Shape(ApiModel.Target(served.Model.Operations[operation.Name], "input"));
            if (!input.GetProperty("members").TryGetProperty("nextToken", out _)) continue;
            paged++;
            var body = new JsonObject { ["nextToken"] = token };
            foreach (string required in ApiModel.Strings(input, "required")) body[required] = "refrag-cpu-job-queue";
            if (operation == BatchOperations.ListJobs) body["jobQueue"] = "refrag-cpu-job-queue";
            Answer answer = await served.Server.AskAsync(operation, body.ToJsonString());
            Assert.True(ServedEngine.IsRefused(answer), $"{operation}: {answer}");
        }
        Assert.True(paged >= 10, $"{paged} operations have pages");
        Assert.Empty(served.Server.Log);
    }
}
