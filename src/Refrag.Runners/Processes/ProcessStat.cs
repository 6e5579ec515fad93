using System.Globalization;

namespace Refrag.Runners.Processes;

/// <summary>A process as its line in /proc shows it. (proc_pid_stat(5))</summary>
/// <param name="Pid">Its number.</param>
/// <param name="State">R, S, D, Z and so on.</param>
/// <param name="Group">The number of its process group.</param>
/// <param name="Session">The number of its session.</param>
/// <param name="Start">When it started, in clock ticks since the machine did.</param>
internal sealed record ProcessStat(int Pid, string State, int Group, int Session, string Start)
{
    // Counted from the state, the first field behind the program's name, which may hold spaces and parentheses itself.
    private const int GroupAt = 2;
    private const int SessionAt = 3;
    private const int StartAt = 19;

    private const int NoSuchProcess = 3;

    /// <summary>Whether it has ended and only waits to be collected.</summary>
    public bool IsDead => State is "Z" or "X";

    /// <summary>The process with a number; null if there is none, or if it cannot be read.</summary>
    public static ProcessStat? Read(int pid) => TryRead(pid, out ProcessStat? stat) ? stat : null;

    /// <summary>Reads the process with a number, null if there is none; false if that cannot be found out now.</summary>
    public static bool TryRead(int pid, out ProcessStat? stat)
    {
        stat = null;
        try
        {
            stat = Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: NoSuchProcess })
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>All processes that can be seen.</summary>
    public static IEnumerable<ProcessStat> All() =>
        Directory.Exists("/proc/self")
            ? Directory.EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                ? Read(pid)
                : null)
                .OfType<ProcessStat>()
            : [];

    /// <summary>Reads a line; null if it is not one.</summary>
    public static ProcessStat? Parse(string line)
    {
        int end = line.LastIndexOf(')');
        string[] fields = end < 0 ? [] : line[(end + 1)..].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartAt && Int(line.AsSpan(0, Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal)))) is { } pid
            && Int(fields[GroupAt]) is { } group && Int(fields[SessionAt]) is { } session
            ? new ProcessStat(pid, fields[0], group, session, fields[StartAt])
            : null;
    }

    private static int? Int(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}
