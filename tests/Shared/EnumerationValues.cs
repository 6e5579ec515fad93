using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Testing;

/// <summary>The members of an answer with a value of one of Batch's enumerations, and the answer with another value there.</summary>
internal static class EnumerationValues
{
    /// <summary>A value that no enumeration has.</summary>
    public const string Unknown = "FROM_A_NEWER_SERVICE";

    private static readonly HashSet<string> s_known = [.. typeof(BatchOperations).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(BatchOperations).Namespace)
        .Select(type => type.GetProperty("All")?.GetValue(null)).OfType<IReadOnlyList<string>>().SelectMany(values => values)];

    /// <summary>The members, each once, such as <c>jobs[].status</c>.</summary>
    public static IReadOnlyList<string> In(JsonNode? answer) => [.. Places(answer, "").Select(place => place.Path).Distinct()];

    /// <summary>Puts <see cref="Unknown"/> everywhere where a member stands.</summary>
    public static JsonNode Replace(JsonNode answer, string path)
    {
        JsonNode changed = answer.DeepClone();
        foreach (JsonNode value in Places(changed, "").Where(place => place.Path == path).Select(place => place.Value).ToList())
            value.ReplaceWith(Unknown);
        return changed;
    }

    private static IEnumerable<(string Path, JsonNode Value)> Places(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.ToList().SelectMany(member => Places(member.Value, $"{path}.{member.Key}")),
        JsonArray elements => elements.ToList().SelectMany(element => Places(element, $"{path}[]")),
        JsonValue value when value.TryGetValue(out string? text) && s_known.Contains(text) => [(path, value)],
        _ => [],
    };
}
