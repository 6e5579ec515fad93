using System.Buffers;

namespace Refrag.Server.Events;

/// <summary>
/// Appends events to a file, one JSON object a line. The file may be moved away only while the server is down. Where it cannot be written,
/// on a full disk say, events are lost and the log says how many; the file never keeps half a line.
/// </summary>
internal sealed class EventFile(FileStream file, EventSubscription events, Action<string> log)
{
    private const int MostTogether = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private long _lost;

    /// <summary>Writes until the subscription ends; what has come by then is written.</summary>
    public async Task RunAsync()
    {
        await using (file)
        {
            while (await events.Reader.WaitToReadAsync()) await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        int count = 0;
        _lines.ResetWrittenCount();
        while (_lines.WrittenCount < MostTogether && events.Reader.TryRead(out PublishedEvent? published))
        {
            _lines.Write(published.Json.Span);
            _lines.Write("\n"u8);
            count++;
        }
        long end = file.CanSeek ? file.Length : 0;
        try
        {
            await file.WriteAsync(_lines.WrittenMemory);
            if (_lost > 0) log($"Events are written to {file.Name} again; {_lost} are not in it.");
            _lost = 0;
        }
        catch (IOException e)
        {
            if (_lost == 0) log($"Events could not be written to {file.Name}, and those that come until they can be are lost: {e.Message}");
            _lost += count;
            if (file.CanSeek) RollBack(end);
        }
        if (events.TakeMissed() is > 0 and var missed) log($"{missed} events came faster than {file.Name} takes them, and are not in it.");
    }

    private void RollBack(long end)
    {
        try
        {
            file.SetLength(end);
        }
        catch (IOException)
        {
            // A device has no length.
        }
    }

    /// <summary>Opens the file; <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where that cannot be.</summary>
    public static FileStream Open(string path) =>
        PrivateFiles.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
}
