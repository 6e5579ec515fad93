using System.Globalization;
using Refrag.Jobs;

namespace Refrag.Regions;

/// <summary>
/// Puts offers in order: those first where the job will probably start soon, of these the cheapest, then the one with the fewest waiting
/// jobs, then the better score of Spot, then as they were named.
/// </summary>
public static class OfferRanking
{
    /// <summary>A queue whose first job has waited for longer is held up. Instances start in minutes.</summary>
    public static TimeSpan LateStart { get; } = TimeSpan.FromMinutes(15);

    // EC2 gives 1 to 10 and no meaning to each; below the middle, hosts are hard to get. (EC2 User Guide, Spot placement score)
    private const int PoorScore = 3;

    private static readonly (Func<RegionOffer, IComparable> Key, Func<RegionOffer, RegionOffer, string> Why)[] s_criteria =
    [
        (offer => Doubt(offer) is null ? 0 : 1, (better, other) => Doubt(other)!),
        (offer => Price(offer), (better, other) => other.HourlyUsd is { } price
            ? string.Create(CultureInfo.InvariantCulture, $"${price:0.0000} an hour against ${better.HourlyUsd:0.0000}")
            : "no price is known there"),
        (offer => offer.Waiting, (better, other) =>
            string.Create(CultureInfo.InvariantCulture, $"{other.Waiting} jobs wait against {better.Waiting}")),
        (offer => -(offer.SpotScore ?? 0), (better, other) => other.SpotScore is { } score
            ? string.Create(CultureInfo.InvariantCulture, $"Spot score {score} against {better.SpotScore}")
            : "no Spot score is known there"),
    ];

    /// <summary>The offers, the best first; those that cannot take the job come last.</summary>
    /// <param name="offers">The offers, as the user has named the regions.</param>
    public static IReadOnlyList<RankedOffer> Rank(IReadOnlyList<RegionOffer> offers)
    {
        // A sort that keeps the order of what is equal.
        IOrderedEnumerable<RegionOffer> order = offers.Where(offer => offer.Obstacle is null).OrderBy(s_criteria[0].Key);
        foreach ((Func<RegionOffer, IComparable> key, _) in s_criteria.Skip(1)) order = order.ThenBy(key);
        RegionOffer[] sorted = [.. order];
        return
        [
            .. sorted.Select((offer, at) => new RankedOffer(offer, at + 1, Why(sorted, at))),
            .. offers.Where(offer => offer.Obstacle is not null).Select(offer => new RankedOffer(offer, null, offer.Obstacle!)),
        ];
    }

    private static string Why(RegionOffer[] sorted, int at)
    {
        if (at > 0) return Difference(sorted[0], sorted[at]) ?? $"named after {sorted[0].Region}";
        if (sorted.Length == 1) return "the only region that takes it";
        return Difference(sorted[0], sorted[1]) is { } next ? $"best; {sorted[1].Region}: {next}" : "named first";
    }

    private static string? Difference(RegionOffer better, RegionOffer other) => s_criteria
        .Where(one => one.Key(better).CompareTo(one.Key(other)) != 0).Select(one => one.Why(better, other)).FirstOrDefault();

    // To a hundredth of a cent, as it is shown. What has no price comes after what has one.
    private static decimal Price(RegionOffer offer) => offer.HourlyUsd is { } price ? Math.Round(price, 4) : decimal.MaxValue;

    private static string? Doubt(RegionOffer offer) =>
        offer.BlockedHead is { } blocked ? $"the job at the head of its queue is blocked ({blocked})"
        : offer.OldestWait > LateStart ? $"the first job in its queue has waited {Duration.Format(offer.OldestWait.Value)}"
        : offer.QuotaLeft < offer.NeedsVCpus
            ? string.Create(
                CultureInfo.InvariantCulture, $"the EC2 quota leaves {offer.QuotaLeft:0} vCPUs there now, and it needs {offer.NeedsVCpus}")
        : offer.SpotScore <= PoorScore
            ? string.Create(CultureInfo.InvariantCulture, $"EC2 gives Spot instances there a score of {offer.SpotScore} of 10")
        : null;
}
