namespace Refrag.Runners.Attempts;

/// <summary>An attempt that never ran.</summary>
internal sealed class EndedAttempt(AttemptExit exit) : IRunningAttempt
{
    /// <inheritdoc/>
    public Task<AttemptExit> Exit { get; } = Task.FromResult(exit);

    /// <inheritdoc/>
    public void Signal(StopSignal signal)
    {
        // There is nothing to signal.
    }
}
