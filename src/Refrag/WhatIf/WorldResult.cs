using Refrag.Traces;

namespace Refrag.WhatIf;

/// <summary>What a workload came to in a world, over all seeds.</summary>
/// <param name="World">The world.</param>
/// <param name="Runs">The runs, one a seed; at least one.</param>
public sealed record WorldResult(World World, IReadOnlyList<RunResult> Runs)
{
    /// <summary>A figure over the seeds; null if it is not known.</summary>
    public Interval? Of(Figure figure) => Interval.Of([.. Runs.Select(figure.Of)]);

    /// <summary>A figure with its interval, for people; <c>?</c> if it is not known.</summary>
    public string TextOf(Figure figure) => Of(figure) switch
    {
        null => "?",
        { HalfWidth: > 0 and { } half } interval => $"{figure.Text(interval.Mean)} ±{figure.Text(half)}",
        { } interval => figure.Text(interval.Mean),
    };

    /// <summary>How many jobs never start, in the run where they are most.</summary>
    public int NeverStarted => Runs.Max(run => run.All.NeverStarted);

    /// <summary>Jobs that never start and that Batch calls blocked, of the first run that has some.</summary>
    public IReadOnlyList<StuckJob> Stuck => Runs.FirstOrDefault(run => run.Stuck.Count > 0)?.Stuck ?? [];
}

/// <summary>A workload in worlds, with as many seeds as chance asks for.</summary>
/// <param name="Make">The workload of a seed.</param>
/// <param name="IsGenerated">Whether another seed makes another workload.</param>
/// <param name="FirstSeed">The first seed.</param>
/// <param name="Seeds">How many seeds there are where chance has a part; at least 1.</param>
public sealed record Experiment(Func<ulong, Workload> Make, bool IsGenerated, ulong FirstSeed, int Seeds)
{
    private Workload? _first;

    /// <summary>The workload of the first seed.</summary>
    public Workload First => Of(FirstSeed);

    /// <summary>Runs it in a world: once if nothing in it depends on chance.</summary>
    /// <param name="world">The world.</param>
    /// <param name="each">Takes the times of each job of the first seed; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Result<WorldResult> Run(World world, Action<JobTimes>? each = null, CancellationToken cancellationToken = default)
    {
        int seeds = IsGenerated || world.HasChance ? Seeds : 1;
        List<RunResult> runs = [];
        for (int i = 0; i < seeds && !cancellationToken.IsCancellationRequested; i++)
        {
            ulong seed = FirstSeed + (ulong)i;
            if (!Simulation.Run(world, Of(seed), seed, i == 0 ? each : null, cancellationToken)
                .TryGet(out RunResult? run, out IReadOnlyList<Problem> problems)) return Result<WorldResult>.Failure(problems);
            runs.Add(run);
        }
        return new WorldResult(world, runs);
    }

    private Workload Of(ulong seed)
    {
        // Of generated ones the first is kept: all of them would not fit.
        if (IsGenerated && seed != FirstSeed) return Make(seed);
        return _first ??= Make(FirstSeed);
    }
}
