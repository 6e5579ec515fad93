namespace Refrag.Scheduling.QuotaShares;

/// <summary>One share's use of one capacity unit, in the ledger of one decision.</summary>
/// <param name="share">The share; null if it is gone and jobs of it still run.</param>
/// <param name="name">The share's name.</param>
/// <param name="unit">The unit.</param>
internal sealed class ShareUsage(QuotaShare? share, string name, string unit)
{
    public QuotaShare? Share => share;

    public string Name => name;

    public string Unit => unit;

    /// <summary>What is the share's own.</summary>
    public long Own { get; } = share?.Quota.GetValueOrDefault(unit) ?? 0;

    /// <summary>Whether the share has a limit for the unit.</summary>
    public bool HasLimit { get; } = share?.Quota.ContainsKey(unit) == true;

    /// <summary>The most that the share may borrow.</summary>
    public long MostBorrowed { get; } = share?.MostBorrowed(unit) ?? 0;

    /// <summary>What jobs hold now, ending ones too.</summary>
    public long Held { get; set; }

    /// <summary>What jobs will hold once those that are ending have ended and those that wait for it have started.</summary>
    public long Promised { get; set; }

    /// <summary>What is in one of the two columns.</summary>
    public long In(QuotaColumn column) => column is QuotaColumn.Held ? Held : Promised;

    /// <summary>What is beyond the share's own: borrowed, or left from a limit that was higher.</summary>
    public long Over(QuotaColumn column) => Math.Max(0, In(column) - Own);

    /// <summary>What the share's own jobs do not use of its capacity.</summary>
    public long Idle(QuotaColumn column) => Math.Max(0, Own - In(column));

    public bool Reserves => share is { Sharing: QuotaSharing.Reserve };

    public bool Lends => share is { Sharing: not QuotaSharing.Reserve };

    /// <summary>Whether a job of that size would be within the share's own.</summary>
    public bool Owns(long quantity, QuotaColumn column = QuotaColumn.Promised) => In(column) + quantity <= Own;
}

/// <summary>The two columns of the ledger.</summary>
internal enum QuotaColumn
{
    /// <summary>What jobs hold now.</summary>
    Held,

    /// <summary>What they will hold once those that are ending have ended and those that wait for it have started.</summary>
    Promised,
}
