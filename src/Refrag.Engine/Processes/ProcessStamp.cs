using System.Globalization;

namespace Refrag.Engine.Processes;

/// <summary>
/// A process for ever: its number, when the machine was started and when it was. A number alone is given again to another process.
/// </summary>
/// <param name="Pid">The number.</param>
/// <param name="Boot">Which run of the machine it belongs to; empty where the system does not tell.</param>
/// <param name="Start">When it started, as the system counts: on Linux clock ticks since the machine did (field 22 of /proc/PID/stat). Null where it does not tell.</param>
internal sealed record ProcessStamp(int Pid, string Boot, string? Start)
{
    // Counted from the state, the first field behind the program's name, which may hold spaces and parentheses itself. (proc_pid_stat(5))
    private const int StateAt = 0;
    private const int StartAt = 19;

    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Reads what the launcher wrote: the number, the machine's run, and the process's line in /proc, with spaces between.</summary>
    public static ProcessStamp? Parse(string text) =>
        text.TrimEnd('\n').Split(' ', 3) is [var number, var boot, var stat] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? new ProcessStamp(pid, boot, Field(stat, StartAt))
            : null;

    /// <summary>This process, for this run of the machine.</summary>
    public static ProcessStamp OfThis()
    {
        var own = new ProcessStamp(Environment.ProcessId, "", null);
        return own with { Start = own.Stat() is { } stat ? Field(stat, StartAt) : null };
    }

    /// <summary>Whether it belongs to this run of the machine: otherwise its number says nothing.</summary>
    public bool IsOfThisBoot() => Boot.Length == 0 || ThisBoot() is var now && (now.Length == 0 || now == Boot);

    /// <summary>Which run of the machine this is; empty where the system does not tell.</summary>
    public static string ThisBoot() => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    /// <summary>Whether this very process is there and not dead.</summary>
    public bool IsAlive()
    {
        if (!IsOfThisBoot()) return false;
        if (!OperatingSystem.IsLinux()) return LibC.Kill(Pid, 0) == 0;
        return Stat() is { } stat && Field(stat, StateAt) is not ("Z" or "X" or null) && (Start is null || Field(stat, StartAt) == Start);
    }

    /// <summary>
    /// Ends the processes of the group that this process led, where it is dead itself and they are not: somebody killed it alone. While the group has a member its
    /// number is not given again, so that a number that nobody else has now, in the same run of the machine, is still this group's.
    /// </summary>
    public void KillOrphans()
    {
        bool isAnothers = OperatingSystem.IsLinux() ? Stat() is { } stat && Field(stat, StartAt) != Start : LibC.Kill(Pid, 0) == 0;
        if (IsOfThisBoot() && !isAnothers) _ = LibC.Kill(-Pid, LibC.SigKill);
    }

    private string? Stat()
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Field(string stat, int index)
    {
        int end = stat.LastIndexOf(')');
        return end < 0 ? null : stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(index);
    }
}
