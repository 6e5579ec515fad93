using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Aws;

/// <summary>Reads one of known values in any case, and gives it as it is known; any other text stays as it is.</summary>
/// <param name="known">The known values.</param>
internal sealed class AnyCaseConverter(IReadOnlyList<string> known) : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        string text = reader.GetString()!;
        return known.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <inheritdoc cref="AnyCaseConverter"/>
internal sealed class AnyCaseListConverter(IReadOnlyList<string> known) : JsonConverter<IReadOnlyList<string>>
{
    private readonly AnyCaseConverter _element = new(known);

    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        List<string> list = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // What is null is reported with its place later, by the limits.
            list.Add(reader.TokenType == JsonTokenType.Null ? null! : _element.Read(ref reader, typeof(string), options)!);
        }
        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string one in value) writer.WriteStringValue(one);
        writer.WriteEndArray();
    }
}
