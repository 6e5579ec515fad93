namespace Refrag.Runners.Attempts;

/// <summary>What a runner found of an attempt that an earlier engine started, or meant to.</summary>
/// <param name="State">What it is.</param>
/// <param name="Attempt">
/// The attempt where it is <see cref="AdoptionState.Found"/>: it runs, or it has ended meanwhile and its exit and the rest of its output
/// come at once.
/// </param>
internal sealed record Adoption(AdoptionState State, IRunningAttempt? Attempt = null)
{
    /// <summary>There is no trace: it never began, and from now on it never will. It may be started, under the same identity.</summary>
    public static Adoption NeverStarted { get; } = new(AdoptionState.NeverStarted);

    /// <summary>It began, it is over, and how it ended is not known.</summary>
    public static Adoption Gone { get; } = new(AdoptionState.Gone);
}

/// <summary>What became of an attempt while no engine watched.</summary>
internal enum AdoptionState
{
    /// <summary>Its program never began and never will; it may be started again, under the same identity.</summary>
    NeverStarted,

    /// <summary>It runs, or its end is known.</summary>
    Found,

    /// <summary>It ran, and how it ended is not known: the machine was restarted, or everything was killed.</summary>
    Gone,
}
