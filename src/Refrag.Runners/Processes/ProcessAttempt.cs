using System.Globalization;
using Refrag.Runners.Attempts;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Processes;

/// <summary>A child process with its process group and its output.</summary>
internal sealed class ProcessAttempt : IRunningAttempt
{
    // Processes of the group that outlive their leader and still write have this long; then they are killed, as a container's are at once.
    private static readonly TimeSpan TimeToDrain = TimeSpan.FromSeconds(2);

    // A process that left the group cannot be killed with it; its output is given up after this.
    private static readonly TimeSpan TimeAfterKill = TimeSpan.FromSeconds(1);

    private const int SignalBase = 128;
    private readonly Lock _lock = new();
    private readonly int _pid;
    private readonly IReadOnlyList<OutputPipe> _pipes;
    private readonly TimeProvider _time;
    private readonly OomCounter _oom;
    private readonly Cgroup? _cgroup;
    private readonly SampledAttempt? _usage;
    private bool _collected;
    private bool _killed;

    public ProcessAttempt(
        int pid, IReadOnlyList<OutputPipe> pipes, ChildWatch children, OrphanGuard guard, OomCounter oom, Cgroup? cgroup,
        SampledAttempt? usage, TimeProvider time)
    {
        (_pid, _pipes, _oom, _cgroup, _usage, _time) = (pid, pipes, oom, cgroup, usage, time);
        Exit = RunToEndAsync(children, guard);
    }

    /// <inheritdoc/>
    public Task<AttemptExit> Exit { get; }

    /// <inheritdoc/>
    public void Signal(StopSignal signal)
    {
        lock (_lock)
        {
            if (_collected) return;
            _killed |= signal is StopSignal.Kill;
            _ = LibC.Kill(-_pid, signal is StopSignal.Kill ? LibC.SigKill : LibC.SigTerm);
        }
    }

    private async Task<AttemptExit> RunToEndAsync(ChildWatch children, OrphanGuard guard)
    {
        using var giveUp = new CancellationTokenSource();
        Task output = Task.WhenAll(_pipes.Select(pipe => pipe.PumpAsync(giveUp.Token)));
        ChildStatus status = await children.WhenEnded(_pid);
        bool killedByUs = _killed;
        await WithinAsync(output, TimeToDrain);
        Signal(StopSignal.Kill);
        guard.Remove(_pid);
        EndedUse? used = Collect();
        _usage?.Finish(used);
        if (_cgroup is not null) await _cgroup.EndAsync(_time, CancellationToken.None);
        await WithinAsync(output, TimeAfterKill);
        await giveUp.CancelAsync();
        await output;
        foreach (OutputPipe pipe in _pipes) await pipe.DisposeAsync();
        AttemptExit exit = Describe(status, killedByUs);
        _cgroup?.Release();
        return exit;
    }

    private async Task WithinAsync(Task task, TimeSpan limit)
    {
        if (task.IsCompleted) return;
        using var stop = new CancellationTokenSource();
        await Task.WhenAny(task, Task.Delay(limit, _time, stop.Token));
        await stop.CancelAsync();
    }

    private EndedUse? Collect()
    {
        lock (_lock)
        {
            _collected = true;
            return ChildStatus.Collect(_pid);
        }
    }

    // The attempt's own group knows for certain; the machine's count is a strong hint.
    private bool WasOutOfMemory() => _cgroup is not null ? _cgroup.OomKills > 0 : OomCounter.Read().IsAbove(_oom);

    private AttemptExit Describe(ChildStatus status, bool killedByUs) => status switch
    {
        // A part of it was killed, and the program continued to its own end.
        { ExitCode: not (null or 0) and var code } when _cgroup?.OomKills > 0 => new AttemptExit(code, AttemptExit.OutOfMemory),
        { ExitCode: { } code } => new AttemptExit(code),
        { Signal: LibC.SigKill } when !killedByUs && WasOutOfMemory() =>
            new AttemptExit(SignalBase + LibC.SigKill, AttemptExit.OutOfMemory),
        { Signal: { } signal } =>
            new AttemptExit(SignalBase + signal, string.Create(CultureInfo.InvariantCulture, $"Killed by signal {signal}")),
        _ => new AttemptExit(null, "The exit code is not known: this process was started with SIGCHLD ignored"),
    };
}
