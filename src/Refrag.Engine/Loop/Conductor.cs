using Refrag.Aws.Batch;
using Refrag.Engine.Dependencies;
using Refrag.Engine.Events;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Operations;
using Refrag.Engine.Placement;
using Refrag.Engine.QuotaShares;
using Refrag.Engine.ServiceJobs;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Loop;

/// <summary>Carries out what the rules decide: who goes on, who starts, what follows from an end. Owned by the writer loop.</summary>
internal sealed class Conductor(EngineState state, AttemptDesk desk, LogStore logs, Watchers watchers)
{
    /// <summary>The status reason of a job whose dependency failed. (as Batch shows it)</summary>
    public const string DependencyFailed = "Dependent Job failed";

    private readonly Queue<string> _ended = new();

    /// <summary>Records a job's new state, and tells its watchers once it is on disk.</summary>
    public void Put(Job job)
    {
        bool isNew = !state.Jobs.TryGet(job.Id, out Job? before);
        if (job.State is JobState.Runnable && job.RunnableSince is null) job = job with { RunnableSince = state.Now };
        // Noted first: whatever fails below, those that wait for this job must learn of its end.
        if (job.State.IsFinal() && before?.State.IsFinal() != true) _ended.Enqueue(job.Id);
        state.Put(job);
        bool isChanged = isNew || before!.State != job.State;
        if (isChanged && state.Options.Events is { IsWanted: true } events) Tell(events, before, job);
        if ((isChanged || before!.StatusReason != job.StatusReason) && watchers.News(job.Id, id => JobQueries.Describe(state, id)) is { } news)
            state.Outgoing.Then(news);
    }

    private void Tell(IEventSink events, Job? before, Job job)
    {
        DateTimeOffset now = state.Time.GetUtcNow();
        if (job.Plan.Kind is JobKind.Service)
        {
            foreach (BatchEvent happened in ServiceJobEvents.Of(before, job, now)) state.Outgoing.Then(() => events.Take(happened));
            return;
        }
        // A parent's counts are those of this moment; what else is told lies in the record, and need not be written out here.
        JobDetail? parent = job.IsArrayParent ? JobQueries.Describe(state, job.Id) : null;
        state.Outgoing.Then(() => events.Take(new JobStateChanged { Time = now, Job = parent ?? JobDetails.Describe(job, new Dictionary<JobState, int>()) }));
    }

    /// <summary>Ends a job that has not started.</summary>
    public void Fail(Job job, string reason) => Put(job with { State = JobState.Failed, StatusReason = reason, StoppedAt = state.Now });

    /// <summary>Runs a step for one job. An exception fails that job and is logged; it never reaches the caller.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="step">The step.</param>
    /// <param name="isPlaced">Whether the job has a place that its record does not show yet.</param>
    public void Guard(string jobId, Action step, bool isPlaced = false)
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
        Action[] steps = [() => desk.Kill(job), () => { if (isPlaced) desk.Close(job); }, () => Fail(job, new EngineFault(fault).Message)];
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

    /// <summary>Follows up until nothing more follows: dependents, parents of arrays, and the next to start.</summary>
    public void Settle()
    {
        do
        {
            while (_ended.TryDequeue(out string? id)) AfterEnd(id);
            if (!state.IsStopping && state.MayPlace) StartNext();
        }
        while (_ended.Count > 0);
    }

    /// <summary>Lets a pending job go on, or fail, as soon as its dependencies say so.</summary>
    public void Advance(Job job)
    {
        if (job.State is not JobState.Pending || job.IsArrayParent) return;
        // What is not known any more ended long ago, and well: its failure would have ended this job.
        DependencyAnswer answer = DependencyRule.Look(job.WaitsFor.Select(id => state.StateOf(id) ?? JobState.Succeeded));
        if (answer is DependencyAnswer.Go) Put(job with { State = JobState.Runnable });
        else if (answer is DependencyAnswer.Fail) Fail(job, DependencyFailed);
    }

    private void AfterEnd(string ended)
    {
        if (!state.Jobs.TryGet(ended, out Job? job)) return;
        foreach (string id in state.Jobs.Dependents(job))
        {
            if (state.Jobs.TryGet(id, out Job? dependent)) Guard(id, () => Advance(dependent));
        }
        if (job.ArrayId is { } arrayId) Guard(arrayId, () => UpdateParent(state.Jobs[arrayId]));
        else Guard(ended, () => AfterSubmission(job));
    }

    private void AfterSubmission(Job job)
    {
        logs.Close(job.Id);
        // A queue that is deleted goes with its last job.
        if (state.JobQueues.Find(job.Plan.Queue)?.Status is JQStatus.Deleting) Lifecycle.Finish(state);
    }

    /// <summary>Ends the parent of an array whose children have all ended.</summary>
    public void UpdateParent(Job parent)
    {
        if (parent.State.IsFinal()) return;
        IReadOnlyDictionary<JobState, int> children = state.Jobs.ChildStates(parent);
        JobState next = ArrayParent.State(children);
        if (!next.IsFinal()) return;
        string? reason = parent.StatusReason ?? (next is JobState.Failed ? ArrayParent.ChildFailed : null);
        Put(parent with { State = next, StatusReason = reason, StoppedAt = state.Now, ChildCounts = children.Where(pair => pair.Value > 0).ToDictionary() });
    }

    private void StartNext()
    {
        state.MayPlace = false;
        Decisions decided = state.Placement.Choose();
        foreach (var (id, reason) in decided.Canceled) Guard(id, () => Fail(state.Jobs[id] with { IsCancelled = true }, reason));
        foreach (string id in decided.Lost) Guard(id, () => Lose(state.Jobs[id]));
        foreach (var (id, cause, reason) in decided.Blocked) Guard(id, () => Block(id, cause, reason));
        foreach (var (id, reason) in decided.Preempted) Guard(id, () => Preempt(state.Jobs[id], reason));
        bool isPlaceFree = decided.Canceled.Count > 0;
        foreach (Placed placed in decided.Placed)
        {
            Guard(placed.Job.Id, () => Start(placed), isPlaced: true);
            isPlaceFree |= state.Jobs[placed.Job.Id].State.IsFinal();
        }
        // What starts changes nothing for those that wait; what is canceled or cannot start gives back what it held.
        state.MayPlace = isPlaceFree;
        // The others start in the next step, so that the requests between the two are answered.
        if (decided.HasMore) state.Post(new Progress(() => state.MayPlace = true));
    }

    private void Start(Placed placed)
    {
        if (placed.Job.Plan.Kind is JobKind.Service) Put(placed.Job with { State = JobState.Scheduled, ScheduledAt = placed.Job.ScheduledAt ?? state.Now });
        Put(desk.Start(placed));
    }

    // The instance is gone, and what ran on it with it; the attempt ends as lost, and the job's own rules decide.
    private void Lose(Job job)
    {
        if (job.State is not (JobState.Starting or JobState.Running)) return;
        Put(job with { Nodes = [.. job.Nodes.Select(node => node.HasEnded ? node : node with { IsLost = true })] });
        desk.Stop(job, TimeSpan.Zero);
    }

    private void Preempt(Job job, string reason)
    {
        Job stopping = job with { Stop = new StopCause(reason, IsPreemption: true), StatusReason = QuotaWords.InProgress(reason) };
        Put(stopping);
        if (state.Options.Events is { IsWanted: true } events)
        {
            BatchEvent started = ServiceJobEvents.Preempting(stopping, state.Time.GetUtcNow());
            state.Outgoing.Then(() => events.Take(started));
        }
        desk.Stop(job, AttemptDesk.Grace);
    }

    private void Block(string id, BlockedCause? cause, string? reason)
    {
        if (!state.Jobs.TryGet(id, out Job? job) || job.State is not JobState.Runnable || job.StatusReason == reason) return;
        Put(job with { StatusReason = reason });
        if (cause is null || state.Options.Events is not { IsWanted: true } events) return;
        var blocked = new JobQueueBlocked { Time = state.Time.GetUtcNow(), Job = JobDetails.Describe(state.Jobs[id], new Dictionary<JobState, int>()) };
        state.Outgoing.Then(() => events.Take(blocked));
    }
}
