using System.Globalization;

namespace Refrag.ShippedApps.Training;

/// <summary>
/// A directory of checkpoints. One appears whole or not at all: it is written beside its place, brought to the disk, renamed, and the
/// directory brought to the disk.
/// </summary>
/// <param name="directory">The directory.</param>
/// <param name="keep">How many of the newest stay.</param>
internal sealed class CheckpointStore(string directory, int keep)
{
    private const string Pattern = "step-*.ckpt";
    private const string Unfinished = ".tmp";
    private const string Damaged = ".damaged";

    public async Task SaveAsync(SortedDictionary<string, string> run, TrainerState state, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"step-{state.Step:D12}.ckpt"));
        await using (var file =
            new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
        {
            await file.WriteAsync(Checkpoint.Encode(run, state), cancellationToken);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        File.Move(path + Unfinished, path, overwrite: true);
        DirectorySync.Flush(directory);
        Prune();
    }

    /// <summary>The newest checkpoint that is whole; each damaged one on the way is reported.</summary>
    public async Task<(CheckpointHeader Header, TrainerState State, string Path)?> LoadAsync(
        Action<string> warn, CancellationToken cancellationToken)
    {
        foreach (string path in NewestFirst())
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            (CheckpointHeader? header, TrainerState? state, string? damage) = Checkpoint.Decode(bytes);
            if (header is not null && state is not null) return (header, state, path);
            warn($"warning: checkpoint {Path.GetFileName(path)} is not used: {damage}");
            // Out of the way, or it would count as the newest when old ones are removed.
            File.Move(path, path + Damaged, overwrite: true);
        }
        return null;
    }

    /// <summary>Removes every checkpoint, so that a run which begins anew never continues from an old one.</summary>
    public void Clear()
    {
        foreach (string path in NewestFirst()) File.Delete(path);
    }

    private void Prune()
    {
        foreach (string path in NewestFirst().Skip(keep)) File.Delete(path);
        // What a killed run left half written.
        foreach (string path in Directory.EnumerateFiles(directory, Pattern + Unfinished)) File.Delete(path);
    }

    // The step has 12 digits, so the names sort as the steps do.
    private IEnumerable<string> NewestFirst() =>
        Directory.Exists(directory) ? Directory.GetFiles(directory, Pattern).OrderDescending(StringComparer.Ordinal) : [];
}
