using Refrag.Aws.Batch;
using Refrag.Engine.Attempts;
using Refrag.Engine.Details;
using Refrag.Aws.Events;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Loop;

/// <summary>Carries out what the rules decide: which jobs continue, which start, and what follows from an end.</summary>
/// <remarks>Owned by the writer loop.</remarks>
internal sealed class Dispatch(
    EngineState state, Placements placements, AttemptSupervisor supervisor, JobTransitions transitions, JobGuard guard, LogStore logs)
{
    /// <summary>Follows up until nothing more follows: dependents, parents of arrays, and the next to start.</summary>
    public void Settle()
    {
        do
        {
            while (transitions.Ended.TryDequeue(out string? id)) AfterEnd(id);
            if (!state.IsStopping && state.MayPlace) StartNext();
        }
        while (transitions.Ended.Count > 0);
    }

    private void AfterEnd(string ended)
    {
        if (!state.Jobs.TryGet(ended, out Job? job)) return;
        foreach (string id in state.Jobs.Dependents(job))
        {
            if (state.Jobs.TryGet(id, out Job? dependent)) guard.Run(id, () => transitions.Advance(dependent));
        }
        if (job.ArrayId is { } arrayId) guard.Run(arrayId, () => transitions.UpdateParent(state.Jobs[arrayId]));
        else guard.Run(ended, () => AfterSubmission(job));
    }

    private void AfterSubmission(Job job)
    {
        logs.Close(job.Id);
        // A queue that is deleted goes with its last job.
        if (state.JobQueues.Find(job.Plan.Queue)?.Status is JQStatus.Deleting) Lifecycle.Finish(state);
    }

    private void StartNext()
    {
        state.MayPlace = false;
        Decisions decided = placements.Choose();
        foreach (var (id, reason) in decided.Canceled)
            guard.Run(id, () => transitions.Fail(state.Jobs[id] with { IsCancelled = true }, reason));
        foreach (string id in decided.Lost) guard.Run(id, () => Lose(state.Jobs[id]));
        foreach (var (id, cause, reason) in decided.Blocked) guard.Run(id, () => Block(id, cause, reason));
        foreach (var (id, reason) in decided.Preempted) guard.Run(id, () => Preempt(state.Jobs[id], reason));
        bool isPlaceFree = decided.Canceled.Count > 0;
        foreach (Placed placed in decided.Placed)
        {
            guard.Run(placed.Job.Id, () => Start(placed), isPlaced: true);
            isPlaceFree |= state.Jobs[placed.Job.Id].State.IsFinal();
        }
        // What starts changes nothing for those that wait; what is canceled or cannot start gives back what it held.
        state.MayPlace = isPlaceFree;
        // The others start in the next step, so that the requests between the two are answered.
        if (decided.HasMore) state.Later(() => state.MayPlace = true);
    }

    private void Start(Placed placed)
    {
        if (placed.Job is { Plan.Kind: JobKind.Service } job)
            transitions.Put(job with { State = JobState.Scheduled, ScheduledAt = job.ScheduledAt ?? state.Now });
        transitions.Put(supervisor.Start(placed));
    }

    // The instance is gone, and what ran on it with it; the attempt ends as lost, and the job's own rules decide.
    private void Lose(Job job)
    {
        if (job.State is not (JobState.Starting or JobState.Running)) return;
        transitions.Put(job with { Nodes = [.. job.Nodes.Select(node => node.HasEnded ? node : node with { IsLost = true })] });
        supervisor.Stop(job, TimeSpan.Zero);
    }

    private void Preempt(Job job, string reason)
    {
        Job stopping = job with { Stop = new StopCause(reason, IsPreemption: true), StatusReason = QuotaReasons.InProgress(reason) };
        transitions.Put(stopping);
        if (state.Options.Events is { IsWanted: true } events)
        {
            BatchEvent started = ServiceJobEvents.Preempting(stopping, state.Time.GetUtcNow());
            state.Outgoing.Then(() => events.Publish(started));
        }
        supervisor.Stop(job, AttemptSupervisor.Grace);
    }

    private void Block(string id, BlockedCause? cause, string? reason)
    {
        if (!state.Jobs.TryGet(id, out Job? job) || job.State is not JobState.Runnable || job.StatusReason == reason) return;
        transitions.Put(job with { StatusReason = reason });
        if (cause is null || state.Options.Events is not { IsWanted: true } events) return;
        JobDetail detail = JobDetails.Describe(state.Jobs[id], ChildStates.None);
        var blocked = new JobQueueBlocked { Time = state.Time.GetUtcNow(), Job = detail };
        state.Outgoing.Then(() => events.Publish(blocked));
    }
}
