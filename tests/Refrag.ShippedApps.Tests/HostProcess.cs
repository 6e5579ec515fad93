using System.Diagnostics;

namespace Refrag.ShippedApps.Tests;

/// <summary>The test host as a real process.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private HostProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, Output), ReadAsync(process.StandardError, Error));
    }

    public LineLog Output { get; } = new();

    public LineLog Error { get; } = new();

    public int Id => _process.Id;

    public static HostProcess Start(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Refrag.Apps.TestHost");
        // A shell starts what runs in its background with SIGINT ignored, and the program would inherit it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory ?? AppContext.BaseDirectory,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL, to this process alone.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Another signal, such as TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The exit code, once all output was read.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        await _reading.Soon();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        // Its folder is removed next.
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, LineLog log)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line) await log.WriteLineAsync(line);
    }
}
