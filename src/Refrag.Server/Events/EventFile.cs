namespace Refrag.Server.Events;

/// <summary>Appends events to a file, one JSON object a line. The file may be moved away only while the server is down.</summary>
internal sealed class EventFile(string path, EventSubscription events, Action<string> log)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>Writes until the subscription ends; what has come by then is written.</summary>
    public async Task RunAsync()
    {
        FileStream file = Open();
        await using (file)
        {
            while (await events.Reader.WaitToReadAsync()) await WriteAsync(file);
        }
    }

    private async Task WriteAsync(FileStream file)
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
            log($"Events could not be written to {path}: {e.Message}");
        }
        if (events.TakeMissed() is > 0 and var missed) log($"{missed} events came faster than {path} takes them, and are not in it.");
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mode;
        return new FileStream(path, options);
    }
}
