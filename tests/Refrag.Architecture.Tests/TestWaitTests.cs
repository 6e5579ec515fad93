using System.Text.RegularExpressions;

namespace Refrag.Architecture.Tests;

/// <summary>Tests wait for conditions, with `Eventually`, and do not sleep.</summary>
public sealed partial class TestWaitTests
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

    [Fact]
    public void Limits_OfWaitsInTests_AreThoseOfEventually()
    {
        string tests = Path.Combine(Repository.Root, "tests");
        IEnumerable<string> own = Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != nameof(TestWaitTests) + ".cs")
            .Where(path => !path.Contains("/Refrag.Server.Fuzz/", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Where(line => OwnLimit().IsMatch(line))
                .Select(line => $"{Path.GetRelativePath(tests, path)}: {line.Trim()}"));

        Assert.Empty(own);
    }

    [Theory]
    [InlineData("limit.CancelAfter(TimeSpan.FromSeconds(60));")]
    [InlineData("using var stop = new CancellationTokenSource(5000);")]
    [InlineData("process.WaitForExit(10_000)")]
    [InlineData("HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };")]
    public void OwnLimit_OfAWait_IsFound(string line) => Assert.Matches(OwnLimit(), line);

    [GeneratedRegex(@"\b(CancelAfter|CancellationTokenSource|WaitAsync|WaitForExit)\((TimeSpan\.From|[0-9])|HttpClient\b.*TimeSpan\.From",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnLimit();

    private static bool Sleeps(string line) =>
        (line.Contains("Task.Delay(", StringComparison.Ordinal) || line.Contains("Thread.Sleep(", StringComparison.Ordinal))
        && !s_takesNoTime.Any(clock => line.Contains(clock, StringComparison.Ordinal));
}
