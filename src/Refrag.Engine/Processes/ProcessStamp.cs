using System.Globalization;

namespace Refrag.Engine.Processes;

/// <summary>
/// A process for ever: its number and when it started. A number alone is given again to another process; the two together are not while the machine runs.
/// </summary>
/// <param name="Pid">The number.</param>
/// <param name="Start">When it started, as the system counts: on Linux clock ticks since the machine did (field 22 of /proc/PID/stat). Null where it does not tell.</param>
internal sealed record ProcessStamp(int Pid, string? Start)
{
    // Counted from the state, the first field behind the program's name, which may hold spaces and parentheses itself. (proc_pid_stat(5))
    private const int StateAt = 0;
    private const int StartAt = 19;

    /// <summary>Reads what the launcher wrote: the number, a space, and the process's line in /proc.</summary>
    public static ProcessStamp? Parse(string text)
    {
        if (!text.EndsWith('\n')) return null;
        string[] parts = text.TrimEnd('\n').Split(' ', 2);
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? new ProcessStamp(pid, parts.Length > 1 ? Field(parts[1], StartAt) : null)
            : null;
    }

    /// <summary>Whether this very process is there and not dead.</summary>
    public bool IsAlive()
    {
        if (!OperatingSystem.IsLinux()) return LibC.Kill(Pid, 0) == 0;
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        return Field(stat, StateAt) is not ("Z" or "X" or null) && (Start is null || Field(stat, StartAt) == Start);
    }

    private static string? Field(string stat, int index)
    {
        int end = stat.LastIndexOf(')');
        return end < 0 ? null : stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(index);
    }
}
