using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Infrastructure;

/// <summary>The file beside the configuration in which refrag kept a move until it kept it in Terraform's backend. It is read so that a
/// move which an earlier version began is finished, and never written.</summary>
/// <param name="path">The file.</param>
public sealed class EarlierJournal(string path)
{
    /// <summary>The move in the file; null in the result if there is no file. RF6014 if it cannot be read.</summary>
    internal Result<LayoutJournalEntry> Read()
    {
        if (!File.Exists(path)) return LayoutJournalEntry.None;
        try
        {
            return new LayoutJournalEntry(JsonSerializer.Deserialize(File.ReadAllText(path), EarlierLayoutJson.Default.LayoutMove));
        }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            return LayoutProblems.UnreadableFile(path, broken.Message);
        }
    }

    /// <summary>Removes the file, after the move is in the backend.</summary>
    internal void Clear() => File.Delete(path);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LayoutMove))]
internal sealed partial class EarlierLayoutJson : JsonSerializerContext;
