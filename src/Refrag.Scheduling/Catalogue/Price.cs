namespace Refrag.Scheduling.Catalogue;

/// <summary>How often Spot instances of a type are interrupted within a month, in the classes of AWS's Spot Instance Advisor.</summary>
public enum InterruptionClass
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Below 5 %.</summary>
    Below5,

    /// <summary>5 to 10 %.</summary>
    From5To10,

    /// <summary>10 to 15 %.</summary>
    From10To15,

    /// <summary>15 to 20 %.</summary>
    From15To20,

    /// <summary>Above 20 %.</summary>
    Above20,
}

/// <summary>What an hour of an instance type costs in one region, on one day.</summary>
public sealed record Price
{
    /// <summary>The instance type's name.</summary>
    public required string Type { get; init; }

    /// <summary>The region, such as <c>us-east-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>USD an hour on demand, Linux; null if it is not known.</summary>
    public decimal? OnDemand { get; init; }

    /// <summary>USD an hour on the Spot market; null if it is not known.</summary>
    public decimal? Spot { get; init; }

    /// <summary>The day of the figures; null if their source gives none.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Where the on-demand figure comes from; begins with <c>derived</c> where it is computed and not quoted.</summary>
    public string OnDemandBasis { get; init; } = "";

    /// <summary>Where the Spot figure comes from; begins with <c>derived</c> where it is computed and not quoted.</summary>
    public string SpotBasis { get; init; } = "";

    /// <summary>How often Spot instances are interrupted, as of June 2025.</summary>
    public InterruptionClass Interruption { get; init; }
}
