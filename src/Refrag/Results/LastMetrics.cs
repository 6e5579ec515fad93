using System.Text.Json;

namespace Refrag.Results;

/// <summary>The last line of a <c>metrics.jsonl</c>: how good a run is.</summary>
public static class LastMetrics
{
    private const string Name = "metrics.jsonl";

    /// <summary>
    /// The members of the last line of a job's newest <c>metrics.jsonl</c>, in any folder; null if it has none. Numbers, texts and truth
    /// values count. Throws what <see cref="ResultStores.IsFault"/> knows.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, JsonElement>?> ReadAsync(JobResults results, CancellationToken cancellationToken)
    {
        ResultFile? newest = results.Files
            .Where(file => file.Link is null && (file.Path == Name || file.Path.EndsWith($"/{Name}", StringComparison.Ordinal)))
            .MaxBy(file => file.Modified);
        return newest is null ? null : Last(await results.ReadAsync(newest, cancellationToken));
    }

    /// <summary>
    /// The members of the last line that is a JSON object; a line that is being written is none. Null if there is no such line.
    /// </summary>
    internal static IReadOnlyDictionary<string, JsonElement>? Last(ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            content = content.TrimEnd("\r\n"u8);
            int begin = content.LastIndexOf((byte)'\n') + 1;
            if (Members(content[begin..]) is { } members) return members;
            content = content[..begin];
        }
        return null;
    }

    private static Dictionary<string, JsonElement>? Members(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!JsonElement.TryParseValue(ref reader, out JsonElement? value) || value is not { ValueKind: JsonValueKind.Object } json)
                return null;
            Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
            foreach (JsonProperty member in json.EnumerateObject())
            {
                if (member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
                    members[member.Name] = member.Value;
            }
            return members;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
