namespace Refrag.Results;

/// <summary>Where the files of a job's output directory are stored while it runs.</summary>
/// <param name="Store">The URL of the store.</param>
/// <param name="Interval">How often they are synchronised.</param>
public sealed record ResultsChoice(string Store, TimeSpan Interval)
{
    /// <summary>The shortest interval.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The longest interval.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The interval where the user gives none.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);
}
