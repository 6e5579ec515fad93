namespace Refrag.Composition.Sweeps;

/// <summary>One job of a sweep.</summary>
/// <param name="Index">Its place in the sweep, from 0.</param>
/// <param name="Overrides">Its overrides, each with one value, in the order of the command line.</param>
public sealed record SweepJob(long Index, IReadOnlyList<string> Overrides)
{
    /// <inheritdoc/>
    public bool Equals(SweepJob? other) => other is not null && Index == other.Index && Overrides.SequenceEqual(other.Overrides);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Index, Overrides.Count);
}
