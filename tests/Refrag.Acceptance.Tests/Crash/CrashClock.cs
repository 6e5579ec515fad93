using System.Globalization;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>
/// Clocks of servers that differ from one life to the next, by libfaketime. Timers go by the monotonic clock, which stays.
/// </summary>
internal static class CrashClock
{
    /// <summary>The shortest time limit that AWS Batch allows.</summary>
    public const int TimeLimitSeconds = 60;

    // A server that was away longer than a time limit, a clock that was set back, an hour's change, and a day.
    private static readonly TimeSpan[] s_jumps = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(TimeLimitSeconds + 10),
        TimeSpan.FromSeconds(-70), TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1)];

    private static readonly string? s_library = Find();

    /// <summary>Whether clocks can be set.</summary>
    public static bool IsAvailable => s_library is not null;

    /// <summary>A clock that is later than all before, so that every time limit is over.</summary>
    public static TimeSpan Last { get; } = TimeSpan.FromDays(1) + TimeSpan.FromHours(1);

    /// <summary>The clock of a life; the machine's own if clocks cannot be set.</summary>
    public static TimeSpan Next(Random chance) => s_jumps[chance.Next(s_jumps.Length)];

    /// <summary>Sets the clock of a program that is to be started.</summary>
    public static BuiltProgram Set(BuiltProgram program, TimeSpan clock) => s_library is null || clock == TimeSpan.Zero
        ? program
        : program.With("LD_PRELOAD", s_library)
            .With("FAKETIME", clock.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture))
            .With("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .With("DONT_FAKE_MONOTONIC", "1")
            .With("NO_FAKE_STAT", "1")
            // Without it every wait with a limit ends at once, and the server's timers spin.
            .With("FAKETIME_FORCE_MONOTONIC_FIX", "0");

    private static string? Find() => OperatingSystem.IsLinux()
        ? Directory.EnumerateDirectories("/usr/lib")
        .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;
}
