using Refrag.Engine.Jobs.Plans;

namespace Refrag.Engine.Jobs.Tasks;

/// <summary>
/// The life of a task of several containers: who may start, who must stop, whose end is the task's. It knows no clock and no runner. (API
/// TaskContainerProperties; the ECS developer guide on container dependencies)
/// </summary>
internal static class TaskRule
{
    /// <summary>The reason of a container that had not started when its task was stopped.</summary>
    public const string Stopped = "The task was stopped before this container started";

    private const string Circle = "The containers of the task wait for each other";

    /// <summary>What follows from where the containers are.</summary>
    /// <param name="plan">The containers.</param>
    /// <param name="runs">Where each of them is.</param>
    /// <param name="decider">Whose end was the task's, where one has ended before.</param>
    /// <param name="isStopping">Whether the whole attempt is being stopped.</param>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    public static TaskStep Next(
        IReadOnlyList<TaskContainer> plan, IReadOnlyList<ContainerRun> runs, int? decider, bool isStopping, long now)
    {
        List<ContainerRun> next = [.. runs];
        List<int> starts = [];
        long? lookAt;
        bool isChanged;
        do
        {
            decider ??= Ended(plan, next);
            (isChanged, lookAt) = Pass(plan, next, starts, stops: isStopping || decider is not null, now);
        }
        while (isChanged);
        List<int> stop = isStopping || decider is not null
            ? [.. Alive(next).Where(index => !Alive(next).Any(other => DependsOn(plan, other, index)))]
            : [];
        return new TaskStep(next, starts, stop, decider, lookAt);
    }

    // One look at every container that waits. One that is given up here may be what another waits for, or end the task: then there is
    // another pass.
    private static (bool IsChanged, long? LookAt) Pass(
        IReadOnlyList<TaskContainer> plan, List<ContainerRun> runs, List<int> starts, bool stops, long now)
    {
        long? lookAt = null;
        bool isChanged = false;
        for (int index = 0; index < runs.Count; index++)
        {
            if (!runs[index].IsWaiting) continue;
            Outlook outlook = stops ? new Outlook(Stopped) : Dependency.Check(plan, runs, index, now);
            if (outlook.Never is { } reason)
            {
                runs[index] = runs[index] with { StoppedAt = now, Started = false, Reason = reason, IsLost = outlook.IsLost };
                isChanged = true;
            }
            else if (outlook.IsMet)
            {
                runs[index] = runs[index] with { LaunchedAt = now };
                starts.Add(index);
            }
            else if (outlook.Until is { } until) lookAt = Math.Min(lookAt ?? until, until);
        }
        if (isChanged || Alive(runs).Any() || !runs.Exists(run => run.IsWaiting)) return (isChanged, lookAt);
        // Registration refuses circles; one that a stored definition has must not wait forever.
        for (int index = 0; index < runs.Count; index++)
        {
            if (runs[index].IsWaiting) runs[index] = runs[index] with { StoppedAt = now, Started = false, Reason = Circle };
        }
        return (true, null);
    }

    private static int? Ended(IReadOnlyList<TaskContainer> plan, List<ContainerRun> runs)
    {
        for (int index = 0; index < runs.Count; index++)
        {
            if (plan[index].IsEssential && runs[index].HasEnded) return index;
        }
        return null;
    }

    private static IEnumerable<int> Alive(List<ContainerRun> runs) => Enumerable.Range(0, runs.Count).Where(index => runs[index].IsAlive);

    // What is started after another is stopped before it. (ECS API ContainerDependency)
    private static bool DependsOn(IReadOnlyList<TaskContainer> plan, int one, int other) =>
        one != other && plan[one].DependsOn.Any(dependency => dependency.ContainerName == plan[other].Name);
}
