namespace Refrag.Composition.Overrides;

/// <summary>A value that stands for several.</summary>
public abstract record SweepValue : OverrideValue
{
    private protected SweepValue() { }

    /// <summary>The tags given by <c>tag(...)</c>: in ordinal order, none twice.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc/>
    public virtual bool Equals(SweepValue? other) => base.Equals(other) && Tags.SequenceEqual(other.Tags);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Contents.Hash(Tags));
}

/// <summary><c>a,b,c</c> or <c>choice(a,b,c)</c>.</summary>
/// <param name="Items">The choices in order.</param>
/// <param name="IsSimple">Whether it was written without <c>choice</c>.</param>
public sealed record ChoiceSweep(IReadOnlyList<OverrideValue> Items, bool IsSimple) : SweepValue
{
    /// <summary>Whether the choices are taken in shuffled order.</summary>
    public bool Shuffle { get; init; }

    /// <inheritdoc/>
    public bool Equals(ChoiceSweep? other) =>
        base.Equals(other) && IsSimple == other.IsSimple && Shuffle == other.Shuffle && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), IsSimple, Shuffle, Contents.Hash(Items));
}

/// <summary>
/// <c>range(start,stop,step)</c>: from start, stop excluded. Each is an integer, a float, or a boolean that counts as 0 or 1.
/// </summary>
/// <param name="Start">The first value.</param>
/// <param name="Stop">The end, which is not reached.</param>
/// <param name="Step">From one value to the next.</param>
public sealed record RangeSweep(OverrideValue Start, OverrideValue Stop, OverrideValue Step) : SweepValue
{
    /// <summary>Whether the values are taken in shuffled order.</summary>
    public bool Shuffle { get; init; }
}

/// <summary>
/// <c>interval(start,end)</c>: start ≤ value &lt; end, for sweepers that choose points themselves. It cannot be enumerated.
/// </summary>
/// <param name="Start">The lower end: a float, or an integer after <c>int(interval(...))</c>.</param>
/// <param name="End">The upper end.</param>
public sealed record IntervalSweep(OverrideValue Start, OverrideValue End) : SweepValue;

/// <summary><c>glob(pattern)</c>: the options of the group whose names match.</summary>
/// <param name="Include">Patterns; one must match: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>.</param>
/// <param name="Exclude">Patterns; none may match.</param>
public sealed record GlobSweep(IReadOnlyList<string> Include, IReadOnlyList<string> Exclude) : SweepValue
{
    /// <inheritdoc/>
    public bool Equals(GlobSweep? other) =>
        base.Equals(other) && Include.SequenceEqual(other.Include) && Exclude.SequenceEqual(other.Exclude);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Contents.Hash(Include), Contents.Hash(Exclude));
}

/// <summary>
/// <c>zip(a,b,c)</c>: values that move in step with every other <c>zip</c> of the command line, instead of being crossed with them.
/// Ours; the reference has no such function.
/// </summary>
/// <param name="Items">The values in order.</param>
public sealed record ZipSweep(IReadOnlyList<OverrideValue> Items) : SweepValue
{
    /// <inheritdoc/>
    public bool Equals(ZipSweep? other) => base.Equals(other) && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Contents.Hash(Items));
}
