using System.Globalization;

namespace Refrag.Runners.Processes;

/// <summary>
/// A process, indefinitely: its number, when the machine was started and when the process was. A number alone is given again to another
/// process.
/// </summary>
/// <param name="Pid">The number.</param>
/// <param name="Boot">Which run of the machine it belongs to; empty if the system does not report it.</param>
/// <param name="Start">When it started, as the system counts: on Linux clock ticks since the machine did (field 22 of /proc/PID/stat). Null
/// if it does not report it.</param>
internal sealed record ProcessStamp(int Pid, string Boot, string? Start)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>
    /// Reads what the launcher wrote: the number, the machine's run, and the process's line in /proc, with spaces between. Null if it is
    /// not that.
    /// </summary>
    public static ProcessStamp? Parse(string text) =>
        text.Split(' ', 3) is [var number, var boot, var stat]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid >= LibC.FirstOrdinaryPid
            ? new ProcessStamp(pid, boot, ProcessStat.Parse(stat)?.Start)
            : null;

    /// <summary>This process, for this run of the machine.</summary>
    public static ProcessStamp OfThis() => new(Environment.ProcessId, "", ProcessStat.Read(Environment.ProcessId)?.Start);

    /// <summary>Whether it belongs to this run of the machine: otherwise its number says nothing.</summary>
    public bool IsOfThisBoot() => Boot.Length == 0 || ThisBoot() is var now && (now.Length == 0 || now == Boot);

    /// <summary>Which run of the machine this is; empty if the system does not report it.</summary>
    public static string ThisBoot() => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    /// <summary>Whether this very process is there and not dead.</summary>
    public bool IsAlive()
    {
        if (!IsOfThisBoot()) return false;
        // Where its line cannot be read for want of file descriptors, that it takes signals has to do.
        if (!OperatingSystem.IsLinux() || !ProcessStat.TryRead(Pid, out ProcessStat? stat)) return LibC.Kill(Pid, 0) == 0;
        return stat is { IsDead: false } && (Start is null || stat.Start == Start);
    }

    /// <summary>
    /// Ends the processes of the group that this process led, if it is dead itself and they are not: something killed it alone. A number
    /// that no other process has now, in the same run of the machine, is still this group's (see <see cref="Group"/>).
    /// </summary>
    public void KillOrphans()
    {
        bool isAnothers = OperatingSystem.IsLinux() ? ProcessStat.Read(Pid) is { } stat && stat.Start != Start : LibC.Kill(Pid, 0) == 0;
        if (IsOfThisBoot() && !isAnothers) _ = LibC.Kill(-Pid, LibC.SigKill);
    }

    /// <summary>
    /// The processes of the group that this process leads or led, itself included. While the group has a member its number is not given
    /// again, so that a number that no other process has now, in the same run of the machine, is still this group's.
    /// </summary>
    public IReadOnlyList<int> Group()
    {
        if (!IsOfThisBoot() || ProcessStat.Read(Pid) is { } stat && stat.Start != Start) return [];
        return [.. ProcessStat.All().Where(one => one.Group == Pid && one.Session == Pid).Select(one => one.Pid)];
    }
}
