using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Cli.Commands.Catalog;

/// <summary>
/// A line of <c>refrag catalog show --json</c> and the object of <c>refrag catalog refresh --json</c>: what is known of one region.
/// </summary>
internal sealed record CatalogLine
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>How many instance types are known.</summary>
    public required int Types { get; init; }

    /// <summary>How many of them have a Spot price.</summary>
    public required int SpotPrices { get; init; }

    /// <summary>How many of them have an on-demand price.</summary>
    public required int OnDemandPrices { get; init; }

    /// <summary>When they were read from AWS; left out for the tables that the project carries.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>The date of the oldest price; left out if none has a date.</summary>
    public DateOnly? PricesOf { get; init; }

    /// <summary>Whether a price is more than 90 days old or has no date, or there is none.</summary>
    public required bool Stale { get; init; }

    /// <summary>Where types and prices come from.</summary>
    public required string Source { get; init; }

    /// <summary>The file that holds them; left out for the tables that the project carries.</summary>
    public string? File { get; init; }

    /// <summary>A region's line.</summary>
    /// <param name="region">The region.</param>
    /// <param name="file">Its own file; null for the tables that the project carries.</param>
    /// <param name="time">For the prices' age.</param>
    public static CatalogLine Of(RegionCatalogue region, string? file, TimeProvider time) => new()
    {
        Region = region.Region,
        Types = region.Types.Count,
        SpotPrices = region.Prices.Count(p => p.Spot is not null),
        OnDemandPrices = region.Prices.Count(p => p.OnDemand is not null),
        ReadAt = file is null ? null : region.TakenAt,
        PricesOf = OldestPrice(region),
        Stale = region.Prices.Any(p => p.AsOf is null)
            || OldestPrice(region) is not { } oldest || PriceDates.Age(oldest, time) > CostEstimate.FreshDays,
        Source = region.Source,
        File = JsonOutput.Text(file),
    };

    /// <summary>The date of the region's oldest price; null if none has a date.</summary>
    public static DateOnly? OldestPrice(RegionCatalogue region) => region.Prices.Min(p => p.AsOf);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(CatalogLine))]
internal sealed partial class CatalogJson : JsonSerializerContext;
