using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.Runners.Usage;

/// <summary>What the kernel has counted of the children of this process. (getrusage(2))</summary>
internal static unsafe partial class ChildTimes
{
    private const int OfChildren = -1;
    private const int OfThread = 1;
    private const int NoHang = 1;

    // struct rusage on 64-bit Linux, in words: two times of two words each, the largest resident set in KiB, and 13 words more.
    private const int Words = 18;
    private const int LargestAt = 4;
    private const double MicrosecondsOfSecond = 1e6;
    private const long BytesOfKibi = 1024;

    // proc_pid_status(5): the peak of the resident set, as "VmHWM:    12345 kB".
    private const string PeakName = "VmHWM:";
    private const string PeakUnit = " kB";

    private static bool IsKnownForm => OperatingSystem.IsLinux() && IntPtr.Size == sizeof(long);

    /// <summary>Of those that have ended and were waited for; null if the system does not say it in this form.</summary>
    public static EndedUse? Read() => Read(OfChildren) is { } use ? WithoutOwnPeak(use) : null;

    /// <summary>The processor time of the calling thread; zero where the system does not say it.</summary>
    public static TimeSpan OfThisThread() => TimeSpan.FromSeconds(Read(OfThread)?.CpuSeconds ?? 0);

    private static EndedUse? Read(int who)
    {
        if (!IsKnownForm) return null;
        long* words = stackalloc long[Words];
        return GetUsage(who, words) == 0 ? Of(words) : null;
    }

    /// <summary>Collects a child that has ended, with what it and those that it waited for have used. (wait4(2))</summary>
    public static EndedUse? Collect(int pid)
    {
        // Enough for any system's form.
        long* words = stackalloc long[Words * 2];
        int status;
        return WaitFor(pid, &status, NoHang, words) == pid && IsKnownForm ? WithoutOwnPeak(Of(words)) : null;
    }

    // Until its exec a child has the memory of this process, and that counts in its peak: only what is above is its own.
    private static EndedUse WithoutOwnPeak(EndedUse use) => use.LargestBytes > OwnPeak() ? use : use with { LargestBytes = null };

    private static long? OwnPeak()
    {
        foreach (ReadOnlySpan<char> line in (KernelFile.Text("/proc/self/status") ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith(PeakName) && line.EndsWith(PeakUnit)
                && long.TryParse(line[PeakName.Length..^PeakUnit.Length], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture,
                    out long kibi)) return kibi * BytesOfKibi;
        }
        return null;
    }

    /// <summary>What is in a <c>struct rusage</c>.</summary>
    internal static EndedUse Of(long* words) => new(
        words[0] + words[2] + ((words[1] + words[3]) / MicrosecondsOfSecond), words[LargestAt] * BytesOfKibi);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);

    [LibraryImport("libc", EntryPoint = "wait4")]
    private static partial int WaitFor(int pid, int* status, int options, long* usage);
}
