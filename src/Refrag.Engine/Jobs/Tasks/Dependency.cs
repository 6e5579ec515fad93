using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Plans;

namespace Refrag.Engine.Jobs.Tasks;

/// <summary>Whether a container may start. (API TaskContainerDependency)</summary>
internal static class Dependency
{
    /// <summary>What a container that waits can hope for.</summary>
    public static Outlook Check(IReadOnlyList<TaskContainer> plan, IReadOnlyList<ContainerRun> runs, int index, long now)
    {
        List<Outlook> all = [.. plan[index].DependsOn.Select(dependency => Check(plan, runs, dependency, now))];
        if (all.Find(one => one.Never is not null) is { } never) return never;
        List<Outlook> open = all.FindAll(one => !one.IsMet);
        return open.Count == 0 ? Outlook.Met : Outlook.Waits(open.Min(one => one.Until));
    }

    private static Outlook Check(
        IReadOnlyList<TaskContainer> plan, IReadOnlyList<ContainerRun> runs, TaskContainerDependency dependency, long now)
    {
        int other = plan.ToList().FindIndex(one => one.Name == dependency.ContainerName);
        if (other < 0) return new Outlook($"There is no container {dependency.ContainerName} to wait for");
        ContainerRun run = runs[other];
        if (IsMet(dependency.Condition, run)) return Outlook.Met;
        string name = plan[other].Name;
        if (run.HasEnded) return new Outlook($"The container {name}, which it waits for, {HowItEnded(run)}", run.IsLost);
        // It counts from the other's start, and only for its end. (ECS API ContainerDefinition.startTimeout)
        if (dependency.Condition == ContainerCondition.Start || plan[other].StartTimeout is not { } limit
            || run.StartedAt is not { } started)
            return Outlook.Waits(null);
        long until = started + (long)limit.TotalMilliseconds;
        return now < until
            ? Outlook.Waits(until)
            : new Outlook(
            string.Create(CultureInfo.InvariantCulture,
                $"The container {name}, which it waits for, did not end within its startTimeout of {limit.TotalSeconds} seconds"));
    }

    private static bool IsMet(string? condition, ContainerRun run) => condition switch
    {
        ContainerCondition.Start => run.StartedAt is not null,
        ContainerCondition.Complete => run is { HasEnded: true, Started: true, IsLost: false },
        ContainerCondition.Success => run is { HasEnded: true, Started: true, IsLost: false, ExitCode: 0 },
        _ => false,
    };

    private static string HowItEnded(ContainerRun run) => run switch
    {
        { IsLost: true } => "is lost",
        { Started: false } => "did not start",
        { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"ended with {code}"),
        _ => "ended",
    };
}

/// <summary>What a container that waits can hope for.</summary>
/// <param name="Never">Why it will never start; null if it may.</param>
/// <param name="IsLost">Whether that is because its host went away.</param>
internal sealed record Outlook(string? Never, bool IsLost = false)
{
    /// <summary>It may start.</summary>
    public static Outlook Met { get; } = new((string?)null) { IsMet = true };

    /// <summary>Whether it may start now.</summary>
    public bool IsMet { get; private init; }

    /// <summary>Until when it waits at the latest, in milliseconds since 1970; null for as long as it takes.</summary>
    public long? Until { get; private init; }

    /// <summary>It keeps waiting.</summary>
    public static Outlook Waits(long? until) => new((string?)null) { Until = until };
}
