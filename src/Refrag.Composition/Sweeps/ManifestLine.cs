using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Refrag.Composition.Sweeps;

/// <summary>One line of a manifest: a job, or a later status of one (then without overrides).</summary>
/// <param name="Index">The job's index, from 0.</param>
/// <param name="Overrides">Its overrides; null if the line has a status alone.</param>
/// <param name="Status">How far the job is.</param>
public sealed record ManifestLine(long Index, IReadOnlyList<string>? Overrides, JobStatus Status)
{
    // The file is read by people and programs, not by browsers: only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line, without its end.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("index", Index);
            if (Overrides is not null)
            {
                json.WriteStartArray("overrides");
                foreach (string one in Overrides) json.WriteStringValue(one);
                json.WriteEndArray();
            }
            json.WriteString("status", Name(Status));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a line; null if it is none, such as one that was cut off.</summary>
    public static ManifestLine? Read(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("index", out JsonElement index)
                || !index.TryGetInt64(out long number)) return null;
            if (!root.TryGetProperty("status", out JsonElement status) || StatusOf(status.GetString()) is not { } known) return null;
            return new ManifestLine(number,
                root.TryGetProperty("overrides", out JsonElement overrides)
                    ? [.. overrides.EnumerateArray().Select(one => one.GetString()!)]
                    : null, known);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Name(JobStatus status) => status switch
    {
        JobStatus.Pending => "pending",
        JobStatus.Running => "running",
        JobStatus.Succeeded => "succeeded",
        JobStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, message: null),
    };

    private static JobStatus? StatusOf(string? name) => name switch
    {
        "pending" => JobStatus.Pending,
        "running" => JobStatus.Running,
        "succeeded" => JobStatus.Succeeded,
        "failed" => JobStatus.Failed,
        _ => null,
    };
}
