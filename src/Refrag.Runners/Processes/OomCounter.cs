using System.Globalization;

namespace Refrag.Runners.Processes;

/// <summary>
/// How many processes Linux has killed for want of memory since it started. A process that got a SIGKILL which we did not send, while the
/// count rose, was very probably one of them; the kernel gives no certain answer without a control group of our own.
/// </summary>
internal readonly record struct OomCounter(long Kills)
{
    private const string Source = "/proc/vmstat";
    private const string Key = "oom_kill ";

    /// <summary>The count now; 0 if the system does not report it.</summary>
    public static OomCounter Read()
    {
        try
        {
            string? line = File.ReadLines(Source).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
            return new OomCounter(line is null ? 0 : long.Parse(line[Key.Length..], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>Whether it rose since <paramref name="before"/>.</summary>
    public bool IsAbove(OomCounter before) => Kills > before.Kills;
}
