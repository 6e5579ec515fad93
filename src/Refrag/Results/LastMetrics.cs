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
        return FileOf(results) is { } newest ? Last(await results.ReadAsync(newest, cancellationToken)) : null;
    }

    /// <summary>The newest of a job's files of that name, in any folder; null if it has none.</summary>
    public static ResultFile? FileOf(JobResults results) => results.Files
        .Where(file => file.Link is null && (file.Path == Name || file.Path.EndsWith($"/{Name}", StringComparison.Ordinal)))
        .MaxBy(file => file.Modified);

    /// <summary>
    /// The members of the last line if it is a JSON object. A tail without an end of line may be half written: if it is not an object, the
    /// line before it counts. <c>NaN</c> and infinities, which are not JSON and which Python writes, become texts.
    /// </summary>
    internal static IReadOnlyDictionary<string, JsonElement>? Last(ReadOnlySpan<byte> content)
    {
        bool isWhole = content.EndsWith("\n"u8);
        (int begin, int end) = LastLine(content);
        Dictionary<string, JsonElement>? members = Members(content[begin..end]);
        if (members is not null || isWhole) return members;
        (begin, end) = LastLine(content[..begin]);
        return Members(content[begin..end]);
    }

    // Empty lines at the end do not count.
    private static (int Begin, int End) LastLine(ReadOnlySpan<byte> content)
    {
        content = content.TrimEnd("\r\n"u8);
        return (content.LastIndexOf((byte)'\n') + 1, content.Length);
    }

    private static Dictionary<string, JsonElement>? Members(ReadOnlySpan<byte> line)
    {
        if ((Parse(line) ?? Parse(WithTexts(line))) is not { ValueKind: JsonValueKind.Object } json) return null;
        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
                members[member.Name] = member.Value;
        }
        return members;
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonElement.TryParseValue(ref reader, out JsonElement? value) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The line with the numbers that JSON does not have in quotes.
    private static byte[] WithTexts(ReadOnlySpan<byte> line)
    {
        List<byte> quoted = new(line.Length);
        bool isText = false;
        while (line.Length > 0)
        {
            int length = isText ? 0 : LengthOfNotFinite(line);
            if (length > 0)
            {
                quoted.Add((byte)'"');
                quoted.AddRange(line[..length]);
                quoted.Add((byte)'"');
            }
            else
            {
                // An escaped quote does not end a text.
                length = isText && line[0] == (byte)'\\' && line.Length > 1 ? 2 : 1;
                if (length == 1 && line[0] == (byte)'"') isText = !isText;
                quoted.AddRange(line[..length]);
            }
            line = line[length..];
        }
        return [.. quoted];
    }

    private static int LengthOfNotFinite(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("NaN"u8)) return "NaN"u8.Length;
        if (line.StartsWith("Infinity"u8)) return "Infinity"u8.Length;
        return line.StartsWith("-Infinity"u8) ? "-Infinity"u8.Length : 0;
    }
}
