namespace Refrag.Scheduling.QuotaShares;

/// <summary>What a quota share does with capacity that stands idle. (API QuotaShareResourceSharingConfiguration)</summary>
public enum QuotaSharing
{
    /// <summary>Its idle capacity stays its own.</summary>
    Reserve,

    /// <summary>Other shares may borrow its idle capacity.</summary>
    Lend,

    /// <summary>Others may borrow its idle capacity, and it may borrow theirs.</summary>
    LendAndBorrow,
}

/// <summary>A quota share of a job queue: what is its own, and what it lends and borrows. Immutable. (UG quota-shares)</summary>
/// <param name="Name">Its name, one of a kind in its queue.</param>
/// <param name="Quota">What is its own: instances by capacity unit, 0 or more. A unit that is not named is neither its own nor may it be
/// borrowed.</param>
public sealed record QuotaShare(string Name, IReadOnlyDictionary<string, long> Quota)
{
    /// <summary>What it does with idle capacity.</summary>
    public QuotaSharing Sharing { get; init; }

    /// <summary>Percent of its own capacity that it may borrow besides, of each unit, 0 or more; null for no limit.</summary>
    public int? BorrowPercent { get; init; }

    /// <summary>Whether a waiting job may displace running ones of lower priority in the same share.</summary>
    public bool PreemptsInShare { get; init; }

    /// <summary>How much of a unit it may borrow at most; fractions of an instance count for nothing.</summary>
    internal long MostBorrowed(string unit)
    {
        if (Sharing is not QuotaSharing.LendAndBorrow || !Quota.TryGetValue(unit, out long own)) return 0;
        return BorrowPercent is { } percent ? (long)Math.Min((decimal)own * percent / 100, long.MaxValue) : long.MaxValue;
    }
}
