using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Aws.Events;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Rules;
using Refrag.Engine.State;

namespace Refrag.Engine.Transitions;

/// <summary>
/// The one place where a job's state changes: the record, those who watch, the events, and who ended. Owned by the writer loop.
/// </summary>
internal sealed class JobTransitions(EngineState state, Watchers watchers)
{
    /// <summary>The status reason of a job whose dependency failed. (as Batch shows it)</summary>
    public const string DependencyFailed = "Dependent Job failed";

    /// <summary>The jobs that have ended, in that order, and whose end has had no effect yet.</summary>
    public Queue<string> Ended { get; } = new();

    /// <summary>Records a job's new state, and notifies its watchers once it is on disk.</summary>
    public void Put(Job job)
    {
        bool isNew = !state.Jobs.TryGet(job.Id, out Job? before);
        if (job.State is JobState.Runnable && job.RunnableSince is null) job = job with { RunnableSince = state.Now };
        // Noted first: whatever fails below, those that wait for this job must learn of its end.
        if (job.State.IsFinal() && before?.State.IsFinal() != true) Ended.Enqueue(job.Id);
        state.Put(job);
        bool isChanged = isNew || before!.State != job.State;
        if (isChanged && state.Options.Events is { IsWanted: true } events) Raise(events, before, job);
        if ((isChanged || before!.StatusReason != job.StatusReason) && watchers.News(job.Id, id => JobLookup.Find(state, id)) is { } news)
            state.Outgoing.Then(news);
    }

    /// <summary>Ends a job that has not started.</summary>
    public void Fail(Job job, string reason) => Put(job with { State = JobState.Failed, StatusReason = reason, StoppedAt = state.Now });

    /// <summary>Lets a pending job become runnable, or fail, as soon as its dependencies say so.</summary>
    public void Advance(Job job)
    {
        if (job.State is not JobState.Pending || job.IsArrayParent) return;
        // What is not known any more ended long ago, and well: its failure would have ended this job.
        DependencyAnswer answer = DependencyRule.Check(job.WaitsFor.Select(id => state.StateOf(id) ?? JobState.Succeeded));
        if (answer is DependencyAnswer.Go) Put(job with { State = JobState.Runnable });
        else if (answer is DependencyAnswer.Fail) Fail(job, DependencyFailed);
    }

    /// <summary>Ends the parent of an array whose children have all ended.</summary>
    public void UpdateParent(Job parent)
    {
        if (parent.State.IsFinal()) return;
        IReadOnlyDictionary<JobState, int> children = state.Jobs.ChildStates(parent).Counts;
        JobState next = ArrayParent.State(children);
        if (!next.IsFinal()) return;
        string? reason = parent.StatusReason ?? (next is JobState.Failed ? ArrayParent.ChildFailed : null);
        Dictionary<JobState, int> counts = children.Where(pair => pair.Value > 0).ToDictionary();
        Put(parent with { State = next, StatusReason = reason, StoppedAt = state.Now, ChildCounts = counts });
    }

    private void Raise(IEventSink events, Job? before, Job job)
    {
        DateTimeOffset now = state.Time.GetUtcNow();
        if (job.Plan.Kind is JobKind.Service)
        {
            foreach (BatchEvent happened in ServiceJobEvents.Of(before, job, now)) state.Outgoing.Then(() => events.Publish(happened));
            return;
        }
        // A parent's counts are those of this moment; everything else lies in the record, and need not be written out here.
        JobDetail? parent = job.IsArrayParent ? JobLookup.Find(state, job.Id) : null;
        state.Outgoing.Then(() =>
            events.Publish(new JobStateChanged { Time = now, Job = parent ?? JobDetails.Describe(job, ChildStates.None) }));
    }
}
