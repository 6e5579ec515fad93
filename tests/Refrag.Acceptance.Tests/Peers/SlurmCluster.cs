using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary>
/// A Slurm cluster of the tests' own: a controller and three nodes on this machine, one with four devices that stand for GPUs. Where Slurm
/// or root is absent, its tests are skipped; with REFRAG_REQUIRE_PEERS=1 they fail.
/// </summary>
public class SlurmCluster : IAsyncLifetime
{
    private static readonly string s_script = Path.Combine(Repository.Root, "tests/slurm/cluster");
    // munged runs as a user of its own and must reach its socket, which it does not in the folder of other tests.
    private readonly string _folder = Directory.CreateTempSubdirectory("refrag-slurm").FullName;

    /// <summary>The cluster's own folder, which is removed at the end.</summary>
    protected string Place => _folder;

    private readonly Dictionary<string, string> _limits = new(StringComparer.Ordinal);
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

    /// <summary>Runs refrag with a command line. Skips the test if there is no cluster.</summary>
    public Task<Finished> RunAsync(params string[] words)
    {
        SkipIfAbsent();
        return Program().RunAsync(words);
    }

    /// <summary>Submits a job, with overrides and words behind <c>--</c>; its id.</summary>
    public async Task<string> SubmitAsync(params string[] words)
    {
        Finished run = await RunAsync(["run", "--json", Folder, .. words]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return (string)JsonNode.Parse(run.Output)!["jobId"]!;
    }

    /// <summary>The job as <c>refrag job --json</c> prints it.</summary>
    public async Task<JsonNode> JobAsync(string id) => JsonNode.Parse((await RunAsync("job", "--json", Folder, id)).Output)!;

    /// <summary>Waits until a job has printed a text, by its files: a refrag for each look would keep the machine busy.</summary>
    public Task PrintsAsync(string id, string text) => Eventually.HoldsAsync(
        () => Directory.EnumerateFiles(Path.Combine(Jobs, id), "node-*.log", SearchOption.AllDirectories)
            .Any(log => File.ReadAllText(log).Contains(text, StringComparison.Ordinal)),
        $"job {id} prints {text}");

    /// <summary>Waits until a job has a state of Slurm's, by its number, and a reason if one is given.</summary>
    public Task HasStateAsync(string number, string state, string? reason = null) => Eventually.HoldsAsync(
        async () => await TrySlurmAsync("squeue", "-h", "-t", "all", "-j", number, "-o", "%T %r") is { } row
            && row.Trim().Split(' ', 2) is [var now, var why] && now == state && (reason ?? why) == why,
        $"{number} is {state}{(reason is null ? "" : $" for {reason}")}");

    /// <summary>Slurm's id of a job.</summary>
    public async Task<string> NumberAsync(string id) =>
        (await File.ReadAllTextAsync($"{Jobs}/{id}/slurm", TestContext.Current.CancellationToken)).Trim();

    /// <summary>Kills a node and all that it has started, as a power cut does, and lets Slurm know that it is down.</summary>
    public async Task KillNodeAsync(string node)
    {
        Finished killed = await ScriptAsync("kill-node", node);
        Assert.True(killed.ExitCode == 0, killed.ToString());
        // Slurm sees it by itself after SlurmdTimeout, 20 seconds here; this is what an administrator or a health check does.
        await SlurmAsync("scontrol", "update", $"nodename={node}", "state=down", "reason=power");
    }

    /// <summary>Starts a killed node again, and returns when it takes jobs.</summary>
    public async Task StartNodeAsync(string node)
    {
        Finished started = await ScriptAsync("start-node", node);
        Assert.True(started.ExitCode == 0, started.ToString());
    }

    /// <summary>Runs one of Slurm's own commands.</summary>
    public async Task<string> SlurmAsync(params string[] words)
    {
        Finished ran = await FinishAsync(words);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        return ran.Output;
    }

    /// <summary>What one of Slurm's own commands prints; null if it fails, for example while the controller is busy.</summary>
    public async Task<string?> TrySlurmAsync(params string[] words) =>
        await FinishAsync(words) is { ExitCode: 0 } ran ? ran.Output : null;

    private Task<Finished> FinishAsync(string[] words) => BuiltProgram.FinishAsync(
        Program().StartProgram(words[0], words[1..]), TestContext.Current.CancellationToken);

    /// <summary>Skips the test if there is no cluster, or fails it where all peers are required.</summary>
    public virtual void SkipIfAbsent()
    {
        if (_absent is null) return;
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail(_absent);
        Assert.Skip(_absent);
    }

    public virtual async ValueTask InitializeAsync()
    {
        string[] path = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin"];
        _absent = new[] { "slurmctld", "slurmd", "sbatch", "munged" }
            .Where(program => !path.Any(folder => File.Exists(Path.Combine(folder, program))))
            .Select(program => $"{program} is not on PATH; apt-get install slurmctld slurmd slurm-client munge").FirstOrDefault()
            ?? (Environment.UserName == "root" ? null : "only root can start a Slurm cluster.");
        if (_absent is not null) return;
        Finished started = await ScriptAsync("start", FreePorts().ToString(CultureInfo.InvariantCulture));
        if (started.ExitCode == 0) return;
        await ScriptAsync("stop");
        throw new InvalidOperationException($"The cluster did not start: {started}");
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_absent is null) await ScriptAsync("stop");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sets a limit of the cluster before it is started, as a variable of its script.</summary>
    protected void Limit(string name, int value) => _limits[name] = value.ToString(CultureInfo.InvariantCulture);

    private async Task<Finished> ScriptAsync(string what, params string[] more)
    {
        ProcessStartInfo start = new(s_script, [what, _folder, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in _limits) start.Environment[name] = value;
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        return await BuiltProgram.FinishAsync(Process.Start(start)!, CancellationToken.None);
    }

    /// <summary>The first of some ports in a row that are free now.</summary>
    /// <param name="count">How many: those of a cluster by default.</param>
    protected static int FreePorts(int count = 6)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int first = Random.Shared.Next(20_000, 30_000);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
        throw new InvalidOperationException("There are no free ports in a row.");
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

/// <summary>A cluster that forgets jobs two seconds after their end, and takes arrays of four children at most.</summary>
public sealed class SmallSlurmCluster : SlurmCluster
{
    public SmallSlurmCluster()
    {
        Limit("SLURM_MIN_JOB_AGE", 2);
        Limit("SLURM_MAX_ARRAY_SIZE", 4);
    }
}
