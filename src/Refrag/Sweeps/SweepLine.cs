using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Refrag.CodeArchives;
using Refrag.CommandTables;

namespace Refrag.Sweeps;

/// <summary>
/// The lines of a manifest that are no jobs: <c>{"sweep":…}</c>, <c>{"submission":…}</c> and what became of one. Each is one JSON object.
/// </summary>
internal static class SweepLine
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(SweepHeader header) => Line(json =>
    {
        json.WriteString("sweep", header.Id);
        Texts(json, "arguments", header.Arguments);
        Texts(json, "folders", header.Folders);
        json.WriteString("config", header.ConfigName);
        json.WriteString("directory", header.Directory);
        json.WriteStartArray("shape");
        foreach (int length in header.Shape) json.WriteNumberValue(length);
        json.WriteEndArray();
        if (header.Region is { } region) json.WriteString("region", region);
        if (header.Code is { } code) Write(json, code);
    });

    public static string Of(SweepSubmission submission) => Line(json =>
    {
        json.WriteString("submission", submission.Id);
        json.WriteString("jobs", submission.Jobs.ToString());
        json.WriteString("at", submission.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (submission.IsOnDemand) json.WriteBoolean("onDemand", true);
    });

    public static string Submitted(string submission, string jobId) => Line(json =>
    {
        json.WriteString("submitted", submission);
        json.WriteString("jobId", jobId);
    });

    /// <summary>The submission surely made no job.</summary>
    public static string Withdrawn(string submission) => Line(json => json.WriteString("withdrawn", submission));

    /// <summary>Reads a line into what is known so far; a line that is none changes nothing.</summary>
    public static void Read(string line, SweepPicture picture)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("sweep", out JsonElement id)) picture.Header = Header(id.GetString()!, root);
            else if (root.TryGetProperty("submission", out id)) Submission(id.GetString()!, root, picture);
            else if (root.TryGetProperty("submitted", out id)) picture.Submitted(id.GetString()!, root.GetProperty("jobId").GetString()!);
            else if (root.TryGetProperty("withdrawn", out id)) picture.Withdrawn(id.GetString()!);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // What an interruption left of a line.
        }
    }

    private static SweepHeader Header(string id, JsonElement root) => new()
    {
        Id = id,
        Arguments = Texts(root, "arguments"),
        Folders = Texts(root, "folders"),
        ConfigName = root.GetProperty("config").GetString()!,
        Directory = root.GetProperty("directory").GetString()!,
        Shape = [.. root.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())],
        Region = root.TryGetProperty("region", out JsonElement region) ? region.GetString() : null,
        Code = root.TryGetProperty("code", out JsonElement code) ? Code(code) : null,
    };

    private static void Write(Utf8JsonWriter json, CodeReference code)
    {
        json.WriteStartObject("code");
        json.WriteString("url", code.Url);
        json.WriteString("sha256", code.Digest);
        if (code.Git is { } git)
        {
            if (git.Commit is { } commit) json.WriteString("commit", commit);
            if (git.Branch is { } branch) json.WriteString("branch", branch);
            json.WriteBoolean("dirty", git.IsDirty);
        }
        json.WriteEndObject();
    }

    private static CodeReference Code(JsonElement code)
    {
        string? Text(string name) => code.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        GitState? git = code.TryGetProperty("dirty", out JsonElement dirty)
            ? new GitState(Text("commit"), Text("branch"), dirty.GetBoolean())
            : null;
        return new CodeReference(code.GetProperty("url").GetString()!, code.GetProperty("sha256").GetString()!, git);
    }

    private static void Submission(string id, JsonElement root, SweepPicture picture)
    {
        if (JobSet.Parse(root.GetProperty("jobs").GetString() ?? "") is { } jobs)
            picture.Submissions[id] = new SweepSubmission(
                id, jobs, root.GetProperty("at").GetDateTimeOffset(), JobId: null,
                IsOnDemand: root.TryGetProperty("onDemand", out JsonElement onDemand) && onDemand.GetBoolean());
    }

    private static IReadOnlyList<string> Texts(JsonElement root, string name) =>
        [.. root.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
