using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>What follows from the messages about attempts. Owned by the writer loop.</summary>
internal sealed class AttemptEvents(EngineState state, AttemptSupervisor supervisor, JobTransitions transitions, TimeProvider time)
{
    // As Batch shows it.
    private const string TimeoutReason = "Job attempt duration exceeded timeout";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A node is about to run, and something must be done first.</summary>
    public void On(NodeStarting message)
    {
        if (supervisor.Find(message.JobId, message.Attempt) is null
            || state.Jobs[message.JobId] is not { State: JobState.Starting, Stop: null } job || job.StatusReason == message.Words) return;
        transitions.Put(job with { StatusReason = message.Words });
    }

    /// <summary>
    /// A node, or a container of its task, runs. The job runs as soon as its main node does, and its time counts from then.
    /// </summary>
    public void On(NodeStarted message)
    {
        if (supervisor.Find(message.JobId, message.Attempt) is not { } live)
        {
            // Its job was failed before it started. An engine that is stopping leaves it to the next one.
            if (!state.IsStopping) message.Running.Signal(StopSignal.Kill);
            return;
        }
        Job job = state.Jobs[message.JobId];
        bool isTask = job.Nodes[message.Node].Containers is not null;
        live.Add(message.Node, message.Container, message.Running,
            isTask ? TaskContainer.Of(job, message.Node)[message.Container].StopTimeout : null);
        if (isTask) job = job with { Nodes = job.Nodes.With(message.Node, node => supervisor.Tasks.Started(node, message.Container)) };
        // An adopted node has its time already.
        job = job with { Nodes = job.Nodes.With(message.Node, node => node with { StartedAt = node.StartedAt ?? Now }) };
        if (message.Node == job.Plan.MainNode && job.State is not JobState.Running)
        {
            job = job with
            {
                State = JobState.Running,
                StartedAt = Now,
                StatusReason = StartReason.Is(job.StatusReason) ? live.Note : job.StatusReason,
            };
            if (job.Plan.Timeout is { } limit) live.LimitTime(limit);
        }
        transitions.Put(supervisor.Tasks.Advance(job, message.Node, live));
    }

    /// <summary>A node, or a container of its task, has ended.</summary>
    public void On(NodeEnded message)
    {
        if (supervisor.Find(message.JobId, message.Attempt) is not { } live) return;
        live.Remove(message.Node, message.Container);
        Job job = state.Jobs[message.JobId];
        bool isTask = job.Nodes[message.Node].Containers is not null;
        job = job with
        {
            Nodes = job.Nodes.With(message.Node, node => isTask ? supervisor.Tasks.Ended(node, message) : Ended(node, message)),
        };
        After(supervisor.Tasks.Advance(job, message.Node, live), message.Node, live);
    }

    /// <summary>A container has waited long enough for another.</summary>
    public void On(TaskDue message)
    {
        if (supervisor.Find(message.JobId, message.Attempt) is not { } live) return;
        live.Checked(message.Node);
        After(supervisor.Tasks.Advance(state.Jobs[message.JobId], message.Node, live), message.Node, live);
    }

    // With the main node the others are stopped; with the last the attempt is over. (UG multi-node-parallel-jobs)
    private void After(Job job, int node, LiveAttempt live)
    {
        if (job.Nodes.All(one => one.HasEnded))
        {
            supervisor.Close(job);
            transitions.Put(AttemptEnd.Apply(job, Now));
            return;
        }
        if (job.Nodes[node].HasEnded && !state.Jobs[job.Id].Nodes[node].HasEnded) supervisor.ReleaseNode(job, node);
        transitions.Put(job);
        if (node == job.Plan.MainNode && job.Nodes[node].HasEnded) live.Stop(AttemptSupervisor.Grace);
    }

    /// <summary>An attempt has used its time up.</summary>
    public void On(TimedOut message)
    {
        // One that is being stopped already ends for that cause.
        if (supervisor.Find(message.JobId, message.Attempt) is not null && state.Jobs[message.JobId] is { Stop: null } job)
            Stop(job, TimeoutReason, AttemptSupervisor.Grace);
    }

    /// <summary>An attempt has used its grace up.</summary>
    public void On(KillDue message) => supervisor.Find(message.JobId, message.Attempt)?.Kill();

    /// <summary>Stops a starting or running job. The first reason stays, unless that only made room for another job.</summary>
    public void Stop(Job job, string reason, TimeSpan grace)
    {
        if (job.Stop is null or { IsPreemption: true }) transitions.Put(job with { Stop = new StopCause(reason) });
        supervisor.Stop(job, grace);
    }

    private NodeRun Ended(NodeRun node, NodeEnded message)
    {
        AttemptExit exit = message.Exit;
        return node with
        {
            StoppedAt = Now,
            ExitCode = exit.ExitCode,
            Reason = exit.Reason,
            Started = exit.Started,
            IsLost = node.IsLost || message.IsLost || state.IsLeaving,
        };
    }
}
