using System.Text.Json;
using Refrag.Aws.Tests.Peers;

namespace Refrag.Aws.Tests.Contract;

/// <summary>AWS's model of a service, as botocore carries it.</summary>
internal sealed class ApiModel(JsonElement root)
{
    /// <summary>The model with what AWS added to it since the contract's botocore: <c>eng/batch-additions.json</c>.</summary>
    public static Task<ApiModel> LoadAsync(string service) =>
        LoadAsync("botocore.session.get_session().get_component('data_loader')", service);

    /// <summary>The model of the installed botocore alone.</summary>
    public static Task<ApiModel> LoadInstalledAsync(string service) =>
        LoadAsync("botocore.loaders.Loader(include_default_extras=False)", service);

    private static async Task<ApiModel> LoadAsync(string loader, string service) => new(JsonDocument.Parse(await Peer.PythonAsync(
        $"import json,sys,botocore.session,botocore.loaders; print(json.dumps({loader}.load_service_model(sys.argv[1],'service-2')))",
        service)).RootElement);

    public IReadOnlyDictionary<string,
        JsonElement> Operations
    { get; } = root.GetProperty("operations").EnumerateObject().ToDictionary(o => o.Name, o => o.Value);

    public JsonElement Shape(string name) => root.GetProperty("shapes").GetProperty(name);

    public IEnumerable<(string Name, IReadOnlyList<string> Values)> Enumerations => root.GetProperty("shapes").EnumerateObject()
        .Where(s => s.Value.TryGetProperty("enum", out _)).Select(s => (s.Name, Strings(s.Value, "enum")));

    /// <summary>The structures with their members, without the errors.</summary>
    public IEnumerable<(string Name, IReadOnlyList<string> Members)> Structures => root.GetProperty("shapes").EnumerateObject()
        .Where(s => s.Value.GetProperty("type").GetString() == "structure" && !s.Value.TryGetProperty("exception", out _))
        .Select(s => (s.Name, (IReadOnlyList<string>)[.. s.Value.GetProperty("members").EnumerateObject().Select(m => m.Name)]));

    public static IReadOnlyList<string> Strings(JsonElement shape, string list) =>
        shape.TryGetProperty(list, out JsonElement values) ? [.. values.EnumerateArray().Select(v => v.GetString()!)] : [];

    public static string Target(JsonElement reference, string member) => reference.GetProperty(member).GetProperty("shape").GetString()!;
}
