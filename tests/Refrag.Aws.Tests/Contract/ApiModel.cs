using System.Text.Json;
using Refrag.Aws.Tests.Peers;

namespace Refrag.Aws.Tests.Contract;

/// <summary>AWS's model of a service, as botocore carries it.</summary>
internal sealed class ApiModel(JsonElement root)
{
    public static async Task<ApiModel> LoadAsync(string service) => new(JsonDocument.Parse(await Peer.PythonAsync(
        "import json,sys,botocore.loaders as l; print(json.dumps(l.Loader().load_service_model(sys.argv[1],'service-2')))",
        service)).RootElement);

    public IReadOnlyDictionary<string,
        JsonElement> Operations
    { get; } = root.GetProperty("operations").EnumerateObject().ToDictionary(o => o.Name, o => o.Value);

    public JsonElement Shape(string name) => root.GetProperty("shapes").GetProperty(name);

    public IEnumerable<(string Name, IReadOnlyList<string> Values)> Enumerations => root.GetProperty("shapes").EnumerateObject()
        .Where(s => s.Value.TryGetProperty("enum", out _)).Select(s => (s.Name, Strings(s.Value, "enum")));

    public static IReadOnlyList<string> Strings(JsonElement shape, string list) =>
        shape.TryGetProperty(list, out JsonElement values) ? [.. values.EnumerateArray().Select(v => v.GetString()!)] : [];

    public static string Target(JsonElement reference, string member) => reference.GetProperty(member).GetProperty("shape").GetString()!;
}
