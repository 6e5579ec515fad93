using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary>
/// A Slurm cluster with a login node: an sshd of the tests' own on loopback ports, with keys of its own, for the user of the tests. Its
/// tests are skipped where OpenSSH's server is absent, as in the gate: they are run by hand.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class SlurmLoginNode : SlurmCluster
{
    private static readonly string? s_sshd = new[] { "/usr/sbin/sshd", "/usr/bin/sshd" }.FirstOrDefault(File.Exists);
    // Where the server's helper process is locked up.
    private const string Jail = "/run/sshd";
    private Process? _sshd;
    private bool _madeJail;

    /// <summary>The host whose login shell is the user's own.</summary>
    public const string Plain = "login1";

    /// <summary>The host whose login shell is csh, with login files that print a line.</summary>
    public const string Csh = "login2";

    /// <summary>A host that refuses connections.</summary>
    public const string Away = "login3";

    /// <summary>Whether there is a csh.</summary>
    public static bool HasCsh { get; } = File.Exists("/bin/csh") || File.Exists("/usr/bin/csh");

    /// <summary>The program on a machine without the cluster's configuration, which reaches the hosts by ssh.</summary>
    public BuiltProgram Outside() => Program()
        .With("SLURM_CONF", "/nonexistent/slurm.conf").With("PATH", $"{Place}/ssh:{Environment.GetEnvironmentVariable("PATH")}");

    /// <inheritdoc/>
    public override void SkipIfAbsent()
    {
        Assert.SkipWhen(s_sshd is null, "sshd is not in /usr/sbin; apt-get install openssh-server");
        base.SkipIfAbsent();
    }

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (s_sshd is null || !File.Exists(Configuration)) return;
        try
        {
            await StartServerAsync(s_sshd);
        }
        catch
        {
            // A fixture that fails to initialize is not disposed of.
            await DisposeAsync();
            throw;
        }
    }

    private async Task StartServerAsync(string program)
    {
        int port = FreePorts(3);
        string folder = Directory.CreateDirectory($"{Place}/ssh").FullName;
        foreach (string key in new[] { "host", "key" })
        {
            Finished made = await BuiltProgram.FinishAsync(
                Program().StartProgram("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{folder}/{key}"), CancellationToken.None);
            Assert.True(made.ExitCode == 0, made.ToString());
        }
        CancellationToken stop = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync($"{folder}/sshd_config", Server(folder, port), stop);
        await File.WriteAllTextAsync($"{folder}/ssh_config", Client(folder, port), stop);
        await File.WriteAllTextAsync($"{folder}/ssh", $"#!/bin/sh\nexec /usr/bin/ssh -F {folder}/ssh_config \"$@\"\n", stop);
        File.SetUnixFileMode($"{folder}/ssh", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _madeJail = !Directory.Exists(Jail);
        Directory.CreateDirectory(Jail);
        _sshd = Process.Start(new ProcessStartInfo(program, ["-D", "-E", $"{folder}/sshd.log", "-f", $"{folder}/sshd_config"])
        {
            UseShellExecute = false,
        })!;
        await Eventually.HoldsAsync(() => _sshd.HasExited || (IsOpen(port) && IsOpen(port + 1)), "sshd listens");
        Assert.False(_sshd.HasExited, File.ReadAllText($"{folder}/sshd.log"));
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_sshd is not null)
        {
            _sshd.Kill(entireProcessTree: true);
            _sshd.Dispose();
            _sshd = null;
        }
        if (_madeJail) Directory.Delete(Jail);
        _madeJail = false;
        await base.DisposeAsync();
    }

    private string Server(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $"""
        ListenAddress 127.0.0.1:{port}
        ListenAddress 127.0.0.1:{port + 1}
        HostKey {folder}/host
        AuthorizedKeysFile {folder}/key.pub
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        MaxStartups 100
        SetEnv SLURM_CONF={Configuration}
        Match LocalPort {port + 1}
          ForceCommand echo 'Welcome, all is well'; exec csh -f -c "$SSH_ORIGINAL_COMMAND"

        """);

    private static string Client(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $"""
        Host {Plain}
          Port {port}
        Host {Csh}
          Port {port + 1}
        Host {Away}
          Port {port + 2}
        Host *
          HostName 127.0.0.1
          User {Environment.UserName}
          IdentityFile {folder}/key
          IdentitiesOnly yes
          UserKnownHostsFile {folder}/known_hosts
          StrictHostKeyChecking accept-new

        """);

    private static bool IsOpen(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
