using System.Diagnostics;
using System.Text;

namespace Refrag.Acceptance.Tests;

/// <summary>What a run of a program left behind.</summary>
public sealed record Finished(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Output}--- stderr\n{Error}";
}

/// <summary>Starts the program that was built, as a user would.</summary>
public sealed record BuiltProgram
{
    private readonly Dictionary<string, string?> _environment = new(StringComparer.Ordinal)
    {
        // Nothing of the machine's own AWS settings may leak in.
        ["AWS_PROFILE"] = null,
        ["REFRAG_ENV"] = null,
        ["REFRAG_RUNS"] = ScratchFolder.Make("runs"),
        // Nor a catalogue that its user has read.
        ["XDG_STATE_HOME"] = ScratchFolder.Make("state"),
        ["AWS_ACCESS_KEY_ID"] = null,
        ["AWS_SECRET_ACCESS_KEY"] = null,
        ["AWS_SESSION_TOKEN"] = null,
        ["AWS_REGION"] = null,
        ["AWS_DEFAULT_REGION"] = null,
        ["AWS_ENDPOINT_URL"] = null,
        ["AWS_ENDPOINT_URL_BATCH"] = null,
        ["AWS_CONFIG_FILE"] = "/nonexistent/config",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent/credentials",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["NO_COLOR"] = "1",
    };

    public string WorkingDirectory { get; init; } = Repository.Root;

    /// <summary>
    /// The program: what REFRAG names, such as a native build; by default the build for the .NET runtime beside the tests.
    /// </summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        Environment.GetEnvironmentVariable("REFRAG") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(AppContext.BaseDirectory, "Refrag.Cli"));

    /// <summary>Whether it is a native build, which needs nothing of the machine to load its own code.</summary>
    public static bool IsNative { get; } = !File.Exists(System.IO.Path.ChangeExtension(Path, ".dll"));

    /// <summary>The same with another variable; null removes it.</summary>
    public BuiltProgram With(string name, string? value)
    {
        _environment[name] = value;
        return this;
    }

    public Task<Finished> RunAsync(params string[] arguments) => FinishAsync(Start(arguments), TestContext.Current.CancellationToken);

    public Process Start(params string[] arguments) => StartProgram(Path, arguments);

    /// <summary>
    /// The same for a test that sends SIGINT: a shell starts what runs in its background with that signal ignored, and the program would
    /// inherit it.
    /// </summary>
    public Process StartInterruptible(params string[] arguments) => StartProgram("env", ["--default-signal=INT", Path, .. arguments]);

    public Process StartProgram(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string? value) in _environment)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static async Task<Finished> FinishAsync(Process process, CancellationToken cancellationToken)
    {
        using (process)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Eventually.ProgramLimit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return new Finished(process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }
}

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "refrag.slnx")) ? directory : Find(Path.GetDirectoryName(directory)!);
}
