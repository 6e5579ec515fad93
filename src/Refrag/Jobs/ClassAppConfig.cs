using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Refrag.Composition.Tree;

namespace Refrag.Jobs;

/// <summary>A resolved configuration as JSON, for a class app.</summary>
internal static class ClassAppConfig
{
    // Letters outside ASCII stay as they are: the text goes into a command, where each byte counts.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The mapping without some of its keys.</summary>
    public static string Write(ConfigMapping config, IReadOnlyCollection<string> without)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            foreach ((ConfigKey key, ConfigNode value, _) in config)
            {
                if (without.Contains(key.ToString())) continue;
                json.WritePropertyName(key.ToString());
                Write(json, value);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node)
        {
            case ConfigMapping mapping:
                json.WriteStartObject();
                foreach ((ConfigKey key, ConfigNode value, _) in mapping)
                {
                    json.WritePropertyName(key.ToString());
                    Write(json, value);
                }
                json.WriteEndObject();
                break;
            case ConfigList list:
                json.WriteStartArray();
                foreach (ConfigNode item in list) Write(json, item);
                json.WriteEndArray();
                break;
            default:
                Write(json, (ConfigScalar)node);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, ConfigScalar scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                json.WriteNullValue();
                break;
            case ScalarKind.Boolean:
                json.WriteBooleanValue(scalar.Boolean == true);
                break;
            case ScalarKind.Integer:
            case ScalarKind.Float when scalar.Float is { } number && double.IsFinite(number):
                json.WriteRawValue(scalar.ToString());
                break;
            default:
                // JSON has no infinity, no NaN and no bytes: these go as text.
                json.WriteStringValue(scalar.ToString());
                break;
        }
    }
}
