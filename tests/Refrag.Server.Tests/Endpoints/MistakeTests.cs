using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Tests.Contract;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>
/// For every operation, every mistake of <see cref="Mistakes"/>: the documented error that names the member, never a 500, and nothing
/// changed.
/// </summary>
[Trait("Peer", "botocore")]
public sealed class MistakeTests
{
    [Fact]
    public async Task Mistakes_OfEveryOperation_AreNamedAndChangeNothing()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        var wrong = new List<string>();
        int tried = 0;
        foreach (AwsOperation operation in BatchOperations.All)
        {
            foreach (JsonObject valid in served.Specimen.Of(operation))
            {
                Assert.Empty(CountingTransport.Check(operation, valid.ToJsonString()));
                foreach (Mistake mistake in new Mistakes(served.Model, operation, valid).All())
                {
                    Answer answer = await served.AskAsync(operation, mistake.Body);
                    tried++;
                    // A fraction, an overflow and a value of the wrong type are one to the reader; which of the two codes says so is not
                    // documented.
                    if ((answer.Status, answer.ErrorType) != (HttpStatusCode.BadRequest, mistake.Code)
                        || !answer.Message.Contains(mistake.Member, StringComparison.Ordinal))
                        wrong.Add($"{mistake.What}: {answer}");
                }
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(tried > 3000, $"only {tried} mistakes");
        Assert.Equal(0, served.Counted.Passed);
        Assert.Empty(served.Server.Log);
        TestContext.Current.SendDiagnosticMessage("{0} mistakes", tried);
    }

    [Fact]
    public async Task UnknownMembers_AtEveryLevel_ArePassedOver()
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        var specimen = new Specimen(model);
        var echo =
            new EchoTransport(
                new JsonObject(
                    BatchOperations.All.Select(o => System.Collections.Generic.KeyValuePair.Create(o.Name, (JsonNode?)new JsonObject()))));
        await using TestServer server = await TestServer.StartAsync(echo);
        foreach (AwsOperation operation in BatchOperations.All)
        {
            foreach (JsonObject valid in specimen.Of(operation))
            {
                AddUnknown(valid);
                Answer answer = await server.AskAsync(operation, valid.ToJsonString(), Specimen.PathOf(operation));
                Assert.True(answer.Status == HttpStatusCode.OK, $"{operation}: {answer}");
            }
        }
    }

    private static void AddUnknown(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? one in list) AddUnknown(one);
        }
        else if (node is JsonObject owner)
        {
            foreach ((string name, JsonNode? inner) in owner.ToList())
            {
                // What stands in a map is no member.
                if (name is not ("tags" or "parameters" or "jobRoleArn" or "options" or "limits" or "requests" or "labels" or "annotations"
                    or "subPath")) AddUnknown(inner);
            }
            if (!owner.ContainsKey("key")) owner["aMemberOfTomorrow"] = new JsonObject { ["a"] = new JsonArray(1, null, "x") };
        }
    }
}
