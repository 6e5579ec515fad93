namespace Refrag.Scheduling.Queues;

/// <summary>How a queue's environments are shared between share identifiers. (API FairsharePolicy)</summary>
public sealed record FairSharePolicy
{
    /// <summary>The decay that 0 seconds stand for.</summary>
    public static TimeSpan DefaultDecay { get; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// Percent of the vCPUs that are kept free for shares without jobs, to the power of the number of active shares: 0 to 99.
    /// </summary>
    public int ComputeReservation { get; init; }

    /// <summary>Over which time past usage counts: 0, meaning 600 seconds, to 604,800 seconds.</summary>
    public TimeSpan ShareDecay { get; init; }

    /// <summary>The weights; a share that is not named has 1.</summary>
    public IReadOnlyList<ShareWeight> Shares { get; init; } = [];

    internal double DecayMilliseconds => (ShareDecay == TimeSpan.Zero ? DefaultDecay : ShareDecay).TotalMilliseconds;

    /// <summary>The weight factor of a share identifier: that of its name, or of the prefix <c>abc*</c> it begins with; else 1.</summary>
    public decimal WeightOf(string share)
    {
        foreach (ShareWeight weight in Shares)
        {
            if (weight.Covers(share)) return weight.Factor;
        }
        return 1;
    }

    /// <summary>
    /// The part of the vCPUs that stays free while <paramref name="activeShares"/> shares are active: (reservation / 100) to the power of
    /// their number.
    /// </summary>
    public double Reserved(int activeShares)
    {
        double part = 1;
        for (int i = 0; i < activeShares; i++) part *= ComputeReservation / 100.0;
        return activeShares == 0 ? 0 : part;
    }
}

/// <summary>The weight of a share identifier, or of all that begin with a prefix.</summary>
/// <param name="Identifier">The identifier, or a prefix followed by <c>*</c>.</param>
/// <param name="Factor">0.0001 to 999.9999; a share with half the factor gets twice as much.</param>
public sealed record ShareWeight(string Identifier, decimal Factor)
{
    internal bool Covers(string share) => Identifier.EndsWith('*')
        ? share.AsSpan().StartsWith(Identifier.AsSpan()[..^1], StringComparison.Ordinal)
        : share == Identifier;
}
