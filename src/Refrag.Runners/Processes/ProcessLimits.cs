using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Runners.Processes;

/// <summary>
/// Limits of a process (ulimit). They are set by <c>prlimit</c> of util-linux, which then becomes the program: unlike a shell's
/// <c>ulimit</c>, it knows all of them, in the units of the system. No limit is above that of this process, which only root of the machine
/// itself could raise.
/// </summary>
internal static class ProcessLimits
{
    private const string OwnLimits = "/proc/self/limits";

    // In that file a name has 26 columns.
    private const int NameColumns = 26;
    private const long Unlimited = long.MaxValue;
    private static readonly string[] s_programs = ["/usr/bin/prlimit", "/bin/prlimit"];

    // Batch's names, which are those of prlimit's options, and what the system calls them. (API Ulimit.name)
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["core"] = "Max core file size",
        ["cpu"] = "Max cpu time",
        ["data"] = "Max data size",
        ["fsize"] = "Max file size",
        ["locks"] = "Max file locks",
        ["memlock"] = "Max locked memory",
        ["msgqueue"] = "Max msgqueue size",
        ["nice"] = "Max nice priority",
        ["nofile"] = "Max open files",
        ["nproc"] = "Max processes",
        ["rss"] = "Max resident set",
        ["rtprio"] = "Max realtime priority",
        ["rttime"] = "Max realtime timeout",
        ["sigpending"] = "Max pending signals",
        ["stack"] = "Max stack size",
    };

    // They stay while it runs: refrag sets none of its own.
    private static readonly Lazy<Dictionary<string, long>> s_own = new(Own);

    /// <summary>
    /// The words before a program that set them, the name of the one that does first; empty if there are none, or if they cannot be set.
    /// </summary>
    public static IReadOnlyList<string> Words(IReadOnlyList<Ulimit>? limits)
    {
        if (limits is not { Count: > 0 } || Program() is not { } program) return [];
        Dictionary<string, long> own = s_own.Value;
        string[] options = [.. limits.Where(one => own.ContainsKey(one.Name)).Select(one => Option(one, own[one.Name]))];
        return options.Length > 0 ? [program, .. options] : [];
    }

    /// <summary>What of them is not applied, in words.</summary>
    public static IEnumerable<string> NotApplied(IReadOnlyList<Ulimit>? limits)
    {
        if (limits is not { Count: > 0 }) return [];
        if (Program() is null) return ["ulimits, for there is no prlimit"];
        Dictionary<string, long> own = s_own.Value;
        return limits.Where(one => !own.TryGetValue(one.Name, out long most) || Value(one.HardLimit) > most).Select(one =>
            own.TryGetValue(one.Name, out long most)
                ? string.Create(CultureInfo.InvariantCulture, $"ulimit {one.Name} above this machine's {most}")
                : $"ulimit {one.Name}");
    }

    private static string? Program() => Array.Find(s_programs, File.Exists);

    private static string Option(Ulimit limit, long most) =>
        $"--{limit.Name}={Text(Math.Min(Value(limit.SoftLimit), most))}:{Text(Math.Min(Value(limit.HardLimit), most))}";

    // Docker reads -1 as no limit.
    private static long Value(int? limit) => limit is { } value and >= 0 ? value : Unlimited;

    private static string Text(long limit) => limit == Unlimited ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);

    // The hard limits of this process by Batch's names; none if the system does not say them.
    private static Dictionary<string, long> Own()
    {
        Dictionary<string, long> own = new(StringComparer.Ordinal);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(OwnLimits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return own;
        }
        foreach ((string name, string words) in s_names)
        {
            string? line = Array.Find(lines, one => one.StartsWith(words.PadRight(NameColumns), StringComparison.Ordinal));
            if (line?[NameColumns..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, string hard, ..]) continue;
            if (hard == "unlimited") own[name] = Unlimited;
            else if (long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out long most)) own[name] = most;
        }
        return own;
    }
}
