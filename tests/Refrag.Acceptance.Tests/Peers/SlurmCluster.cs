using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary>
/// A Slurm cluster of the tests' own: a controller and three nodes on this machine, one with four devices that stand for GPUs. Where Slurm
/// or root is absent, its tests are skipped; with REFRAG_REQUIRE_PEERS=1 they fail.
/// </summary>
public sealed class SlurmCluster : IAsyncLifetime
{
    private static readonly string s_script = Path.Combine(Repository.Root, "tests/slurm/cluster");
    // munged runs as a user of its own and must reach its socket, which it does not in the folder of other tests.
    private readonly string _folder = Directory.CreateTempSubdirectory("refrag-slurm").FullName;
    private string? _absent;

    /// <summary>The file that Slurm's commands take their cluster from.</summary>
    public string Configuration => Path.Combine(_folder, "slurm.conf");

    /// <summary>The folder that jobs have their folders in.</summary>
    public string Jobs => Path.Combine(_folder, "jobs");

    /// <summary>The program, with this cluster as its environment.</summary>
    public BuiltProgram Program() => new BuiltProgram { WorkingDirectory = _folder }
        .With("SLURM_CONF", Configuration).With("REFRAG_ENV", "slurm");

    /// <summary>The override that names the folder of jobs.</summary>
    public string Folder => $"env.folder={Jobs}";

    /// <summary>Runs one of Slurm's own commands.</summary>
    public async Task<string> SlurmAsync(params string[] words)
    {
        Finished ran = await BuiltProgram.FinishAsync(
            Program().StartProgram(words[0], words[1..]), TestContext.Current.CancellationToken);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return ran.Output;
    }

    public void SkipIfAbsent()
    {
        if (_absent is null) return;
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail(_absent);
        Assert.Skip(_absent);
    }

    public async ValueTask InitializeAsync()
    {
        string[] path = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin"];
        _absent = new[] { "slurmctld", "slurmd", "sbatch", "munged" }
            .Where(program => !path.Any(folder => File.Exists(Path.Combine(folder, program))))
            .Select(program => $"{program} is not on PATH; apt-get install slurmctld slurmd slurm-client munge").FirstOrDefault()
            ?? (Environment.UserName == "root" ? null : "only root can start a Slurm cluster.");
        if (_absent is not null) return;
        Finished started = await RunAsync("start", FreePorts().ToString(CultureInfo.InvariantCulture));
        if (started.ExitCode == 0) return;
        await RunAsync("stop");
        throw new InvalidOperationException($"The cluster did not start: {started}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_absent is null) await RunAsync("stop");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Finished> RunAsync(string what, params string[] more)
    {
        ProcessStartInfo start = new(s_script, [what, _folder, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        return await BuiltProgram.FinishAsync(Process.Start(start)!, CancellationToken.None);
    }

    // The first of six in a row that are free now.
    private static int FreePorts()
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int first = Random.Shared.Next(20_000, 30_000);
            if (Enumerable.Range(first, 6).All(IsFree)) return first;
        }
        throw new InvalidOperationException("There are no six free ports in a row.");
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
