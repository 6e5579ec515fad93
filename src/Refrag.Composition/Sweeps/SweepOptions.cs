namespace Refrag.Composition.Sweeps;

/// <summary>The names of a group's options, for <c>glob(...)</c>.</summary>
/// <param name="group">The group, such as <c>db/engine</c>.</param>
/// <returns>The options' names, in the order in which they are swept; empty for a group that there is not.</returns>
public delegate IReadOnlyList<string> GroupOptions(string group);

/// <summary>How a sweep is split into jobs.</summary>
public sealed record SweepOptions
{
    /// <summary>The defaults: no groups, seed 0, a million jobs at most.</summary>
    public static SweepOptions Default { get; } = new();

    /// <summary>
    /// Gives the options that <c>glob(...)</c> chooses from; null if there are no groups, so that a glob is a problem.
    /// </summary>
    public GroupOptions? Groups { get; init; }

    /// <summary>Decides the order of shuffled sweeps; the same seed gives the same order. By default 0.</summary>
    public int ShuffleSeed { get; init; }

    /// <summary>The most jobs a sweep may have; more are a problem instead of a surprise. By default 1,000,000.</summary>
    public long MostJobs { get; init; } = 1_000_000;
}
