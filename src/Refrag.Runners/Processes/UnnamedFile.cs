using Microsoft.Win32.SafeHandles;

namespace Refrag.Runners.Processes;

/// <summary>A file that only those know who have it open.</summary>
internal static class UnnamedFile
{
    /// <summary>
    /// An empty one to read and write, closed in every program that is started here unless it is handed on; null if there can be none.
    /// </summary>
    public static SafeFileHandle? TryMake()
    {
        int descriptor = OperatingSystem.IsLinux() ? LibC.MakeMemoryFile("refrag", LibC.MemoryFileClosedOnExec) : -1;
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : TryMakeOnDisk();
    }

    private static SafeFileHandle? TryMakeOnDisk()
    {
        try
        {
            string name = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            SafeFileHandle file = File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            File.Delete(name);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
