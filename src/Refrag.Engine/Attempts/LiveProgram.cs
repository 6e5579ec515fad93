using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>
/// A program that runs, and how far its stopping is. Times count from the attempt's beginning here. Owned by the writer loop.
/// </summary>
/// <param name="running">The program.</param>
/// <param name="own">How long it wants between SIGTERM and SIGKILL; null for the usual time.</param>
internal sealed class LiveProgram(IRunningAttempt running, TimeSpan? own)
{
    // Timers may fire a little early.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(20);
    private bool _isAsked;

    /// <summary>When it is killed; the largest value where it is not being stopped.</summary>
    public TimeSpan KillAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Whether it was killed.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>
    /// Asks it to stop. A second request can only shorten its time; where the grace is shorter than usual, it is a limit for every caller.
    /// </summary>
    public void Stop(TimeSpan now, TimeSpan grace)
    {
        if (!_isAsked) running.Signal(StopSignal.Terminate);
        _isAsked = true;
        TimeSpan mine = own ?? grace;
        TimeSpan due = now.Plus(grace < AttemptSupervisor.Grace && mine > grace ? grace : mine);
        if (due < KillAt) KillAt = due;
    }

    /// <summary>Kills it where its time is over.</summary>
    public void KillWhereDue(TimeSpan now)
    {
        if (!IsKilled && now.Plus(Tolerance) >= KillAt) Kill();
    }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        IsKilled = true;
        running.Signal(StopSignal.Kill);
    }
}
