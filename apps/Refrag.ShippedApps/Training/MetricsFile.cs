using System.Text.Json;

namespace Refrag.ShippedApps.Training;

/// <summary>metrics.jsonl: grows a line at a time, and is cut back to a checkpoint's step when a run continues from there.</summary>
internal sealed class MetricsFile : IAsyncDisposable
{
    private readonly FileStream _file;

    private MetricsFile(FileStream file) => _file = file;

    /// <summary>Opens the file with the lines up to <paramref name="step"/>; a torn line and all that follows it goes.</summary>
    public static async Task<MetricsFile> OpenAsync(string path, long step, CancellationToken cancellationToken)
    {
        var file =
            new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        byte[] content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellationToken);
        file.SetLength(KeptLength(content, step));
        file.Seek(0, SeekOrigin.End);
        return new MetricsFile(file);
    }

    public ValueTask AppendAsync(Metric metric, CancellationToken cancellationToken) =>
        _file.WriteAsync(metric.ToLine(), cancellationToken);

    /// <summary>Waits until every line is on the disk: a checkpoint must never be newer than its metrics.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static int KeptLength(ReadOnlySpan<byte> content, long step)
    {
        int kept = 0;
        while (content[kept..].IndexOf((byte)'\n') is var length and >= 0)
        {
            if (StepOf(content.Slice(kept, length)) is not { } own || own > step) break;
            kept += length + 1;
        }
        return kept;
    }

    private static long? StepOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TrainingJson.Default.Metric)?.Step;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
