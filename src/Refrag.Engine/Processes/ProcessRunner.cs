using System.Globalization;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Processes;

/// <summary>
/// Runs attempts as child processes of this one, each in a session and process group of its own. Without a folder they end with this process, whatever ends it;
/// with one they go on, and the next runner with the same folder adopts them.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="folder">Where attempts that outlive the engine keep their files; null where they are not to. One runner at a time may have it.</param>
/// <param name="cgroups">Where control groups can be made; null to look.</param>
internal sealed class ProcessRunner(TimeProvider time, string? folder = null, CgroupHost? cgroups = null) : IRunner
{
    private readonly ChildWatch _children = new();
    private readonly OrphanGuard _guard = new();
    private readonly OomWatch _oom = new(time);
    private readonly CancellationTokenSource _leave = new();
    private readonly Lazy<CgroupHost> _cgroups = new(() => cgroups ?? CgroupHost.Find());

    /// <inheritdoc/>
    public RunnerReport Report => new()
    {
        Kind = RunnerKind.Process,
        Summary = "Jobs run as processes on this machine.",
        Survives = folder is not null,
        Notes = [.. _cgroups.Value.Notes, folder is null ? "Jobs end with refrag, however it ends." : "Jobs go on when the server ends, and the next one finds them again."],
    };

    /// <inheritdoc/>
    public async Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (SpawnRefusal.Of(start, out string path) is { } refused) return refused;
        Cgroup? cgroup = start.Limits is { } limits ? _cgroups.Value.Make(start.Identity?.Key ?? AnyName(), limits) : null;
        return folder is not null && start.Identity is { } identity
            ? StartDurable(new AttemptFolder(folder, identity), start, path, output, cgroup)
            : await StartBoundAsync(start, path, output, cgroup);
    }

    /// <inheritdoc/>
    public async Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken)
    {
        if (folder is null) return Adoption.NeverStarted;
        var attempt = new AttemptFolder(folder, identity);
        if (!attempt.Exists || attempt.TryPrevent()) return Adoption.NeverStarted;
        if (await StampAsync(attempt, cancellationToken) is not { } stamp) return Adoption.Gone;
        bool isKnown = attempt.ExitCode() is not null || stamp.IsAlive() || attempt.ExitCode() is not null;
        var adopted = DurableAttempt.Adopt(attempt, stamp, output, _oom.Recent(), _cgroups.Value.Find(identity.Key), time, _leave.Token);
        if (isKnown) return new Adoption(AdoptionState.Found, adopted);
        // What it printed is kept, and nothing of it is left running, before anybody tries again.
        await adopted.Exit.WaitAsync(cancellationToken);
        return Adoption.Gone;
    }

    /// <inheritdoc/>
    public Task ForgetAsync(AttemptIdentity identity, CancellationToken cancellationToken)
    {
        if (folder is not null) new AttemptFolder(folder, identity).Delete();
        _cgroups.Value.Find(identity.Key)?.Remove();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task SweepAsync(IReadOnlySet<AttemptIdentity> known, CancellationToken cancellationToken)
    {
        if (folder is null || !Directory.Exists(folder)) return;
        foreach (string left in Directory.EnumerateDirectories(folder).ToList())
        {
            var identity = new AttemptIdentity(Path.GetFileName(left));
            if (known.Contains(identity)) continue;
            Adoption found = await AdoptAsync(identity, DiscardedOutput.Instance, cancellationToken);
            found.Attempt?.Signal(StopSignal.Kill);
            if (found.Attempt is { } attempt) await attempt.Exit.WaitAsync(cancellationToken);
            await ForgetAsync(identity, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        _leave.Dispose();
        _children.Dispose();
        await _guard.DisposeAsync();
    }

    private IRunningAttempt StartDurable(AttemptFolder attempt, AttemptStart start, string path, IOutputSink output, Cgroup? cgroup)
    {
        attempt.Create();
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = LauncherScript.Shell,
            Arguments = LauncherScript.For(attempt.Path, cgroup?.Folders ?? [], path, start.Command, start.Environment),
            Environment = start.Environment,
            WorkingDirectory = start.WorkingDirectory,
        });
        if (error == 0) return DurableAttempt.Watch(attempt, pid, _children, output, _oom.Recent(), cgroup, time, _leave.Token);
        cgroup?.Remove();
        return SpawnRefusal.For(LauncherScript.Shell, error);
    }

    private async Task<IRunningAttempt> StartBoundAsync(AttemptStart start, string path, IOutputSink sink, Cgroup? cgroup)
    {
        OutputPipe[] pipes = [new(OutputSource.Out, sink, time), new(OutputSource.Error, sink, time)];
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = cgroup is null ? path : LauncherScript.Shell,
            Arguments = cgroup is null ? start.Command : LauncherScript.Joining(cgroup.Folders, path, start.Command, start.Environment),
            Environment = start.Environment,
            WorkingDirectory = start.WorkingDirectory,
            Output = pipes[0].ChildEnd,
            Error = pipes[1].ChildEnd,
        });
        foreach (OutputPipe pipe in pipes) pipe.CloseChildEnd();
        if (error == 0)
        {
            _guard.Add(pid);
            return new ProcessAttempt(pid, pipes, _children, _guard, _oom.Recent(), cgroup, time);
        }
        foreach (OutputPipe pipe in pipes) await pipe.DisposeAsync();
        cgroup?.Remove();
        return SpawnRefusal.For(path, error);
    }

    // The launcher's note may be some microseconds away.
    private async Task<ProcessStamp?> StampAsync(AttemptFolder attempt, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            if (attempt.Stamp() is { } stamp) return stamp;
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }
        return null;
    }

    private static string AnyName() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
}
