using System.Diagnostics;

namespace Refrag.Aws.Tests.Peers;

/// <summary>Real programs that tests compare with. A test is skipped where one is absent, or fails where REFRAG_REQUIRE_PEERS=1.</summary>
internal static class Peer
{
    // What AWS added to its models since the botocore that may be installed, so that boto3 has it too.
    private static readonly string s_models = Path.Combine(AppContext.BaseDirectory, "botocore");

    /// <summary>The full path of a program; skips the test if there is none.</summary>
    public static string Find(string program) => OnPath(program) ?? throw Absent($"{program} is not on PATH");

    /// <summary>Whether a program is on PATH.</summary>
    public static bool Has(string program) => OnPath(program) is not null;

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator).Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);

    /// <summary>What a Python program prints; skips the test where Python or one of the modules is absent.</summary>
    public static async Task<string> PythonAsync(string code, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find("python3"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Directory.Exists(s_models)) start.Environment["AWS_DATA_PATH"] = s_models;
        foreach (string argument in (string[])["-c", code, .. arguments]) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = Eventually.Stop();
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode == 0) return await output;
        string text = await errors;
        throw text.Contains("ModuleNotFoundError", StringComparison.Ordinal)
            ? Absent(text.Trim().Split('\n')[^1])
            : new InvalidOperationException(text);
    }

    private static InvalidOperationException Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1")
            return new InvalidOperationException($"A required peer is absent: {reason}.");
        Assert.Skip($"Compares with a program that is not here: {reason}.");
        return new InvalidOperationException(reason);
    }
}
