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
        else stored = state.Restore(stored);
        Try("What was under way could not be finished", () => Lifecycle.Finish(state));
        ForEach(stored.Jobs, job =>
        {
            if (job.ArrayId is null) logs.Open(job.Id);
            if (job is { Plan.Fault: { } fault, IsArrayParent: false }) transitions.Fail(job with { Nodes = [] }, fault);
        });
        List<Job> placed = [.. stored.Jobs.Where(job => job.State is JobState.Starting or JobState.Running)];
        Try("What is in use of consumable resources could not be counted", () => new ConsumableLedger(state).Recount(Living(placed)));
        ForEach(stored.Jobs, placements.OnJobChanged, evenEnded: true);
        ForEach(placed, Adopt);
        if (!stored.IsNew) Try(ProgramStarter.NotSwept, () => supervisor.Sweep(Living(placed)));
        // Before those that wait for them look at them.
        foreach (var (job, fault) in stored.Damaged) Fail(job, fault);
        ForEach(stored.Jobs.Where(job => job.State is JobState.Submitted or JobState.Pending), Continue);
    }

    // A job that a step has failed is no more of the next one's.
    private void ForEach(IEnumerable<Job> jobs, Action<Job> step, bool evenEnded = false)
    {
        foreach (Job job in jobs)
        {
            guard.Run(job.Id, () =>
            {
                if (state.Jobs.TryGet(job.Id, out Job? now) && (evenEnded || !now.State.IsFinal())) step(now);
            });
        }
    }

    private IEnumerable<Job> Living(IEnumerable<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            if (state.Jobs.TryGet(job.Id, out Job? now) && !now.State.IsFinal()) yield return now;
        }
    }

    // What concerns no single job, and must keep none from continuing.
    private void Try(string failure, Action step)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // A start that ended here would end at every later start too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            state.Report(failure, e);
        }
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
        else transitions.Advance(job with { State = JobState.Pending });
    }
}
