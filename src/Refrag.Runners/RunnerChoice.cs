using Refrag.Runners.Attempts;
using Refrag.Runners.Containers;
using Refrag.Runners.Processes;
using Refrag.Runners.Simulation;

namespace Refrag.Runners;

/// <summary>Chooses what runs jobs.</summary>
internal static class RunnerChoice
{
    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "process", "container", "simulated"];

    // Where nothing listens, that is known at once. An engine that listens and does not answer is on a busy machine, or starts by its
    // socket: given up too early, jobs that were meant for their images would run as processes.
    private static readonly TimeSpan s_timeIfOptional = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_timeIfAsked = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Makes the runner that was asked for. <c>auto</c> means containers where a container engine answers, and else processes. The runner's
    /// report says which, and why.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="settings">What a runner needs to know.</param>
    /// <param name="cancellationToken">Gives up looking.</param>
    /// <returns>The runner and what to say of it; or the problem, if there is no such name (RF4014) or no container engine answers
    /// (RF4015).</returns>
    public static async Task<Result<ChosenRunner>> MakeAsync(string name, RunnerSettings settings, CancellationToken cancellationToken)
    {
        if (name == "simulated") return Chosen(new SimulatedRunner(settings.Time), "as asked");
        if (name == "process") return Processes(settings, "as asked");
        if (name is not ("auto" or "container")) return Unknown(name);
        var (runner, tried) = await ContainersAsync(settings, name == "auto" ? s_timeIfOptional : s_timeIfAsked, cancellationToken);
        if (runner is not null) return Chosen(runner, name == "auto" ? "because it answers" : "as asked");
        return name == "auto" ? Processes(settings, $"because no container engine answers ({tried})") : NoEngine(tried);
    }

    private static async Task<(IRunner? Runner, string Tried)> ContainersAsync(
        RunnerSettings settings, TimeSpan time, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> sockets = DockerSocket.Candidates(settings.Variables);
        foreach (string socket in sockets.Where(File.Exists))
        {
            var docker = new DockerApi(socket, settings.Time);
            using var limit = new CancellationTokenSource(time, settings.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                DockerVersion version = await docker.VersionAsync(either.Token);
                string engine = version.Components?.Any(part => part.Name.StartsWith("Podman", StringComparison.Ordinal)) == true
                    ? "podman"
                    : "Docker";
                return (new ContainerRunner(docker, $"{engine} {version.Version} at {socket}", settings.Owner, settings.Time), socket);
            }
            catch (Exception e) when (e is DockerException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                docker.Dispose();
            }
        }
        return (null, sockets.Count > 0 ? "tried " + string.Join(", ", sockets) : "DOCKER_HOST names no Unix socket");
    }

    private static Result<ChosenRunner> Processes(RunnerSettings settings, string why) =>
        Chosen(new ProcessRunner(settings.Time, settings.AttemptFolder), why);

    private static Result<ChosenRunner> Chosen(IRunner runner, string why) =>
        new ChosenRunner(runner, runner.Report with { Summary = $"{runner.Report.Summary.TrimEnd('.')}, {why}." });

    private static Result<ChosenRunner> Unknown(string name) => new Problem
    {
        Code = "RF4014",
        What = $"--runner={name}: there is no such runner",
        Cure = $"Choose one of {string.Join(", ", Names)}.",
    };

    private static Result<ChosenRunner> NoEngine(string tried) => new Problem
    {
        Code = "RF4015",
        What = $"--runner=container: no container engine answers ({tried})",
        Cure = "Start Docker or `podman system service`, or set DOCKER_HOST=unix:///path/to/its.sock; or use --runner=process.",
    };
}

/// <summary>A runner, and what to say of it.</summary>
internal sealed record ChosenRunner(IRunner Runner, RunnerReport Report);

/// <summary>What runners need to know.</summary>
internal sealed record RunnerSettings
{
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>This process's variables: where the container engine may be.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Where processes that outlive the engine keep their files; null if they are not to.</summary>
    public string? AttemptFolder { get; init; }

    /// <summary>
    /// Which state the containers belong to: letters, digits, hyphens; the same after a restart and different for another state.
    /// </summary>
    public string Owner { get; init; } = "local";
}
