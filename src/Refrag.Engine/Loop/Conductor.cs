using System.Globalization;
using Refrag.Engine.Dependencies;
using Refrag.Engine.Events;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Operations;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Loop;

/// <summary>Carries out what the rules decide: who goes on, who starts, what follows from an end. Owned by the writer loop.</summary>
internal sealed class Conductor(EngineState state, AttemptDesk desk, LogStore logs, Watchers watchers, TimeProvider time)
{
    /// <summary>The status reason of a job whose dependency failed. (as Batch shows it)</summary>
    public const string DependencyFailed = "Dependent Job failed";

    private readonly Queue<string> _ended = new();

    /// <summary>Records a job's new state and tells its watchers.</summary>
    public void Put(Job job)
    {
        bool isNew = !state.Jobs.TryGet(job.Id, out Job? before);
        state.Jobs.Put(job);
        if (state.Options.Events is { } events && (isNew || before!.State != job.State))
            events.Take(new JobStateChanged { Time = time.GetUtcNow(), Job = JobQueries.Describe(state, job.Id)! });
        if (isNew || before!.State != job.State || before.StatusReason != job.StatusReason) watchers.Tell(job.Id, id => JobQueries.Describe(state, id));
        if (job.State.IsFinal() && before?.State.IsFinal() != true) _ended.Enqueue(job.Id);
    }

    /// <summary>Ends a job that has not started.</summary>
    public void Fail(Job job, string reason) =>
        Put(job with { State = JobState.Failed, StatusReason = reason, StoppedAt = time.GetUtcNow().ToUnixTimeMilliseconds() });

    /// <summary>Follows up until nothing more follows: dependents, parents of arrays, and the next to start.</summary>
    public void Settle()
    {
        do
        {
            while (_ended.TryDequeue(out string? id)) AfterEnd(state.Jobs[id]);
            if (!state.IsStopping) StartNext();
        }
        while (_ended.Count > 0);
    }

    /// <summary>Lets a pending job go on, or fail, as soon as its dependencies say so.</summary>
    public void Advance(Job job)
    {
        if (job.State is not JobState.Pending || job.IsArrayParent) return;
        DependencyAnswer answer = DependencyRule.Look(job.WaitsFor.Select(id => state.Jobs[id].State));
        if (answer is DependencyAnswer.Go) Put(job with { State = JobState.Runnable });
        else if (answer is DependencyAnswer.Fail) Fail(job, DependencyFailed);
    }

    private void AfterEnd(Job job)
    {
        foreach (string id in state.Jobs.Dependents(job.Id)) Advance(state.Jobs[id]);
        if (job.ArrayId is { } arrayId) UpdateParent(state.Jobs[arrayId]);
        else logs.Close(job.Id);
    }

    private void UpdateParent(Job parent)
    {
        JobState next = ArrayParent.State(state.Jobs.ChildStates(parent.Id));
        if (!next.IsFinal() || parent.State.IsFinal()) return;
        string? reason = parent.StatusReason ?? (next is JobState.Failed ? ArrayParent.ChildFailed : null);
        Put(parent with { State = next, StatusReason = reason, StoppedAt = time.GetUtcNow().ToUnixTimeMilliseconds() });
    }

    private void StartNext()
    {
        List<Job> starting = [];
        foreach (Job job in state.Jobs.Runnable.Select(id => state.Jobs[id]))
        {
            AdmissionAnswer answer = state.Host.Look(job.Plan.Demand);
            if (answer is AdmissionAnswer.Wait) break;
            if (answer is AdmissionAnswer.WaitForGpus) continue;
            state.Host.Take(job.Id, job.Plan.Demand);
            starting.Add(job with { StatusReason = answer is AdmissionAnswer.StartAlone ? AloneText(job.Plan.Demand) : null });
        }
        foreach (Job job in starting) Put(desk.Start(job));
    }

    private string AloneText(Demand wanted) => string.Create(
        CultureInfo.InvariantCulture, $"The job asks for {wanted}; this machine has {state.Host.Capacity}. It runs alone.");
}
