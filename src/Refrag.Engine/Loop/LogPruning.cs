using Refrag.Engine.Logs;

namespace Refrag.Engine.Loop;

/// <summary>Removes logs beside the writer loop, one removal after another.</summary>
/// <param name="logs">The logs.</param>
/// <param name="report">Hears of faults that are not the file system's.</param>
internal sealed class LogPruning(LogStore logs, Action<string, Exception> report)
{
    // The last one's end is the end of all.
    private volatile Task _last = Task.CompletedTask;

    /// <summary>Removes the streams that were made before a time. Called by one thread at a time, as <see cref="Remove"/>.</summary>
    public void Prune(DateTimeOffset before) => _last = AfterAsync(_last, () => logs.Prune(before));

    /// <summary>Removes the files of the streams that are forgotten.</summary>
    public void Remove() => _last = AfterAsync(_last, logs.RemoveForgotten);

    /// <summary>Stops as soon as can be; the next engine does what is left.</summary>
    public async Task StopAsync()
    {
        logs.StopRemoving();
        await _last;
    }

    private async Task AfterAsync(Task before, Action remove)
    {
        await Task.Yield();
        await before;
        try
        {
            remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again within the hour.
        }
#pragma warning disable CA1031 // Old logs that stay are no reason to stop.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report("Old logs could not be removed", e);
        }
    }
}
