using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Cli.Context;

/// <summary>
/// JSON on standard output: one object a line, members in a fixed order, times in ISO 8601 UTC, what is not known left out. The records
/// that are written carry the meaning of their members, from which docs/reference/json.md is made.
/// </summary>
internal static class JsonOutput
{
    private const int Decimals = 6;

    // Of the type decimal. (.NET, System.Decimal)
    private const int MostDecimals = 28;

    private static readonly JsonWriterOptions s_line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions s_indented = s_line with { Indented = true };

    /// <summary>The object on one line.</summary>
    public static string Line<T>(T value, JsonTypeInfo<T> type) => Write(value, type, s_line);

    /// <summary>The object on as many lines as it has members.</summary>
    public static string Indented<T>(T value, JsonTypeInfo<T> type) => Write(value, type, s_indented);

    /// <summary>The text, which is left out if it is empty.</summary>
    public static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary>A time that AWS gives in milliseconds since 1970; null if it gives none.</summary>
    public static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } at and > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>
    /// An amount of money, or a part of one, without the noise of divisions: to a millionth, and with two significant digits if that
    /// would be 0.
    /// </summary>
    public static decimal Rounded(decimal value)
    {
        decimal rounded = decimal.Round(value, Decimals);
        if (rounded != 0 || value == 0) return rounded;
        int first = Decimals + 1;
        for (decimal unit = 0.0000001m; Math.Abs(value) < unit; unit /= 10) first++;
        return decimal.Round(value, Math.Min(first + 1, MostDecimals));
    }

    /// <inheritdoc cref="Rounded(decimal)"/>
    public static decimal? Rounded(decimal? value) => value is { } number ? Rounded(number) : null;

    private static string Write<T>(T value, JsonTypeInfo<T> type, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, options)) JsonSerializer.Serialize(json, value, type);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}

/// <summary>Writes times with milliseconds, in UTC: <c>2026-08-10T14:00:00.000Z</c>.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
}
