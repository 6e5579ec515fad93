using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Refrag.Server.Fuzz.Running;

/// <summary>One life of <c>refrag serve</c>.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;

    private ServedProcess(Process process, string log)
    {
        _process = process;
        _log = new StreamWriter(log, append: true) { AutoFlush = true };
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool IsAlive => !_process.HasExited;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Resident memory in MiB; 0 if it has ended.</summary>
    public int ResidentMiB => Status("VmRSS");

    /// <summary>The most resident memory so far, in MiB.</summary>
    public int PeakMiB => Status("VmHWM");

    /// <summary>Starts it and waits until it listens; null if it ends before.</summary>
    public static async Task<ServedProcess?> StartAsync(
        string program, string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program,
            ["serve", "--urls", "http://127.0.0.1:0", "--state", Path.Combine(folder, "state"), "--allow-any-credentials", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        var served = new ServedProcess(Process.Start(start)!, Path.Combine(folder, "log"));
        served._process.StandardInput.Close();
        if (await served._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line
            && line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
        {
            served.Address = new IPEndPoint(IPAddress.Loopback, new Uri(line[at..].Split(' ')[0]).Port);
            return served;
        }
        served.Dispose();
        return null;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        // Its folder is removed next.
        _process.WaitForExit();
        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    private void Write(string? line)
    {
        if (line is null) return;
        lock (_log) if (_log.BaseStream is { CanWrite: true }) _log.WriteLine(line);
    }

    private int Status(string name)
    {
        try
        {
            string line = File.ReadLines($"/proc/{Pid}/status").First(one => one.StartsWith(name, StringComparison.Ordinal));
            return int.Parse(
                line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
