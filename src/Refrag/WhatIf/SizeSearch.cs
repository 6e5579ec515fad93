using System.Globalization;
using Refrag.Scheduling.Environments;

namespace Refrag.WhatIf;

/// <summary>
/// Finds the smallest maximum of an environment at which a figure is at most what is wanted. It takes for granted that a larger maximum
/// makes the figure no worse, and tries multiples of the vCPUs of the smallest instance type.
/// </summary>
/// <param name="Setting">The maximum.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Target">What it may be at most.</param>
public sealed record SizeSearch(Setting Setting, Figure Figure, double Target)
{
    /// <summary>The code of the problem that no maximum meets the target.</summary>
    public const string OutOfReachCode = "RF8158";

    // More than any account has; launches stop at what jobs need.
    private const int Unlimited = 1_000_000;

    /// <summary>Searches.</summary>
    /// <param name="experiment">The workload.</param>
    /// <param name="world">The world, whose own maximum does not matter.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Result<FoundSize> Find(Experiment experiment, World world, CancellationToken cancellationToken)
    {
        if (!Setting.Find(world).TryGet(out ComputeEnvironment? environment, out IReadOnlyList<Problem> problems)
            || !Try(experiment, world, Unlimited, cancellationToken).TryGet(out WorldResult? free, out problems))
            return Result<FoundSize>.Failure(problems);
        if (!IsMet(free)) return OutOfReach(free);
        int step = world.SmallestVCpus(environment);
        long peak = free.Runs.Max(run => run.PeakVCpus.GetValueOrDefault(environment.Name));
        // Multiples of the step: the last one is enough, and one below the minimum is not taken.
        (int low, int high) = (Math.Max(0, (environment.MinVCpus - 1) / step), (int)Math.Max(1, (peak + step - 1) / step));
        List<WorldResult> tried = [];
        WorldResult best = free;
        while (high - low > 1 && !cancellationToken.IsCancellationRequested)
        {
            int middle = low + ((high - low) / 2);
            if (!Try(experiment, world, middle * step, cancellationToken).TryGet(out WorldResult? result, out problems))
                return Result<FoundSize>.Failure(problems);
            tried.Add(result);
            if (IsMet(result)) (high, best) = (middle, result);
            else low = middle;
        }
        // What was in use without a limit may be too little with one: chance, or what a queue keeps free.
        for (; best == free && !cancellationToken.IsCancellationRequested; high *= 2)
        {
            if (!Try(experiment, world, high * step, cancellationToken).TryGet(out WorldResult? result, out problems))
                return Result<FoundSize>.Failure(problems);
            tried.Add(result);
            if (!IsMet(result)) continue;
            best = result;
            break;
        }
        return new FoundSize(Setting, Figure, Target, high * step, best, [.. tried.Append(best).DistinctBy(one => one.World.Name)]);
    }

    // What leaves jobs waiting forever is quick and cheap, and no answer.
    private bool IsMet(WorldResult result) => result.NeverStarted == 0 && result.Of(Figure)?.Mean <= Target;

    private Result<WorldResult> Try(Experiment experiment, World world, int vCpus, CancellationToken cancellationToken)
    {
        string value = vCpus.ToString(CultureInfo.InvariantCulture);
        return Setting.In(world, value).TryGet(out World? changed, out IReadOnlyList<Problem> problems)
            ? experiment.Run(changed with { Name = $"{world.Name} {Setting.Name}={value}" }, null, cancellationToken)
            : Result<WorldResult>.Failure(problems);
    }

    private Problem OutOfReach(WorldResult free) => new()
    {
        Code = OutOfReachCode,
        What = $"No {Setting.Name} of the world {free.World.Name.Split(' ')[0]} brings {Figure.Name} to {Figure.Text(Target)}: without a "
            + $"limit it is {Figure.Text(free.Of(Figure)?.Mean)}",
        Cure = "Give a target that is larger than the start of an instance, or change something else: min_vcpus, types, another "
            + "environment's maximum.",
    };
}

/// <summary>What a search has found.</summary>
/// <param name="Setting">The maximum.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Target">What it may be at most.</param>
/// <param name="VCpus">The smallest maximum that was found.</param>
/// <param name="Result">What the workload comes to with it.</param>
/// <param name="Tried">All maxima that were tried, in the order of the search.</param>
public sealed record FoundSize(
    Setting Setting, Figure Figure, double Target, int VCpus, WorldResult Result, IReadOnlyList<WorldResult> Tried);
