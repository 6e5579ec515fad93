namespace Refrag.Architecture.Tests;

/// <summary>Tests wait for conditions, with `Eventually`, and do not sleep.</summary>
public sealed class TestWaitTests
{
    // What waits by real time, with the reason.
    private static readonly Dictionary<string, string> s_sleepers = new(StringComparer.Ordinal)
    {
        ["Shared/Eventually.cs"] = "the pause between two looks at a condition",
        ["Refrag.Acceptance.Tests/Crash/CrashTests.cs"] = "the moments of requests and kills are drawn by chance",
    };

    // A fake that never answers, and clocks of the test on which a wait takes no time.
    private static readonly string[] s_takesNoTime = ["Timeout.Infinite", ", _time, ", ", run.Time, "];

    [Fact]
    public void Sleeping_InTests_IsInTheListedFilesAlone()
    {
        string tests = Path.Combine(Repository.Root, "tests");
        IEnumerable<string> sleepers = Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != nameof(TestWaitTests) + ".cs" && File.ReadLines(path).Any(Sleeps))
            .Select(path => Path.GetRelativePath(tests, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("Refrag.Server.Fuzz/", StringComparison.Ordinal));

        Assert.Equal(s_sleepers.Keys.Order(StringComparer.Ordinal), sleepers.Order(StringComparer.Ordinal));
    }

    private static bool Sleeps(string line) =>
        (line.Contains("Task.Delay(", StringComparison.Ordinal) || line.Contains("Thread.Sleep(", StringComparison.Ordinal))
        && !s_takesNoTime.Any(clock => line.Contains(clock, StringComparison.Ordinal));
}
