using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Submission;

/// <summary>A fingerprint of what a job definition says, the same for equal content in whatever order its maps come.</summary>
public static class ContentHash
{
    /// <summary>The tag that a job definition carries its fingerprint in.</summary>
    public const string Tag = "refrag:content-hash";

    /// <summary>The fingerprint: SHA-256 in 64 hexadecimal digits. A fingerprint already among the tags is left out of it.</summary>
    /// <param name="request">The definition.</param>
    public static string Of(RegisterJobDefinitionRequest request)
    {
        if (request.Tags?.ContainsKey(Tag) == true) request = request with { Tags = request.Tags.Where(t => t.Key != Tag).ToDictionary() };
        var text = new StringBuilder();
        Write(text, JsonSerializer.SerializeToElement(request, BatchOperations.RegisterJobDefinition.RequestJson));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (JsonProperty member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    // Batch answers an empty list where nothing was said: both say the same.
                    if (IsEmpty(member.Value)) continue;
                    text.Append('"').Append(JsonEncodedText.Encode(member.Name)).Append("\":");
                    Write(text, member.Value);
                    text.Append(',');
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Write(text, element);
                    text.Append(',');
                }
                text.Append(']');
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(member => IsEmpty(member.Value)),
        _ => false,
    };
}
