namespace Refrag.Policies;

/// <summary>What a policy knows beside the job: what was read for this decision, at one time.</summary>
public sealed record PolicyFacts
{
    /// <summary>The time at which it was read.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Regions that take the job, or do not. Of a region that is not among them nothing is known.</summary>
    public IReadOnlyDictionary<string, bool> RegionTakesJobs { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    /// <summary>Queues that take jobs, or do not, by name. Of a queue that is not among them nothing is known.</summary>
    public IReadOnlyDictionary<string, bool> TakesJobs { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);
}
