using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.Operations;

/// <summary>CancelJob, TerminateJob, and the end of everything.</summary>
internal sealed class Ending(EngineState state, Conductor conductor, AttemptEvents attempts)
{
    private const string EngineStopped = "The engine was stopped";

    /// <summary>Ends what has not started; what has goes on, and the answer is a success all the same. (UG job_states)</summary>
    public CancelJobResponse Cancel(CancelJobRequest request)
    {
        Job named = Find(request.JobId);
        List<Job> cancelled = [.. Parts(named).Where(job => job.State.IsBeforeStart())];
        if (named.IsArrayParent && cancelled.Count > 0) conductor.Put(named with { IsCancelled = true, StatusReason = request.Reason });
        foreach (Job job in cancelled) conductor.Fail(job with { IsCancelled = true }, request.Reason);
        return new CancelJobResponse();
    }

    /// <summary>Ends a job in whatever state it is.</summary>
    public TerminateJobResponse Terminate(TerminateJobRequest request)
    {
        Job named = Find(request.JobId);
        if (named.IsArrayParent && !named.State.IsFinal()) conductor.Put(named with { IsTerminated = true, StatusReason = request.Reason });
        foreach (Job job in Parts(named)) End(job with { IsTerminated = true }, request.Reason, AttemptDesk.Grace);
        return new TerminateJobResponse();
    }

    /// <summary>Ends every job.</summary>
    public void StopAll(TimeSpan grace)
    {
        state.IsStopping = true;
        foreach (Job job in state.Jobs.Alive.Where(job => !job.IsArrayParent)) End(job, EngineStopped, grace);
    }

    private void End(Job job, string reason, TimeSpan grace)
    {
        if (job.State.IsFinal()) return;
        if (job.State.IsBeforeStart()) conductor.Fail(job, reason);
        else attempts.Stop(job, reason, grace);
    }

    // An array's children stand for it: its own state follows from theirs.
    private IReadOnlyList<Job> Parts(Job named) => named.IsArrayParent ? [.. state.Jobs.Children(named)] : [named];

    private Job Find(string nameOrArn)
    {
        string id = LocalArn.NameOf(nameOrArn);
        if (JobIds.Split(id).Node is not null) throw new Refusal($"{id} is a node. Name the whole job {JobIds.Split(id).JobId}.");
        return state.Jobs.TryGet(id, out Job? job) ? job : throw new Refusal($"There is no job {id}.");
    }
}
