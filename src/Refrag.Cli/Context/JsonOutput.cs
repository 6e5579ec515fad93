using System.Text;
using System.Text.Json;

namespace Refrag.Cli.Context;

/// <summary>
/// JSON on standard output: one object a line, members in a fixed order, times in ISO 8601 UTC, what is not known left out.
/// </summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Object(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }

    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    public static void Money(this Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number) json.WriteNumber(name, decimal.Round(number, 6));
    }

    public static void Time(this Utf8JsonWriter json, string name, long? milliseconds)
    {
        if (milliseconds is { } at and > 0)
            json.WriteString(name,
                DateTimeOffset.FromUnixTimeMilliseconds(at)
                    .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
    }

    public static void List(this Utf8JsonWriter json, string name, IEnumerable<string>? values)
    {
        json.WriteStartArray(name);
        foreach (string value in values ?? []) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void Map(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string>? values)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in values ?? new Dictionary<string, string>(StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static void Counts(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, int>? values)
    {
        json.WriteStartObject(name);
        foreach ((string key, int value) in values ?? new Dictionary<string, int>(StringComparer.Ordinal)) json.WriteNumber(key, value);
        json.WriteEndObject();
    }
}
