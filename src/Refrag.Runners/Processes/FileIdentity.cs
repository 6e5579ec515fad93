using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.Runners.Processes;

/// <summary>
/// A file or folder itself, whatever its name: the device it is on and its number there. A copy has another identity, a renamed one keeps
/// its own.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Number">The number of the file on it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileIdentity(ulong Device, ulong Number)
{
    // struct statx (statx(2)), 256 bytes: the number at byte 32, the device's two halves at bytes 136 and 140.
    private const int AnswerLongs = 32;
    private const int NumberAt = 4;
    private const int DeviceAt = 17;

    /// <summary>The identity of a file, behind symbolic links; null if there is no such file or the system does not report it.</summary>
    public static unsafe FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            ulong* answer = stackalloc ulong[AnswerLongs];
            return LibC.StatX(LibC.FromCurrentDirectory, path, 0, LibC.WithFileNumber, (uint*)answer) == 0
                ? new FileIdentity(answer[DeviceAt], answer[NumberAt])
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return null;
        }
    }

    /// <summary>A name for it of letters, digits and one underscore.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device:x}_{Number:x}");
}
