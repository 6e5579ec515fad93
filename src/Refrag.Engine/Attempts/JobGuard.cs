using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Attempts;

/// <summary>Keeps a fault in the work on one job from reaching any other. Owned by the writer loop.</summary>
internal sealed class JobGuard(EngineState state, AttemptSupervisor supervisor, JobTransitions transitions)
{
    /// <summary>Runs a step for one job. An exception fails that job and is logged; it never reaches the caller.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="step">The step.</param>
    /// <param name="isPlaced">Whether the job has a place that its record does not show yet.</param>
    public void Run(string jobId, Action step, bool isPlaced = false)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // One job's fault must not end the jobs of all others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Break(jobId, e, isPlaced);
        }
    }

    /// <summary>Fails a job that an exception hit, ends what runs of it, and logs the exception.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="fault">The exception.</param>
    /// <param name="isPlaced">Whether the job has a place that its record does not show yet.</param>
    public void Break(string jobId, Exception fault, bool isPlaced = false)
    {
        state.Report($"Job {jobId} fails because of an internal error", fault);
        if (!state.Jobs.TryGet(jobId, out Job? job) || job.State.IsFinal()) return;
        isPlaced = isPlaced || job.State is JobState.Starting or JobState.Running || state.Placed.Contains(jobId);
        // Each for itself: what caused the fault may cause it again.
        Action[] steps = [() => supervisor.Kill(job), () => { if (isPlaced) supervisor.Close(job); },
            () => transitions.Fail(job, new EngineFault(fault).Message)];
        foreach (Action step in steps)
        {
            try
            {
                step();
            }
#pragma warning disable CA1031 // The other steps follow all the same.
            catch (Exception e)
#pragma warning restore CA1031
            {
                state.Report($"Job {jobId} could not be failed in order", e);
            }
        }
    }
}
