using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Refrag.Composition.Tree;

/// <summary>
/// Configurations as JSON. Keys become text, bytes become base 64, and the numbers that JSON cannot hold (infinities and not-a-number)
/// become the text that Python prints for them.
/// </summary>
public static class ConfigJson
{
    /// <summary>The configuration as JSON text.</summary>
    /// <param name="node">The configuration.</param>
    /// <param name="indented">Whether to write it over several lines. Default true.</param>
    public static string Write(ConfigNode node, bool indented = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, MaxDepth = int.MaxValue })) Write(
            writer, node);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the configuration as one value.</summary>
    public static void Write(Utf8JsonWriter writer, ConfigNode node)
    {
        switch (node)
        {
            case ConfigMapping mapping:
                writer.WriteStartObject();
                foreach (ConfigEntry entry in mapping)
                {
                    writer.WritePropertyName(entry.Key.ToString());
                    Write(writer, entry.Value);
                }
                writer.WriteEndObject();
                break;
            case ConfigList list:
                writer.WriteStartArray();
                foreach (ConfigNode item in list) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ConfigScalar scalar:
                WriteScalar(writer, scalar);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, ConfigScalar scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                writer.WriteNullValue();
                break;
            case ScalarKind.Boolean:
                writer.WriteBooleanValue(scalar.Boolean == true);
                break;
            case ScalarKind.Integer:
                writer.WriteRawValue(scalar.Integer.GetValueOrDefault().ToString(CultureInfo.InvariantCulture));
                break;
            case ScalarKind.Float when double.IsFinite(scalar.Float.GetValueOrDefault()):
                writer.WriteRawValue(PythonText.Float(scalar.Float.GetValueOrDefault()));
                break;
            case ScalarKind.Bytes:
                writer.WriteBase64StringValue(scalar.Bytes.Span);
                break;
            default:
                writer.WriteStringValue(PythonText.Str(scalar));
                break;
        }
    }
}
