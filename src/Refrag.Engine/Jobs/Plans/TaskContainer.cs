using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>One container of a task of several, after overrides.</summary>
internal sealed record TaskContainer
{
    private static readonly NodePlan s_nothing = EksPlanner.Node([], default);

    /// <summary>Its name, unique in the task.</summary>
    public required string Name { get; init; }

    /// <summary>What runs in it, and what that asks for.</summary>
    public required NodePlan Plan { get; init; }

    /// <summary>Whether its end is the task's.</summary>
    public bool IsEssential { get; init; } = true;

    /// <summary>What must have happened to others before it starts.</summary>
    public IReadOnlyList<TaskContainerDependency> DependsOn { get; init; } = [];

    /// <summary>How long after its own start others wait for its end; null if without limit.</summary>
    public TimeSpan? StartTimeout { get; init; }

    /// <summary>How long it has between SIGTERM and SIGKILL; null for the usual time.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>
    /// The containers of a node that is being run. Where the job can no longer be planned, because its definition was taken away by a
    /// foreign hand, they are nameless, so that what runs of them is still found and ended.
    /// </summary>
    public static IReadOnlyList<TaskContainer> Of(Job job, int node)
    {
        int count = job.Nodes[node].Containers?.Count ?? 0;
        IReadOnlyList<TaskContainer> planned = job.Plan.Nodes.ElementAtOrDefault(node)?.Containers ?? [];
        return planned.Count == count ? planned : [.. Enumerable.Repeat(new TaskContainer { Name = "", Plan = s_nothing }, count)];
    }
}
