using Refrag.Engine.ConsumableResources;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Store;

namespace Refrag.Engine.Loop;

/// <summary>Takes up the state that an earlier engine left.</summary>
internal sealed class Restart(EngineState state, AttemptDesk desk, Conductor conductor, LogStore logs)
{
    /// <summary>Puts the state back, looks for what still runs, and goes on with the rest.</summary>
    public void Begin(StoredState stored)
    {
        if (stored.IsNew) Seeds.Plant(state);
        else state.Restore(stored);
        Lifecycle.Finish(state);
        foreach (Job job in stored.Jobs.Where(job => job.ArrayId is null)) logs.Open(job.Id);
        foreach (Job job in stored.Jobs.Where(job => job is { Plan.Fault: not null, IsArrayParent: false } && !job.State.IsFinal()))
            conductor.Fail(state.Jobs[job.Id] with { Nodes = [] }, job.Plan.Fault!);
        List<Job> placed = [.. stored.Jobs.Where(job => job.Plan.Fault is null && job.State is JobState.Starting or JobState.Running)];
        new ConsumableLedger(state).Recount(placed);
        List<Job> adopted = [.. placed.Select(Adopt)];
        if (!stored.IsNew) desk.Sweep(adopted);
        foreach (Job job in stored.Jobs.Where(job => job.State is JobState.Submitted or JobState.Pending && !state.Jobs[job.Id].State.IsFinal())) Continue(job);
    }

    private Job Adopt(Job job)
    {
        Job adopted = desk.Adopt(job);
        if (!ReferenceEquals(adopted, job)) conductor.Put(adopted);
        return adopted;
    }

    // Between two commits a job may have been left one step behind what it waits for.
    private void Continue(Job job)
    {
        if (job.IsArrayParent) conductor.UpdateParent(job.State is JobState.Submitted ? job with { State = JobState.Pending } : job);
        else conductor.Advance(state.Jobs[job.Id] with { State = JobState.Pending });
    }
}
