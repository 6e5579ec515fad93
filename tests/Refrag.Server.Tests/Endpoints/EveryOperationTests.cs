using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;
using Refrag.Aws.Tests.Contract;
using Refrag.Aws.Tests.Peers;
using Refrag.Server.Endpoints;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>
/// boto3 sends every operation with every member of its shapes, and gets every member of the answer's: through the server nothing is lost
/// or changed.
/// </summary>
[Trait("Peer", "botocore")]
public sealed class EveryOperationTests
{
    [Fact]
    public async Task Endpoints_ComparedWithModel_AreAllThere()
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        var routes = new EndpointTable().All.Where(o => o.Service == AwsService.Batch)
            .ToDictionary(o => o.Name, o => $"{o.Method} {o.Path}", StringComparer.Ordinal);
        Assert.Equal(model.Operations.Keys.Order(), routes.Keys.Order());
        Assert.All(model.Operations, o => Assert.Equal(
            $"{o.Value.GetProperty("http").GetProperty("method")} {o.Value.GetProperty("http").GetProperty("requestUri")}", routes[o.Key]));
    }

    [Fact]
    public Task Batch_EveryMemberOfEveryShape_PassesTheServer() => PassAsync("batch", BatchOperations.All);

    [Fact]
    public Task Logs_EveryMemberOfEveryShape_PassesTheServer() => PassAsync("logs", LogsOperations.All);

    [Fact]
    public Task Ecs_EveryMemberOfEveryShape_PassesTheServer() => PassAsync("ecs", EcsOperations.All);

    private static async Task PassAsync(string service, IReadOnlyList<AwsOperation> operations)
    {
        string script = Script();
        string text = await Peer.PythonAsync(script, ["examples", service, .. operations.Select(o => o.Name)]);
        JsonObject examples = JsonNode.Parse(text)!.AsObject();
        var echo = new EchoTransport(new JsonObject(examples.ToDictionary(e => e.Key, e => e.Value!["answered"]?.DeepClone())));
        await using TestServer server = await TestServer.StartAsync(echo);

        // The examples travel as an argument's file: Python's own reading end takes them from standard input.
        string got = await Peer.PythonAsync(
            $"import io,sys\nsys.stdin = io.StringIO(sys.argv.pop())\n{script}", "call", service, server.Url.ToString(),
            TestServer.Key.AccessKeyId, TestServer.Key.SecretAccessKey, text);

        JsonObject answers = JsonNode.Parse(got)!.AsObject();
        foreach (AwsOperation operation in operations)
        {
            AssertSame($"{operation} is answered", examples[operation.Name]!["answered"]!, answers[operation.Name]!);
            AssertSame($"{operation} is asked", examples[operation.Name]!["asked"]!, Whole(operation, echo.Asked[operation.Name]));
        }
        Assert.Empty(server.Log);
    }

    // What travels outside the body is not written into it, so it is added here.
    private static JsonObject Whole(AwsOperation operation, object request)
    {
        JsonObject json = JsonSerializer.SerializeToNode(request, operation.RequestJson)!.AsObject();
        foreach (string member in operation.OutsideBody)
        {
            object? value = operation.RequestType.GetProperty(char.ToUpperInvariant(member[0]) + member[1..])!.GetValue(request);
            json[member] = value is string one ? one : new JsonArray([.. ((IReadOnlyList<string>)value!).Select(v => JsonValue.Create(v))]);
        }
        return json;
    }

    private static void AssertSame(string what, JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{what}:\n{expected.ToJsonString()}\nbut was\n{actual.ToJsonString()}");

    private static string Script()
    {
        using var reader = new StreamReader(typeof(EveryOperationTests).Assembly.GetManifestResourceStream("every_operation.py")!);
        return reader.ReadToEnd();
    }
}
