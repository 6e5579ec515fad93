using Refrag.Engine.Attempts;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Engine.Store;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Loop;

/// <summary>Takes up the state that an earlier engine left.</summary>
internal sealed class Restart(
    EngineState state, Placements placements, AttemptSupervisor supervisor, JobTransitions transitions, JobGuard guard, LogStore logs)
{
    /// <summary>Puts the state back, looks for what still runs, and continues with the rest.</summary>
    public void Begin(StoredState stored)
    {
        if (stored.IsNew) Seeds.Plant(state);
        else state.Restore(stored);
        Lifecycle.Finish(state);
        foreach (Job job in stored.Jobs.Where(job => job.ArrayId is null)) logs.Open(job.Id);
        foreach (Job job in stored.Jobs.Where(job => job is { Plan.Fault: not null, IsArrayParent: false } && !job.State.IsFinal()))
            transitions.Fail(state.Jobs[job.Id] with { Nodes = [] }, job.Plan.Fault!);
        List<Job> placed = [.. stored.Jobs.Where(job => job.Plan.Fault is null && job.State is JobState.Starting or JobState.Running)];
        new ConsumableLedger(state).Recount(placed);
        foreach (Job job in stored.Jobs) guard.Run(job.Id, () => placements.OnJobChanged(state.Jobs[job.Id]));
        foreach (Job job in placed) guard.Run(job.Id, () => Adopt(job));
        if (!stored.IsNew) supervisor.Sweep(placed.Select(job => state.Jobs[job.Id]).Where(job => !job.State.IsFinal()));
        foreach (Job job
            in stored.Jobs.Where(job => job.State is JobState.Submitted or JobState.Pending && !state.Jobs[job.Id].State.IsFinal()))
            guard.Run(job.Id, () => Continue(job));
        foreach (var (job, fault) in stored.Damaged) Fail(job, fault);
    }

    private void Adopt(Job job)
    {
        Job adopted = supervisor.Adopt(job);
        if (!ReferenceEquals(adopted, job)) transitions.Put(adopted);
    }

    // Its record cannot be read, so that what it asked for is not known.
    private void Fail(Job job, Exception fault)
    {
        state.Report($"Job {job.Id} cannot be restored from its record and fails", fault);
        guard.Run(job.Id, () => transitions.Fail(job, JobRow.DamageReason(fault)));
    }

    // Between two commits a job may have been left one step behind what it waits for.
    private void Continue(Job job)
    {
        if (job.IsArrayParent) transitions.UpdateParent(job.State is JobState.Submitted ? job with { State = JobState.Pending } : job);
        else transitions.Advance(state.Jobs[job.Id] with { State = JobState.Pending });
    }
}
