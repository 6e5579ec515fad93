using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Refrag.Aws.Tests;

/// <summary>A moto server that a test class starts and ends.</summary>
public sealed class Moto : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private Process? _process;

    /// <summary>Where it listens; skips the test where moto is absent.</summary>
    public string Url
    {
        get
        {
            Peer.Find("moto_server");
            return field;
        }
        private set;
    } = "";

    public async ValueTask InitializeAsync()
    {
        if (!Peer.Has("moto_server")) return;
        int port = FreePort();
        Url = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", $"{port}"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>Makes a role in moto's account 123456789012.</summary>
    public async Task MakeRoleAsync(string name, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Url)
        {
            Content = new FormUrlEncodedContent([new("Action", "CreateRole"), new("Version", "2010-05-08"), new("RoleName", name), new("AssumeRolePolicyDocument", "{}")]),
        };
        // Moto learns from the credential's scope which service is meant, and checks nothing else of it.
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0");
        using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    // It is up when it takes its settings; without containers, jobs end inside SubmitJob.
    private async Task WaitAsync()
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            try
            {
                using var settings = new StringContent("""{"batch": {"use_docker": false}}""", Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await http.PostAsync($"{Url}/moto-api/config", settings, limit.Token);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (!_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
