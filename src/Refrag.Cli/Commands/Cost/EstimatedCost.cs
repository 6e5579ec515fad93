using Refrag.Cli.Context;
using Refrag.Costs;

namespace Refrag.Cli.Commands.Cost;

/// <summary>The object of <c>refrag cost estimate --json</c>: what a job would cost.</summary>
internal sealed record EstimatedCost
{
    /// <summary>How long each part runs, in hours.</summary>
    public required double Hours { get; init; }

    /// <summary>How many containers run: array children or nodes; 1 for other jobs.</summary>
    public required int Parts { get; init; }

    /// <summary>The region whose prices count.</summary>
    public required string Region { get; init; }

    /// <summary>The cost on the cheapest type, in USD; left out if no price is known.</summary>
    public decimal? LikelyUsd { get; init; }

    /// <summary>
    /// The least at the job's share of an instance and without rework, as <c>refrag cost report</c> counts, in USD; left out if no price is
    /// known.
    /// </summary>
    public decimal? AtShareUsd { get; init; }

    /// <summary>The cost on the dearest type, in USD; left out if no price is known.</summary>
    public decimal? MostUsd { get; init; }

    /// <summary>The date of the oldest price that counts; left out if it has none.</summary>
    public DateOnly? PricesOf { get; init; }

    /// <summary>Whether the oldest price is more than 90 days old, or has no date.</summary>
    public required bool Stale { get; init; }

    /// <summary>The types that can host the job, the cheapest first.</summary>
    public required IReadOnlyList<EstimatedType> Types { get; init; }

    public static EstimatedCost Of(CostEstimate estimate) => new()
    {
        Hours = estimate.Question.Hours,
        Parts = estimate.Question.Parts,
        Region = estimate.Question.Region,
        LikelyUsd = JsonOutput.Rounded(estimate.Likely),
        AtShareUsd = JsonOutput.Rounded(estimate.AtShare),
        MostUsd = JsonOutput.Rounded(estimate.Most),
        PricesOf = estimate.PricesOf,
        Stale = estimate.IsStale,
        Types = [.. estimate.Hosts.Select(EstimatedType.Of)],
    };
}

/// <summary>What a job would cost on one instance type.</summary>
internal sealed record EstimatedType
{
    /// <summary>The type's name: <c>g5.xlarge</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How many parts of the job one instance hosts at a time.</summary>
    public required int PerInstance { get; init; }

    /// <summary>The part of an instance that one part of the job takes, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The cost on Spot, in USD, whole instances; left out if no price is known.</summary>
    public decimal? SpotUsd { get; init; }

    /// <summary>The cost of work that interruptions of Spot instances are expected to undo, in USD; left out if it is not known.</summary>
    public decimal? ReworkUsd { get; init; }

    /// <summary>The cost on demand, in USD, whole instances; left out if no price is known.</summary>
    public decimal? OnDemandUsd { get; init; }

    /// <summary>How many Spot instances of the type are interrupted in a month: <c>5-10%</c>, or <c>unknown</c>.</summary>
    public required string Interruption { get; init; }

    /// <summary>The date of the prices; left out if they have none.</summary>
    public DateOnly? PricesOf { get; init; }

    /// <summary>Where the Spot price comes from.</summary>
    public string? SpotBasis { get; init; }

    /// <summary>Where the on-demand price comes from.</summary>
    public string? OnDemandBasis { get; init; }

    public static EstimatedType Of(HostCost host) => new()
    {
        Type = host.Type.Name,
        PerInstance = host.PerInstance,
        Share = Math.Round(host.Share, 4),
        SpotUsd = JsonOutput.Rounded(host.Spot),
        ReworkUsd = JsonOutput.Rounded(host.Rework),
        OnDemandUsd = JsonOutput.Rounded(host.OnDemand),
        Interruption = Interruptions.Text(host.Price?.Interruption),
        PricesOf = host.Price?.AsOf,
        SpotBasis = JsonOutput.Text(host.Price?.SpotBasis),
        OnDemandBasis = JsonOutput.Text(host.Price?.OnDemandBasis),
    };
}
