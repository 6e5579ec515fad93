using Refrag.Cli.Context;
using Refrag.Regions;

namespace Refrag.Cli.Connections;

/// <summary>A line of <c>refrag offers --json</c>, and an entry of a dry run's <c>offers</c>: what a region offers for a job.</summary>
internal sealed record OfferLine
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The job's queue there.</summary>
    public required string Queue { get; init; }

    /// <summary>Its place among the regions, from 1; left out if it cannot take the job.</summary>
    public int? Rank { get; init; }

    /// <summary>Why it has this place, or cannot take the job, in words.</summary>
    public required string Why { get; init; }

    /// <summary>What an hour of the job costs there, in USD, on the cheapest type; left out if no price is known.</summary>
    public decimal? HourlyUsd { get; init; }

    /// <summary>Whether its instances are Spot; left out if they are mixed or not known.</summary>
    public bool? Spot { get; init; }

    /// <summary>The instance types that can host the job there.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>EC2's score of the chances of Spot instances, from 1 to 10; left out if it is not known.</summary>
    public int? SpotScore { get; init; }

    /// <summary>The vCPUs that the quota leaves for such instances; left out if that is not known.</summary>
    public double? QuotaLeft { get; init; }

    /// <summary>How many jobs wait in the queue.</summary>
    public required int Waiting { get; init; }

    /// <summary>How long the first of them has waited, in seconds; left out if none waits.</summary>
    public double? OldestWaitSeconds { get; init; }

    /// <summary>Why Batch calls the job at the head of the queue blocked; left out if it does not.</summary>
    public string? BlockedHead { get; init; }

    public static OfferLine Of(RankedOffer ranked) => new()
    {
        Region = ranked.Offer.Region,
        Queue = ranked.Offer.Queue,
        Rank = ranked.Rank,
        Why = ranked.Why,
        HourlyUsd = ranked.Offer.HourlyUsd is { } usd ? JsonOutput.Rounded(usd) : null,
        Spot = ranked.Offer.Spot,
        Types = ranked.Offer.Types,
        SpotScore = ranked.Offer.SpotScore,
        QuotaLeft = ranked.Offer.QuotaLeft,
        Waiting = ranked.Offer.Waiting,
        OldestWaitSeconds = ranked.Offer.OldestWait is { } wait ? Math.Round(wait.TotalSeconds) : null,
        BlockedHead = ranked.Offer.BlockedHead,
    };
}
