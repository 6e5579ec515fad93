using System.Diagnostics;
using System.Text;

namespace Refrag.Testing;

/// <summary>A <c>moto_server</c> on a port of loopback that it chooses itself, without containers: jobs end inside SubmitJob.</summary>
internal sealed class MotoProcess : IAsyncDisposable
{
    private const string Announcement = " * Running on ";
    private readonly Process _process;

    private MotoProcess(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>Starts one; null if it is not on PATH.</summary>
    public static async Task<MotoProcess?> StartAsync()
    {
        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", "0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        var moto = new MotoProcess(process);
        moto.Endpoint = await moto.AddressAsync().Soon();
        using var http = new HttpClient { BaseAddress = moto.Endpoint };
        using var settings = new StringContent("""{"batch": {"use_docker": false}}""", Encoding.UTF8, "application/json");
        var config = new Uri("/moto-api/config", UriKind.Relative);
        using HttpResponseMessage answer = await http.PostAsync(config, settings, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return moto;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    // Werkzeug binds its socket before it prints the address, on standard error. What follows is read and dropped, so that its
    // pipes stay empty.
    private Task<Uri> AddressAsync()
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new StringBuilder();
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) address.TrySetException(new InvalidOperationException($"moto_server ended: {said}"));
            else if (text.StartsWith(Announcement, StringComparison.Ordinal)) address.TrySetResult(new Uri(text[Announcement.Length..]));
            else if (!address.Task.IsCompleted) said.AppendLine(text);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return address.Task;
    }
}
