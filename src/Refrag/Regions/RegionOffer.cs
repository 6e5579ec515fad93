namespace Refrag.Regions;

/// <summary>What a region has to offer for a job.</summary>
public sealed record RegionOffer
{
    /// <summary>The region's name.</summary>
    public required string Region { get; init; }

    /// <summary>The job's queue there.</summary>
    public required string Queue { get; init; }

    /// <summary>Why the region cannot take the job, as a sentence without a full stop; null if it can.</summary>
    public string? Obstacle { get; init; }

    /// <summary>The instance types behind the queue that can host the job, and that the region has; empty if they are not known.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Whether the queue's environments are Spot; null if they are mixed or no instances of EC2.</summary>
    public bool? Spot { get; init; }

    /// <summary>What an hour of the job costs there, in USD, on the cheapest of the types; null if no price is known.</summary>
    public decimal? HourlyUsd { get; init; }

    /// <summary>EC2's score of the chances of Spot instances, 1 to 10; null if it was not asked or did not answer.</summary>
    public int? SpotScore { get; init; }

    /// <summary>The vCPUs that the account's quota leaves for such instances; null if that is not known.</summary>
    public double? QuotaLeft { get; init; }

    /// <summary>The vCPUs that the job needs there; null if no quota was asked for.</summary>
    public int? NeedsVCpus { get; init; }

    /// <summary>How many jobs wait in the queue for a host.</summary>
    public int Waiting { get; init; }

    /// <summary>How long the first of them has waited; null if none waits.</summary>
    public TimeSpan? OldestWait { get; init; }

    /// <summary>Why Batch calls the job at the head of the queue blocked; null if it does not.</summary>
    public string? BlockedHead { get; init; }
}

/// <summary>An offer at its place among others.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Rank">Its place, from 1; null if the region cannot take the job.</param>
/// <param name="Why">Why it is the best, or why another is better, as a sentence without a full stop.</param>
public sealed record RankedOffer(RegionOffer Offer, int? Rank, string Why);
