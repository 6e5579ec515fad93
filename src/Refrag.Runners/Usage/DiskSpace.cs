namespace Refrag.Runners.Usage;

/// <summary>The space of a file system.</summary>
internal static class DiskSpace
{
    /// <summary>The used and all bytes of the file system of a folder; null if they cannot be found out.</summary>
    public static (long Used, long Size)? Of(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return (drive.TotalSize - drive.TotalFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
