using System.Diagnostics;
using System.Globalization;
using Refrag.Cli.Context;
using Refrag.Server.Access;

namespace Refrag.Cli.Commands.Serve;

/// <summary>
/// The page of <c>refrag dashboard</c> beside the server: a process of its own, and a client with the server's key as any other. It ends
/// with the server, also where that is killed, because its input ends then.
/// </summary>
/// <param name="context">What the command has at hand.</param>
/// <param name="address">Where the page listens, as the user wrote it.</param>
internal sealed class ServedPage(CliContext context, string address) : IAsyncDisposable
{
    /// <summary>Where it listens if no address is given.</summary>
    public const string UsualAddress = "http://127.0.0.1:9100";

    private const string Opened = "Open ";

    // It answers what it has begun, and a server is stopped soon.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private string _again = "";
    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private Task _relayed = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <summary>Starts it; false if it could not be started, which it has said itself.</summary>
    /// <param name="server">The server.</param>
    /// <param name="region">The region that it shows.</param>
    /// <param name="key">The key that it signs with.</param>
    /// <param name="stop">When this completes, it is not waited for any longer.</param>
    public async Task<bool> StartAsync(Uri server, string region, AccessKey key, Task stop)
    {
        ProcessStartInfo start = CurrentExecutable.Start(
        [
            "dashboard", "env=awsbatch", $"env.region={region}", $"env.endpoint_url={server.GetLeftPart(UriPartial.Authority)}",
            // Of a profile the keys would be others.
            "env.profile=null", "--url", address, "--end-with-input",
        ]);
        start.WorkingDirectory = context.WorkingDirectory;
        // With the place: without it the command would open the account of the shell's own credentials.
        _again = $"refrag dashboard env=awsbatch env.region={region} env.endpoint_url={server.GetLeftPart(UriPartial.Authority)}";
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach ((string name, string value) in ServerEnvironment.Variables(server.GetLeftPart(UriPartial.Authority), key, region))
            start.Environment[name] = value;
        start.Environment.Remove("AWS_PROFILE");
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        _relayed = Task.WhenAll(RelayAsync(_process.StandardOutput, TakeLine), RelayAsync(_process.StandardError, context.Terminal.Note));
        _ = WatchAsync(_process, stop);
        return await Task.WhenAny(_opened.Task, stop) == stop || await _opened.Task;
    }

    /// <summary>Ends it, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process) return;
        _isStopping = true;
        process.StandardInput.Close();
        using (var limit = new CancellationTokenSource(s_grace, TimeProvider.System))
        {
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        await _relayed;
        process.Dispose();
    }

    private void TakeLine(string line)
    {
        context.Terminal.Output(line);
        if (line.StartsWith(Opened, StringComparison.Ordinal)) _opened.TrySetResult(true);
    }

    private async Task WatchAsync(Process process, Task stop)
    {
        await process.WaitForExitAsync(CancellationToken.None);
        int code = process.ExitCode;
        await _relayed;
        // What kept it from starting, it has said.
        if (_opened.TrySetResult(false)) return;
        // Ctrl-C in a terminal ends both, in no order.
        if (await Task.WhenAny(stop, Task.Delay(s_grace, context.Time, CancellationToken.None)) == stop || _isStopping) return;
        context.Terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"The page has ended with {code}, and the server continues. Start it again, with the server's key, by `{_again}`."));
    }

    private static async Task RelayAsync(StreamReader from, Action<string> take)
    {
        while (await from.ReadLineAsync(CancellationToken.None) is { } line) take(line);
    }
}
