namespace Refrag.Server.Fuzz.Running;

/// <summary>Both parts, and the sum.</summary>
internal static class FuzzRun
{
    // A clock that runs fast brings time limits, retries and retention into a run of a minute; the first part has real time, in which
    // timers are longest.
    private static readonly Dictionary<string, string[]> s_parts = new(StringComparer.Ordinal)
    {
        ["plain"] = ["--runner", "simulated"],
        ["fleet"] = ["--runner", "simulated", "--fleet", "--clock", "60"],
    };

    /// <summary>Runs, and gives the exit code: 0 if every check passed.</summary>
    public static async Task<int> RunAsync(FuzzOptions options, TextWriter output)
    {
        using var time = new CancellationTokenSource(options.Time, TimeProvider.System);
        string[] names = options.Only is { } only ? [only] : [.. s_parts.Keys];
        int passed = 0, failed = 0;
        foreach (string name in names)
        {
            output.WriteLine($"{name}: refrag serve {string.Join(' ', s_parts[name])}, seed {options.Seed}");
            var part = new FuzzPart(options, name, options.Requests / names.Length, s_parts[name], output);
            (int good, int bad) = await part.RunAsync(time.Token);
            (passed, failed) = (passed + good, failed + bad);
        }
        output.WriteLine($"fuzz: {passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
