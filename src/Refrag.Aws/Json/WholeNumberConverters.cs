using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Aws;

/// <summary>
/// Reads whole numbers that a service writes as decimals, such as <c>1.0</c>; a fraction is rounded up, so that no need is understated.
/// </summary>
internal sealed class WholeInt32Converter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt32(out int whole) ? whole : checked((int)WholeNumber.Of(ref reader, int.MinValue, int.MaxValue));

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <inheritdoc cref="WholeInt32Converter"/>
internal sealed class WholeInt64Converter : JsonConverter<long>
{
    // Beyond this a double skips whole numbers.
    private const double Exact = 1L << 53;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt64(out long whole) ? whole : (long)WholeNumber.Of(ref reader, -Exact, Exact);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>A decimal as a whole number.</summary>
internal static class WholeNumber
{
    public static double Of(ref Utf8JsonReader reader, double min, double max)
    {
        double value = Math.Ceiling(reader.GetDouble());
        return value >= min && value <= max
            ? value
            : throw new JsonException(
            string.Create(CultureInfo.InvariantCulture, $"{value:R} is not a whole number from {min:R} to {max:R}."));
    }
}
