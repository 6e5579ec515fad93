using System.Runtime.InteropServices;

namespace Refrag.ShippedApps.Training;

/// <summary>
/// Brings a directory's entries to the disk: without it, a renamed file may be back under its old name after a power cut.
/// </summary>
internal static partial class DirectorySync
{
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(directory, 0);
        // Some network file systems do not let a directory be opened or flushed; the file itself is on the disk by then.
        if (descriptor < 0) return;
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
