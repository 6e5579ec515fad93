using System.Diagnostics;
using System.Runtime.CompilerServices;
using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.Runners;

/// <summary>
/// A second process of this program that starts one attempt in a folder and then does nothing but keep its log, until it is killed: what
/// cannot be tried in the test's own process.
/// </summary>
internal static class EngineProcess
{
    public const string Stream = "def/default/task";
    public const string Key = "task";
    private const string Variable = "REFRAG_TEST_ENGINE";
    private const string ScriptVariable = "REFRAG_TEST_SCRIPT";
    private const string BoundVariable = "REFRAG_TEST_BOUND";

    public static LogStore Logs(string folder) => new(100_000_000, Path.Combine(folder, "logs"));

    public static LogStream Log(LogStore logs)
    {
        logs.Open("job");
        return logs.Create(Stream, "job", 1);
    }

    public static ProcessRunner Runner(string folder) => new(TimeProvider.System, Path.Combine(folder, "attempts"));

    /// <summary>Starts it with a script to run; gives it when the attempt has been started.</summary>
    /// <param name="folder">Where it keeps its state.</param>
    /// <param name="script">What the attempt runs.</param>
    /// <param name="isBound">Whether the attempt ends with it; it then has a memory limit and so a control group.</param>
    public static async Task<Process> StartAsync(string folder, string script, bool isBound = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
        (start.Environment[Variable], start.Environment[ScriptVariable]) = (folder, script);
        start.Environment[BoundVariable] = isBound ? "yes" : "";
        Process process = Process.Start(start)!;
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon());
        return process;
    }

#pragma warning disable CA2255 // The test program is its own second process; it has no other way in before the runner's.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Enter()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder) return;
        RunAsync(folder, Environment.GetEnvironmentVariable(ScriptVariable)!).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task RunAsync(string folder, string script)
    {
        bool isBound = Environment.GetEnvironmentVariable(BoundVariable) == "yes";
        IRunningAttempt attempt = await Runner(folder).StartAsync(
            new AttemptStart
            {
                Command = ["/bin/sh", "-c", script],
                Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
                WorkingDirectory = "/",
                Identity = isBound ? null : new AttemptIdentity(Key),
                Limits = isBound ? new AttemptLimits(new VCpus(1), new MebiBytes(64)) : null,
            },
            Log(Logs(folder)),
            CancellationToken.None);
        Console.WriteLine("started");
        await attempt.Exit;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
