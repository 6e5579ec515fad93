using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;

namespace Refrag.Testing;

/// <summary>A podman service of its own, with an image made of this machine's own programs: nothing is fetched.</summary>
public sealed class Podman : IAsyncLifetime
{
    public const string Image = "localhost/refrag-test:1";
    private static readonly string[] s_programs =
        ["sh", "sleep", "cat", "head", "tail", "tr", "seq", "id", "touch", "env", "nproc", "df", "readlink", "kill", "true", "ls", "stat"];

    private const string Configuration = """
        [containers]
        default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
        log_driver = "k8s-file"
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """;

    private readonly TemporaryFolder _folder = new();
    private string? _absent;
    private string? _forbidden;
    private Process? _service;

    /// <summary>
    /// Its socket; skips the test where podman is absent, or fails it where REFRAG_REQUIRE_PEERS=1. A machine that lets no container start,
    /// being one itself, is no fault of podman's: there the test is skipped in any case.
    /// </summary>
    public string Socket
    {
        get
        {
            if (_forbidden is not null) Assert.Skip(_forbidden);
            if (_absent is null) return _folder.At("podman.sock");
            if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail(_absent);
            Assert.Skip(_absent);
            return "";
        }
    }

    public async ValueTask InitializeAsync()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        foreach (string program in new[] { "podman", "runc" })
        {
            if (!path.Any(folder => File.Exists(Path.Combine(folder, program))))
                _absent = $"{program} is not on PATH; apt-get install podman runc";
        }
        if (_absent is not null) return;
        await File.WriteAllTextAsync(_folder.At("containers.conf"), Configuration, CancellationToken.None);
        await MakeImageAsync();
        if (await RunAsync("run", "--rm", "--network", "none", Image, "true") != 0)
        {
            _forbidden = "podman cannot start a container on this machine.";
            return;
        }
        _service = Start("system", "service", "--time=0", "unix://" + _folder.At("podman.sock"));
        await Eventually.HoldsAsync(AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await RunAsync("rm", "--all", "--force", "--time", "0");
            _service.Kill();
            await _service.WaitForExitAsync(CancellationToken.None);
            _service.Dispose();
        }
        _folder.Dispose();
    }

    private async Task MakeImageAsync()
    {
        string script = $$"""
            set -e
            mkdir -p root/bin root/tmp root/proc root/dev root/sys root/etc
            echo root:x:0:0::/:/bin/sh >root/etc/passwd
            for p in {{string.Join(' ', s_programs)}}; do
              f=$(command -v $p) || continue
              [ -e "/usr/bin/$p" ] && f=/usr/bin/$p
              [ -e "$f" ] || continue
              cp -L "$f" root/bin/$p
              for l in $(ldd "$f" | sed -n 's/.*=> //; s/^[[:space:]]*\(\/[^ ]*\).*/\1/p'); do
                mkdir -p "root$(dirname "$l")"
                cp -L "$l" "root$l"
              done
            done
            tar -C root -cf image.tar .
            """;
        using Process made = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder.Path })!;
        await made.WaitForExitAsync(CancellationToken.None);
        await RunAsync("import", "--quiet", _folder.At("image.tar"), Image);
    }

    /// <summary>
    /// Skips the test where a container gets no network of its own with a port on this machine, as in many machines that are containers.
    /// </summary>
    public async Task DemandPortsAsync()
    {
        if (await RunAsync("run", "--rm", "--publish", "127.0.0.1::9", Image, "true") != 0)
            Assert.Skip("podman cannot give a container a port on this machine.");
    }

    /// <summary>Makes an image of a folder's content.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="image">The image's name.</param>
    /// <param name="instructions">Lines of a Dockerfile that say how it is run.</param>
    public async Task ImportAsync(string folder, string image, params string[] instructions)
    {
        string archive = _folder.At($"{Guid.NewGuid()}.tar");
        await TarFile.CreateFromDirectoryAsync(folder, archive, includeBaseDirectory: false, CancellationToken.None);
        Assert.Equal(0, await RunAsync(["import", "--quiet", .. instructions.Select(line => $"--change={line}"), archive, image]));
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "podman", ["--root", _folder.At("store"), "--runroot", _folder.At("run"), "--storage-driver", "vfs", .. arguments])
        {
            Environment = { ["CONTAINERS_CONF"] = _folder.At("containers.conf") },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // A whole answer: its socket takes connections before the service is ready.
    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.At("podman.sock")), CancellationToken.None);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync("GET /version HTTP/1.0\r\n\r\n"u8.ToArray(), CancellationToken.None);
            using var reader = new StreamReader(stream);
            return (await reader.ReadLineAsync(CancellationToken.None))?.Contains(" 200 ", StringComparison.Ordinal) ?? false;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
