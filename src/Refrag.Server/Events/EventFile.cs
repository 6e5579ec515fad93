namespace Refrag.Server.Events;

/// <summary>Appends events to a file, one JSON object a line. The file may be moved away only while the server is down.</summary>
internal sealed class EventFile(FileStream file, EventSubscription events, Action<string> log)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

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
        try
        {
            while (events.Reader.TryRead(out ToldEvent? told))
            {
                await file.WriteAsync(told.Json);
                file.WriteByte((byte)'\n');
            }
            await file.FlushAsync();
        }
        catch (IOException e)
        {
            log($"Events could not be written to {file.Name}: {e.Message}");
        }
        if (events.TakeMissed() is > 0 and var missed) log($"{missed} events came faster than {file.Name} takes them, and are not in it.");
    }

    /// <summary>Opens the file; <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where that cannot be.</summary>
    public static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mode;
        return new FileStream(path, options);
    }
}
