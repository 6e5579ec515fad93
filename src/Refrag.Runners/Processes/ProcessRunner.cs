using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Processes;

/// <summary>
/// Runs attempts as child processes of this one, each in a session and process group of its own. Without a folder they end with this
/// process, whatever ends it; with one they continue, and the next runner with the same folder adopts them.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="folder">Where attempts that outlive the engine keep their files; null if they are not to. One runner at a time may have
/// it.</param>
/// <param name="cgroups">Where control groups can be made; null to look.</param>
internal sealed class ProcessRunner(TimeProvider time, string? folder = null, CgroupHost? cgroups = null) : IRunner
{
    private readonly ChildWatch _children = new();
    private OrphanGuard? _guard;
    private readonly OomWatch _oom = new(time);
    private readonly CancellationTokenSource _leave = new();
    private readonly Lazy<CgroupHost> _cgroups = new(() => cgroups ?? CgroupHost.Find());
    private readonly Lazy<string> _boot = new(ProcessStamp.ThisBoot);
    private readonly UsageSampler? _usage = UsageSampler.OfEngine();
    private readonly Lock _poolLock = new();
    private CgroupPool? _pool;

    /// <inheritdoc/>
    public RunnerReport Report => new()
    {
        Kind = RunnerKind.Process,
        Summary = "Jobs run as processes on this machine.",
        Survives = folder is not null,
        Notes = [.. _cgroups.Value.Notes,
            folder is null
                ? "Jobs end with refrag, however it ends."
                : "Jobs continue when the server ends, and the next one finds them again."],
    };

    /// <inheritdoc/>
    public Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return DelayedStart.RunAsync(() => StartOnceAsync(start, output), Shortage.Words, start.Delayed, time, start.Stopping);
    }

    /// <inheritdoc/>
    public IEnumerable<string> NotApplied(ContainerProperties container)
    {
        if (container.LinuxParameters?.SharedMemorySize is not null) yield return "shared memory";
        if (container.LinuxParameters?.Tmpfs is { Count: > 0 }) yield return "tmpfs";
        if (container.LinuxParameters?.Devices is { Count: > 0 }) yield return "devices";
        if (container.MountPoints is { Count: > 0 }) yield return "volumes";
        foreach (string limit in ProcessLimits.NotApplied(container.Ulimits)) yield return limit;
    }

    private async Task<IRunningAttempt> StartOnceAsync(AttemptStart start, IOutputSink output)
    {
        if (SpawnRefusal.Of(start, out string path) is { } refused) return refused;
        if (ProcessLimits.Words(start.Container?.Ulimits) is { Count: > 0 } limited)
        {
            if (SpawnRefusal.IsPlainText(path)) return SpawnRefusal.For(path, LibC.ExecFormatError);
            start = start with { Command = [.. limited, path, .. start.Command.Skip(1)] };
            path = limited[0];
        }
        if (folder is null || start.Identity is not { } identity)
            return await StartBoundAsync(start, path, output, start.Limits is { } limits ? Pool().Take(limits) : null);
        return StartDurable(new AttemptFolder(folder, identity), start, path, output);
    }

    /// <inheritdoc/>
    public Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken) => folder is null
        ? Task.FromResult(Adoption.NeverStarted)
        : DelayedStart.RunAsync(
        () => AdoptOnceAsync(folder, identity, output, cancellationToken), Shortage.Words, report: null, time, cancellationToken);

    private async Task<Adoption> AdoptOnceAsync(
        string folder, AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken)
    {
        var attempt = new AttemptFolder(folder, identity);
        if (!attempt.Exists || attempt.TryPrevent()) return Adoption.NeverStarted;
        if (!await HasStampAsync(attempt, cancellationToken)) return Adoption.Gone;
        ProcessStamp? launcher = attempt.Owner();
        bool isKnown = attempt.ExitCode() is not null || launcher?.IsAlive() is true || attempt.ExitCode() is not null;
        Cgroup? cgroup = _cgroups.Value.Find(GroupOf(identity.Key));
        SampledAttempt? usage = isKnown && launcher is not null ? Sample(launcher.Pid, cgroup, null, output, isAdopted: true) : null;
        var adopted = DurableAttempt.Adopt(attempt, launcher, output, _oom.Recent(), cgroup, usage, time, _leave.Token);
        if (isKnown) return new Adoption(AdoptionState.Found, adopted);
        // What it printed is kept, and nothing of it is left running, before another try.
        await adopted.Exit.WaitAsync(cancellationToken);
        return Adoption.Gone;
    }

    /// <inheritdoc/>
    public Task ForgetAsync(AttemptIdentity identity, CancellationToken cancellationToken)
    {
        if (folder is null) return Task.CompletedTask;
        // First the group: without the folder nothing would name it any more.
        _cgroups.Value.Find(GroupOf(identity.Key))?.Remove();
        new AttemptFolder(folder, identity).Delete();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task SweepAsync(IReadOnlySet<AttemptIdentity> known, CancellationToken cancellationToken)
    {
        if (folder is null || !Directory.Exists(folder)) return;
        foreach (string left in Directory.EnumerateDirectories(folder).ToList())
        {
            if (!AttemptIdentity.TryParse(Path.GetFileName(left), out AttemptIdentity? identity) || known.Contains(identity)) continue;
            Adoption found = await AdoptAsync(identity, DiscardedOutput.Instance, cancellationToken);
            found.Attempt?.Signal(StopSignal.Kill);
            if (found.Attempt is { } attempt) await attempt.Exit.WaitAsync(cancellationToken);
            await ForgetAsync(identity, cancellationToken);
        }
        await SweepGroupsAsync(known.Select(identity => GroupOf(identity.Key)).ToHashSet(), cancellationToken);
    }

    // What ends between the end of an attempt and its forgetting may leave a group without a folder.
    private async Task SweepGroupsAsync(HashSet<string> known, CancellationToken cancellationToken)
    {
        foreach (string name in _cgroups.Value.Names(GroupOf("")).Where(name => !known.Contains(name)))
        {
            if (_cgroups.Value.Find(name) is not { } left) continue;
            await left.EndAsync(time, cancellationToken);
            left.Remove();
        }
    }

    // By the folder itself and not its path: what a copy of it knows is not the copy's.
    private string GroupOf(string key) => $"at-{FileIdentity.Of(folder!)}-{key}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        _leave.Dispose();
        if (_usage is not null) await _usage.DisposeAsync();
        _children.Dispose();
        if (_guard is { } guard) await guard.DisposeAsync();
        if (_pool is { } pool) await pool.DisposeAsync();
    }

    private IRunningAttempt StartDurable(AttemptFolder attempt, AttemptStart start, string path, IOutputSink output)
    {
        if (SpawnRefusal.IsPlainText(path)) return SpawnRefusal.For(path, LibC.ExecFormatError);
        attempt.Create();
        // Found again by its name, and so no other attempt's.
        Cgroup? cgroup = start.Limits is { } limits ? _cgroups.Value.Make(GroupOf(start.Identity!.Key), limits) : null;
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = LauncherScript.Shell,
            Arguments = LauncherScript.For(attempt.Path, _boot.Value, cgroup?.Folders ?? [], path, start.Command, start.Environment),
            Environment = start.Environment,
            WorkingDirectory = start.WorkingDirectory,
        });
        if (error == 0)
        {
            SampledAttempt? usage = Sample(pid, cgroup, start, output);
            return DurableAttempt.Watch(attempt, pid, _children, output, _oom.Recent(), cgroup, usage, time, _leave.Token);
        }
        cgroup?.Release();
        attempt.UndoCreate();
        Shortage.ThrowIf(error);
        return SpawnRefusal.For(LauncherScript.Shell, error);
    }

    private async Task<IRunningAttempt> StartBoundAsync(AttemptStart start, string path, IOutputSink sink, Cgroup? cgroup)
    {
        OutputPipe[] pipes = [new(OutputSource.Out, sink, time), new(OutputSource.Error, sink, time)];
        var (pid, error) = SpawnIn(cgroup, new SpawnRequest
        {
            Path = path,
            Arguments = start.Command,
            Environment = start.Environment,
            WorkingDirectory = start.WorkingDirectory,
            Output = pipes[0].ChildEnd,
            Error = pipes[1].ChildEnd,
        });
        foreach (OutputPipe pipe in pipes) pipe.CloseChildEnd();
        if (error == 0)
        {
            OrphanGuard guard = Guard();
            guard.Add(pid);
            return new ProcessAttempt(
                pid, pipes, _children, guard, _oom.Recent(), cgroup, Sample(pid, cgroup, start, sink), time);
        }
        foreach (OutputPipe pipe in pipes) await pipe.DisposeAsync();
        cgroup?.Release();
        Shortage.ThrowIf(error);
        return SpawnRefusal.For(path, error);
    }

    // Which GPUs an attempt has is not known any more when it is adopted: none are asked for.
    private SampledAttempt? Sample(int pid, Cgroup? cgroup, AttemptStart? start, IOutputSink output, bool isAdopted = false) => _usage?.Add(
        new UsageSource
        {
            Root = pid,
            IsOwn = true,
            Group = cgroup?.Measures,
            IsFresh = cgroup?.IsFresh == true,
            IsAdopted = isAdopted,
            Folder = start?.WorkingDirectory,
            Gpus = start?.Gpus ?? [],
        },
        output.Report);

    // The launcher's note may be some microseconds away.
    private async Task<bool> HasStampAsync(AttemptFolder attempt, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            if (attempt.Stamp() is not null) return true;
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }
        return false;
    }

    // A program is in its group before its first instruction: what it starts in its first moment is there too.
    private static (int Pid, int Error) SpawnIn(Cgroup? cgroup, SpawnRequest request)
    {
        if (cgroup is null) return Spawner.Spawn(request);
        if (!cgroup.TryEnter())
        {
            if (SpawnRefusal.IsPlainText(request.Path)) return (0, LibC.ExecFormatError);
            return Spawner.Spawn(
                request with
                {
                    Path = LauncherScript.Shell,
                    Arguments = LauncherScript.Joining(cgroup.Folders, request.Path, request.Arguments, request.Environment),
                });
        }
        try
        {
            return Spawner.Spawn(request);
        }
        finally
        {
            cgroup.Leave();
        }
    }

    private CgroupPool Pool()
    {
        lock (_poolLock) return _pool ??= new CgroupPool(_cgroups.Value, time);
    }

    private OrphanGuard Guard()
    {
        lock (_poolLock) return _guard ??= new OrphanGuard(() => Pool().Prefixes);
    }
}
