using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Refrag;

/// <summary>What .NET does not report of a file: its owner, its kind and when it was changed in any way.</summary>
[UnsupportedOSPlatform("windows")]
public static unsafe partial class FileStatus
{
    // struct statx of Linux: 256 bytes on every architecture, the same places on all. (statx(2), inode(7), linux/stat.h)
    private const int StatxBytes = 256;
    private const int UserAt = 20;
    private const int KindAt = 28;
    private const int NumberAt = 32;
    private const int SizeAt = 40;
    private const int ChangedAt = 96;
    private const int ModifiedAt = 112;
    private const int DeviceAt = 136;
    private const int FromCurrentDirectory = -100;
    private const int NoFollow = 0x100;

    // A network file system answers from what it remembers otherwise, for up to a minute. (statx(2), AT_STATX_FORCE_SYNC; nfs(5), acregmax)
    private const int FromServer = 0x2000;
    private const uint WithKindAndUser = 0x1 | 0x8;
    private const uint WithStamp = 0x1 | 0x2 | 0x40 | 0x80 | 0x100 | 0x200;
    private const int OwnerExecutes = 0x40;

    // Up to the year 2261: nanoseconds in 63 bits.
    private const long MostSeconds = 9_200_000_000;
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

    /// <summary>
    /// The stamp of a file; null if the path names none (a folder, a link, a device), or if the system or the file system does not report
    /// all of it. Only Linux does.
    /// </summary>
    public static FileStamp? FindStamp(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        byte* status = stackalloc byte[StatxBytes];
        if (Query(FromCurrentDirectory, path, NoFollow | FromServer, WithStamp, status) != 0) return null;
        if ((*(uint*)status & WithStamp) != WithStamp) return null;
        int kind = *(ushort*)(status + KindAt);
        if ((kind & KindMask) != Regular) return null;
        return Nanoseconds(status + ModifiedAt) is { } modified && Nanoseconds(status + ChangedAt) is { } changed
            ? new FileStamp(
                *(long*)(status + SizeAt), (kind & OwnerExecutes) != 0, modified, changed, *(ulong*)(status + NumberAt),
                *(ulong*)(status + DeviceAt))
            : null;
    }

    // Seconds, and nanoseconds behind them.
    private static long? Nanoseconds(byte* time) =>
        *(long*)time is > -MostSeconds and < MostSeconds and var seconds ? (seconds * 1_000_000_000) + *(uint*)(time + sizeof(long)) : null;

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
