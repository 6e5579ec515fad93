using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Refrag;

/// <summary>What .NET does not report of a file: its owner and its kind.</summary>
[UnsupportedOSPlatform("windows")]
public static unsafe partial class FileStatus
{
    // struct statx of Linux: 256 bytes on every architecture; the user is at byte 20, kind and mode at byte 28. (statx(2), inode(7))
    private const int StatxBytes = 256;
    private const int UserAt = 20;
    private const int KindAt = 28;
    private const int FromCurrentDirectory = -100;
    private const uint WithKindAndUser = 0x1 | 0x8;
    private const int KindMask = 0xf000;
    private const int Regular = 0x8000;

    /// <summary>Whether a file or folder belongs to the user of this process.</summary>
    public static bool IsThisUser(string path) =>
        OperatingSystem.IsLinux() ? Read(path) is not { } known || known.User == UserOfThis() : CanChange(path);

    /// <summary>Whether it is a file with content of its own, and no device, pipe or socket.</summary>
    public static bool IsRegular(string path) =>
        OperatingSystem.IsLinux()
            ? Read(path) is { } known && (known.Kind & KindMask) == Regular
            : !path.StartsWith("/dev/", StringComparison.Ordinal);

    private static (uint User, int Kind)? Read(string path)
    {
        byte* status = stackalloc byte[StatxBytes];
        return Query(FromCurrentDirectory, path, 0, WithKindAndUser, status) == 0
            ? (*(uint*)(status + UserAt), *(ushort*)(status + KindAt))
            : null;
    }

    // Only the owner may change a mode; the superuser may change all.
    private static bool CanChange(string path)
    {
        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path));
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Query(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserOfThis();
}
