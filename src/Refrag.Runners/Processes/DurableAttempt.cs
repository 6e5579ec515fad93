using System.Globalization;
using Refrag.Runners.Attempts;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Processes;

/// <summary>An attempt that outlives the engine: started by this one or by an earlier one.</summary>
internal sealed class DurableAttempt : IRunningAttempt
{
    private const int SignalBase = 128;
    private static readonly AttemptExit NotBegun = new(
        null, "CannotStartContainerError: RF4036 the launcher could not write to the attempt's folder. Check that its disk has room.",
        Started: false);

    // A reader sees a line this long after it was printed, or later where nothing was printed for a while.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(240);

    private readonly Lock _lock = new();
    private readonly AttemptFolder _folder;
    private readonly ProcessStamp? _launcher;
    private readonly IReadOnlyList<OutputTail> _tails;
    private readonly Cgroup? _cgroup;
    private readonly TimeProvider _time;
    private readonly OomCounter _oom;
    private readonly Task<ChildStatus>? _child;
    private readonly SampledAttempt? _usage;
    private bool _isOver;
    private bool _killed;

    private DurableAttempt(
        AttemptFolder folder, ProcessStamp? launcher, Task<ChildStatus>? child, IOutputSink output, OomCounter oom, Cgroup? cgroup,
        SampledAttempt? usage, TimeProvider time, CancellationToken leave)
    {
        (_folder, _launcher, _child, _oom, _cgroup, _usage, _time) = (folder, launcher, child, oom, cgroup, usage, time);
        _tails = [.. new[] { OutputSource.Out, OutputSource.Error }.Select(
            source => new OutputTail(folder.FileOf(source), source, output, time))];
        Exit = RunAsync(leave);
    }

    /// <inheritdoc/>
    public Task<AttemptExit> Exit { get; }

    /// <summary>Watches a launcher that is our child.</summary>
    public static DurableAttempt Watch(
        AttemptFolder folder, int pid, ChildWatch children, IOutputSink output, OomCounter oom, Cgroup? cgroup, SampledAttempt? usage,
        TimeProvider time, CancellationToken leave) =>
        new(folder, new ProcessStamp(pid, "", null), children.WhenEnded(pid), output, oom, cgroup, usage, time, leave);

    /// <summary>Watches a launcher that an earlier engine started; null if no process belongs to the folder any more.</summary>
    public static DurableAttempt Adopt(
        AttemptFolder folder, ProcessStamp? launcher, IOutputSink output, OomCounter oom, Cgroup? cgroup, SampledAttempt? usage,
        TimeProvider time, CancellationToken leave) =>
        new(folder, launcher, null, output, oom, cgroup, usage, time, leave);

    /// <inheritdoc/>
    public void Signal(StopSignal signal)
    {
        lock (_lock)
        {
            if (_isOver || _launcher is null || (_child is null && !_launcher.IsAlive())) return;
            _killed |= signal is StopSignal.Kill;
            _ = LibC.Kill(-_launcher.Pid, signal is StopSignal.Kill ? LibC.SigKill : LibC.SigTerm);
        }
    }

    private async Task<AttemptExit> RunAsync(CancellationToken leave)
    {
        await Task.Yield();
        try
        {
            await FollowAsync(leave);
        }
        catch (OperationCanceledException)
        {
            // The engine goes and the attempt stays; its end is not heard of here any more.
            await new TaskCompletionSource().Task;
        }
        ChildStatus? status = _child is null ? null : await _child;
        EndedUse? used = Collect();
        _usage?.Finish(used);
        if (_cgroup is not null) await _cgroup.EndAsync(_time, CancellationToken.None);
        foreach (OutputTail tail in _tails)
        {
            await tail.FinishAsync();
            tail.Dispose();
        }
        return Describe(status);
    }

    private async Task FollowAsync(CancellationToken leave)
    {
        TimeSpan wait = Shortest;
        while (!HasEnded())
        {
            bool any = false;
            foreach (OutputTail tail in _tails) any |= tail.Read();
            wait = any ? Shortest : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, Longest.Ticks));
            await WaitAsync(wait, leave);
        }
    }

    private bool HasEnded() =>
        _child is not null ? _child.IsCompleted : _folder.ExitCode() is not null || _launcher is null || !_launcher.IsAlive();

    private async Task WaitAsync(TimeSpan limit, CancellationToken leave)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave);
        Task delay = Task.Delay(limit, _time, stop.Token);
        await Task.WhenAny(delay, (Task?)_child ?? delay);
        await stop.CancelAsync();
        leave.ThrowIfCancellationRequested();
    }

    private EndedUse? Collect()
    {
        lock (_lock)
        {
            _isOver = true;
            if (_launcher is null) return null;
            if (_child is not null)
            {
                _ = LibC.Kill(-_launcher.Pid, LibC.SigKill);
                return ChildStatus.Collect(_launcher.Pid);
            }
            if (_folder.ExitCode() is null) _launcher.KillOrphans();
            return null;
        }
    }

    private AttemptExit Describe(ChildStatus? status)
    {
        if (_child is not null && _folder.Stamp() is null) return NotBegun;
        // A launcher that cannot write the code down ends with it itself.
        int? code = _folder.ExitCode() ?? status?.ExitCode;
        bool byMemory = _cgroup is not null
            ? code is not 0 && _cgroup.OomKills > 0
            : (code ?? SignalBase + status?.Signal) == SignalBase + LibC.SigKill && OomCounter.Read().IsAbove(_oom);
        if (byMemory && !_killed) return new AttemptExit(code ?? SignalBase + LibC.SigKill, AttemptExit.OutOfMemory);
        return (code ?? (_killed ? SignalBase + LibC.SigKill : null)) switch
        {
            null => new AttemptExit(
                null, "Host EC2 (instance localhost) terminated: the launcher of the program was killed, and the program with it."),
            > SignalBase and <= SignalBase + 64 and var number =>
                new AttemptExit(number, string.Create(CultureInfo.InvariantCulture, $"Killed by signal {number - SignalBase}")),
            var number => new AttemptExit(number),
        };
    }
}
