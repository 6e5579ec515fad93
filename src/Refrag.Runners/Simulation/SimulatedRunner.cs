using Refrag.Runners.Attempts;

namespace Refrag.Runners.Simulation;

/// <summary>
/// Runs nothing: each attempt takes a time and ends with an exit code that the job names (<see cref="SimulatedPlan"/>), by the clock it is
/// given.
/// </summary>
internal sealed class SimulatedRunner(TimeProvider time) : IRunner
{
    /// <inheritdoc/>
    public RunnerReport Report { get; } = new()
    {
        Kind = RunnerKind.Simulated,
        Summary = "Jobs are simulated: nothing is run.",
        Notes = [$"A job takes {SimulatedPlan.Seconds} seconds and ends with {SimulatedPlan.ExitCodeName}, from its environment or its "
            + "parameters; 1 second and 0 where it does not say."],
    };

    /// <inheritdoc/>
    public Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SimulatedPlan plan = SimulatedPlan.Read(start, out string? wrong);
        return Task.FromResult<IRunningAttempt>(wrong is null
            ? new SimulatedAttempt(plan, output, time)
            : new EndedAttempt(new AttemptExit(null, $"CannotStartContainerError: {wrong}", Started: false)));
    }

    /// <inheritdoc/>
    public Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken) =>
        Task.FromResult(Adoption.NeverStarted);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A simulated attempt.</summary>
internal sealed class SimulatedAttempt : IRunningAttempt
{
    private const int SignalBase = 128;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<AttemptExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SimulatedPlan _plan;
    private readonly TimeProvider _time;
    private IDisposable? _timer;
    private bool _isStopping;

    public SimulatedAttempt(SimulatedPlan plan, IOutputSink output, TimeProvider time)
    {
        (_plan, _time) = (plan, time);
        if (plan.Output is { } text) output.Write(new OutputLine(time.GetUtcNow(), OutputSource.Out, text));
        output.Flush();
        EndAfter(plan.Duration, new AttemptExit(plan.ExitCode, plan.Reason));
    }

    /// <inheritdoc/>
    public Task<AttemptExit> Exit => _exit.Task;

    /// <inheritdoc/>
    public void Signal(StopSignal signal)
    {
        lock (_lock)
        {
            if (signal is StopSignal.Kill) EndAfter(TimeSpan.Zero, Killed(9));
            else if (!_isStopping)
            {
                _isStopping = true;
                EndAfter(_plan.StopTime, Killed(15));
            }
        }
    }

    private static AttemptExit Killed(int signal) => new(SignalBase + signal);

    private void EndAfter(TimeSpan duration, AttemptExit exit)
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            if (duration <= TimeSpan.Zero) _exit.TrySetResult(exit);
            else _timer = _time.RunAfter(duration, () => _exit.TrySetResult(exit));
        }
    }
}
