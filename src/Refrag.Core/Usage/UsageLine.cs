using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag;

/// <summary>The line of a log that says what an attempt has used so far: a mark, and a JSON object.</summary>
public static class UsageLine
{
    /// <summary>What stands before the object.</summary>
    public const string Mark = "refrag-usage: ";

    private const string Suffix = "/usage";

    /// <summary>The log group of refrag's own server for what it measures of processes.</summary>
    public const string Group = "/refrag/usage";

    /// <summary>The stream of that group that belongs to an attempt's log stream.</summary>
    public static string StreamOf(string logStream) => logStream + Suffix;

    /// <summary>The attempt's log stream of a stream of that group.</summary>
    public static string OwnerOf(string usageStream) =>
        usageStream.EndsWith(Suffix, StringComparison.Ordinal) ? usageStream[..^Suffix.Length] : usageStream;

    /// <summary>The line of a usage, without an end of line.</summary>
    public static string Format(AttemptUsage usage) => Mark + JsonSerializer.Serialize(usage, UsageJson.Default.AttemptUsage);

    /// <summary>
    /// The usage in a line; null if there is none. What a program has written without an end of line may stand before it.
    /// </summary>
    public static AttemptUsage? Parse(string line)
    {
        int at = line.LastIndexOf(Mark, StringComparison.Ordinal);
        if (at < 0) return null;
        try
        {
            return JsonSerializer.Deserialize(line.AsSpan(at + Mark.Length), UsageJson.Default.AttemptUsage);
        }
        catch (JsonException)
        {
            // The job's own words, or a line that was cut.
            return null;
        }
    }

    /// <summary>What of a line is the job's own: all of it, what stands before the usage, or null if there is nothing else.</summary>
    public static string? WithoutUsage(string line) =>
        Parse(line) is null ? line : line[..line.LastIndexOf(Mark, StringComparison.Ordinal)] is { Length: > 0 } own ? own : null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttemptUsage))]
internal sealed partial class UsageJson : JsonSerializerContext;
