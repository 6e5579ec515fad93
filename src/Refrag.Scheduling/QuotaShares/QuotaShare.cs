namespace Refrag.Scheduling.QuotaShares;

/// <summary>What a quota share does with capacity that its own jobs do not use. (API QuotaShareResourceSharingConfiguration)</summary>
public enum QuotaSharing
{
    /// <summary>It keeps it free for its own jobs.</summary>
    Reserve,

    /// <summary>It lends it to shares that borrow.</summary>
    Lend,

    /// <summary>It lends it, and its own jobs borrow from others.</summary>
    LendAndBorrow,
}

/// <summary>A quota share: a virtual queue with a capacity of its own. (UG quota-shares)</summary>
public sealed record QuotaShare
{
    /// <summary>Its name, unique in its queue.</summary>
    public required string Name { get; init; }

    /// <summary>How much it has of each capacity unit, such as <c>ml.m5.large</c>; 0 or more. Of a unit that is not named it has nothing and can borrow nothing.</summary>
    public required IReadOnlyDictionary<string, int> Limits { get; init; }

    /// <summary>What it does with idle capacity.</summary>
    public QuotaSharing Sharing { get; init; }

    /// <summary>How much it may borrow of each unit, as a percentage of its own limit; null for no limit. Only with <see cref="QuotaSharing.LendAndBorrow"/>.</summary>
    public int? BorrowPercent { get; init; }

    /// <summary>Whether its jobs may be preempted for others of its own that have a higher priority.</summary>
    public bool PreemptsInShare { get; init; }

    /// <summary>The most that its jobs may use of a unit, borrowed capacity included; null where only what there is limits it.</summary>
    internal long? Reach(string unit)
    {
        if (!Limits.TryGetValue(unit, out int own)) return 0;
        if (Sharing is not QuotaSharing.LendAndBorrow) return own;
        return BorrowPercent is { } percent ? own + ((long)own * percent / 100) : null;
    }
}

/// <summary>Where a service job stands.</summary>
public enum QuotaJobState
{
    /// <summary>It waits for capacity.</summary>
    Waiting,

    /// <summary>It has its capacity.</summary>
    Running,

    /// <summary>It has its capacity still, and has been told to end.</summary>
    Stopping,
}

/// <summary>A service job of a quota share.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Share">The name of its share.</param>
/// <param name="Unit">The capacity unit that it needs: its instance type.</param>
/// <param name="Count">How many of it; 1 or more.</param>
/// <param name="Order">Its place in the order of submission.</param>
/// <param name="Priority">Its scheduling priority: the higher the earlier, within its share.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Since when it has had its capacity; null while it waits.</param>
public sealed record QuotaJob(string Id, string Share, string Unit, int Count, long Order, int Priority = 0, QuotaJobState State = QuotaJobState.Waiting, DateTimeOffset? Since = null);
