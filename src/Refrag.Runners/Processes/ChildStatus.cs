using System.Runtime.InteropServices;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="ExitCode">Its exit code; null if a signal ended it or another process has collected it.</param>
/// <param name="Signal">The signal that ended it; null if it ended by itself.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChildStatus(int? ExitCode, int? Signal)
{
    private const int ById = 1;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int ByExit = 1;

    // Offsets in siginfo_t, in ints: code is the third everywhere; Linux aligns what follows to eight bytes.
    private const int CodeAt = 2;
    private const int InfoLength = 64;
    private const int Interrupted = 4;

    private static int PidAt => OperatingSystem.IsMacOS() ? 3 : 4;

    private static int LeaveZombie => OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    /// <summary>
    /// Looks whether a child has ended, without collecting it: until <see cref="Collect"/> its process id cannot be given to another
    /// process, so that a signal to its group never hits a stranger. Null while it runs.
    /// </summary>
    public static unsafe ChildStatus? Peek(int pid)
    {
        int* info = stackalloc int[InfoLength];
        new Span<int>(info, InfoLength).Clear();
        int answer;
        do
        {
            answer = LibC.WaitId(ById, (uint)pid, info, Exited | NoHang | LeaveZombie);
        }
        while (answer != 0 && Marshal.GetLastPInvokeError() == Interrupted);
        // Whoever started us may have set the system to collect children at once; then their exit codes are lost.
        if (answer != 0) return new ChildStatus(null, null);
        if (info[PidAt] == 0) return null;
        int status = info[PidAt + 2];
        return info[CodeAt] == ByExit ? new ChildStatus(status, null) : new ChildStatus(null, status);
    }

    /// <summary>Collects a child that has ended, with what it has used; null if that is not known.</summary>
    public static EndedUse? Collect(int pid) => ChildTimes.Collect(pid);
}
