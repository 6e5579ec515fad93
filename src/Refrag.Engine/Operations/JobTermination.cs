using Refrag.Aws.Batch;
using Refrag.Engine.Attempts;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Operations;

/// <summary>CancelJob, TerminateJob, TerminateServiceJob, the end of a queue, and the end of everything.</summary>
internal sealed class JobTermination(
    EngineState state, JobTransitions transitions, JobGuard guard, AttemptEvents attempts, AttemptSupervisor supervisor)
{
    private const string EngineStopped = "The engine was stopped";

    /// <summary>Ends what has not started; what has started continues, and the answer is a success all the same. (UG job_states)</summary>
    public CancelJobResponse Cancel(CancelJobRequest request)
    {
        if (Find(request.JobId, JobKind.Job) is not { } named) return new CancelJobResponse();
        List<Job> cancelled = [.. Parts(named).Where(job => job.State.IsBeforeStart())];
        if (named.IsArrayParent && cancelled.Count > 0) transitions.Put(named with { IsCancelled = true, StatusReason = request.Reason });
        foreach (Job job in cancelled) transitions.Fail(job with { IsCancelled = true }, request.Reason);
        return new CancelJobResponse();
    }

    /// <summary>Ends a job in whatever state it is.</summary>
    public TerminateJobResponse Terminate(TerminateJobRequest request)
    {
        if (Find(request.JobId, JobKind.Job) is { } named) Terminate(named, request.Reason);
        return new TerminateJobResponse();
    }

    /// <summary>Ends a service job in whatever state it is.</summary>
    public TerminateServiceJobResponse Terminate(TerminateServiceJobRequest request)
    {
        if (Find(request.JobId, JobKind.Service) is { } named) Terminate(named, request.Reason);
        return new TerminateServiceJobResponse();
    }

    /// <summary>Ends a job, an array with all its children, or a child. One that has ended stays as it is.</summary>
    public void Terminate(Job named, string reason)
    {
        if (named.State.IsFinal()) return;
        if (named.IsArrayParent) transitions.Put(named with { IsTerminated = true, StatusReason = reason });
        foreach (Job job in Parts(named)) End(job with { IsTerminated = true }, reason, AttemptSupervisor.Grace);
    }

    /// <summary>Ends every job.</summary>
    public void StopAll(TimeSpan grace)
    {
        state.IsStopping = true;
        foreach (Job job in state.Jobs.Alive.Where(job => !job.IsArrayParent).ToList())
            guard.Run(job.Id, () => End(job, EngineStopped, grace));
    }

    /// <summary>
    /// Leaves the jobs to the next engine. What runs continues where the runner's attempts outlive the engine; elsewhere it is ended, and
    /// its attempt counts as lost.
    /// </summary>
    public void Leave(TimeSpan grace, bool runsOn)
    {
        state.IsStopping = true;
        state.IsLeaving = !runsOn;
        if (runsOn) supervisor.LetGo();
        else supervisor.StopAll(grace);
    }

    private void End(Job job, string reason, TimeSpan grace)
    {
        if (job.State.IsFinal()) return;
        if (job.State.IsBeforeStart()) transitions.Fail(job, reason);
        else attempts.Stop(job, reason, grace);
    }

    // An array's children stand for it: its own state follows from theirs.
    private IReadOnlyList<Job> Parts(Job named)
    {
        if (named.State.IsFinal()) return [];
        return named.IsArrayParent ? [.. state.Jobs.Children(named)] : [named];
    }

    // Null for an id that no job has: AWS answers it with a success. (aws-cli#2551 quotes the answer; of service jobs it is assumed)
    private Job? Find(string nameOrArn, JobKind kind)
    {
        string id = LocalArn.NameOf(nameOrArn);
        if (JobIds.Split(id).Node is not null) throw new Refusal($"{id} is a node. Name the whole job {JobIds.Split(id).JobId}.");
        return state.Find(id) is { } job && job.Plan.Kind == kind ? job : null;
    }
}
