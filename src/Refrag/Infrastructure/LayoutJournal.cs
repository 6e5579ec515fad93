using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Infrastructure;

/// <summary>Keeps a move on disk, so that it can be taken up after an interruption at any point.</summary>
/// <param name="path">The journal's file; it lives beside the state.</param>
public sealed class LayoutJournal(string path)
{
    /// <summary>The move under way; null where there is none. RF6014 where the file cannot be read.</summary>
    public async Task<(LayoutMove? Move, Problem? Problem)> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return (null, null);
        try
        {
            await using FileStream file = File.OpenRead(path);
            return (await JsonSerializer.DeserializeAsync(file, LayoutJson.Default.LayoutMove, cancellationToken), null);
        }
        catch (JsonException broken)
        {
            return (null, new Problem
            {
                Code = "RF6014",
                What = $"the journal {path} cannot be read",
                Cause = broken.Message,
                Cure = "Remove it and run the command again: every step may be repeated.",
            });
        }
    }

    /// <summary>Writes the move, whole or not at all.</summary>
    public async Task WriteAsync(LayoutMove move, CancellationToken cancellationToken)
    {
        await using (FileStream file = File.Create(path + ".new"))
        {
            await JsonSerializer.SerializeAsync(file, move, LayoutJson.Default.LayoutMove, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Forgets the move.</summary>
    public void Clear() => File.Delete(path);
}

[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LayoutMove))]
internal sealed partial class LayoutJson : JsonSerializerContext;
