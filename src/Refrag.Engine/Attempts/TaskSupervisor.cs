using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Tasks;
using Refrag.Engine.State;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>
/// Carries out what <see cref="TaskRule"/> decides of a node's task: starts and stops its containers, and ends the node with the last.
/// Owned by the writer loop.
/// </summary>
internal sealed class TaskSupervisor(EngineState state, ProgramStarter starter, AttemptStarts starts)
{
    /// <summary>
    /// The job after what follows for the containers of a node; as it was where the node is no such task, or has ended. What starts does so
    /// after the commit.
    /// </summary>
    public Job Advance(Job job, int node, LiveAttempt live)
    {
        NodeRun run = job.Nodes[node];
        if (run is not { Containers: { } containers, HasEnded: false }) return job;
        bool isStopping = live.IsStopping || job.Stop is not null || run.IsLost;
        TaskStep step = TaskRule.Next(TaskContainer.Of(job, node), containers, run.Decider, isStopping, state.Now);
        run = run with { Containers = step.Runs, Decider = step.Decider };
        job = job with { Nodes = job.Nodes.With(node, _ => step.HasEnded ? Ended(run) : run) };
        foreach (int container in step.Start) Start(job, node, container);
        foreach (int container in step.Stop) live.Stop(node, container);
        if (step.LookAt is { } due) live.CheckAfter(node, SaturatingTime.Between(state.Now, due));
        return job;
    }

    /// <summary>Looks for the containers that were starting or running when an earlier engine ended.</summary>
    public void Adopt(Job job, int node)
    {
        IReadOnlyList<ContainerRun> containers = job.Nodes[node].Containers ?? [];
        for (int container = 0; container < containers.Count; container++)
        {
            if (!containers[container].IsAlive) continue;
            starter.Adopt(
                starts.Launched(job, node, container), starts.Of(job, node, container), job.Plan.Simulated is not null,
                containers[container].StartedAt is not null);
        }
    }

    /// <summary>The node with a container that runs.</summary>
    public NodeRun Started(NodeRun run, int container) =>
        run with { Containers = run.Containers!.With(container, one => one with { StartedAt = one.StartedAt ?? state.Now }) };

    /// <summary>The node with a container that has ended.</summary>
    public NodeRun Ended(NodeRun run, NodeEnded message)
    {
        AttemptExit exit = message.Exit;
        return run with
        {
            Containers = run.Containers!.With(message.Container, one => one with
            {
                StoppedAt = state.Now,
                ExitCode = exit.ExitCode,
                Reason = exit.Reason,
                Started = exit.Started,
                IsLost = message.IsLost || state.IsLeaving,
            }),
        };
    }

    private void Start(Job job, int node, int container)
    {
        LaunchedNode launched = starts.Launched(job, node, container);
        AttemptStart start = starts.Of(job, node, container);
        state.Outgoing.Then(() => starter.Start(launched, start, job.Plan.Simulated is not null));
    }

    // The task ends as the container did that ended it.
    private NodeRun Ended(NodeRun run)
    {
        ContainerRun decider = run.Containers![run.Decider ?? 0];
        return run with
        {
            StoppedAt = state.Now,
            ExitCode = decider.ExitCode,
            Reason = decider.Reason,
            Started = decider.Started,
            LogStream = decider.LogStream,
            IsLost = run.IsLost || decider.IsLost || state.IsLeaving,
        };
    }
}
