using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.Costs;

namespace Refrag.Cli.Commands.Cost;

/// <summary>A line of <c>refrag cost compare --json</c>: one kind of work.</summary>
internal sealed record ComparedLine
{
    /// <summary>The work's name.</summary>
    public required string Work { get; init; }

    /// <summary>What it needs, in words.</summary>
    public required string Needs { get; init; }

    /// <summary>How long it runs, in hours.</summary>
    public required double Hours { get; init; }

    /// <summary>The region whose prices count.</summary>
    public required string Region { get; init; }

    /// <summary>The cheapest instance type of its own queue; left out if none can host it.</summary>
    public string? SeparateType { get; init; }

    /// <summary>What it costs there on Spot, in USD; left out if no price is known.</summary>
    public decimal? SeparateSpotUsd { get; init; }

    /// <summary>What it costs there on demand, in USD; left out if no price is known.</summary>
    public decimal? SeparateOnDemandUsd { get; init; }

    /// <summary>The dearest instance type that a shared queue may give it; left out if none can host it.</summary>
    public string? SharedType { get; init; }

    /// <summary>What it costs there on Spot, in USD; left out if no price is known.</summary>
    public decimal? SharedSpotUsd { get; init; }

    /// <summary>Types that can host it and were left out, because no Spot price of them is known.</summary>
    public required IReadOnlyList<string> Unpriced { get; init; }

    /// <summary>The part of the shared queue's cost that a queue of its own saves, from 0 to 1.</summary>
    public decimal? Saving { get; init; }

    /// <summary>The date of the prices of its own queue's type; left out if they have none.</summary>
    public DateOnly? PricesOf { get; init; }

    public static ComparedLine Of(ComparedWork row, double hours, string region) => new()
    {
        Work = row.Name,
        Needs = row.Needs.ToString(),
        Hours = hours,
        Region = region,
        SeparateType = row.Separate?.Type.Name,
        SeparateSpotUsd = JsonOutput.Rounded(row.Separate?.Spot),
        SeparateOnDemandUsd = JsonOutput.Rounded(row.Separate?.OnDemand),
        SharedType = row.Shared?.Type.Name,
        SharedSpotUsd = JsonOutput.Rounded(row.Shared?.Spot),
        Unpriced = [.. row.Unpriced],
        Saving = JsonOutput.Rounded((decimal?)row.Saving),
        PricesOf = row.Separate?.Price?.AsOf,
    };
}

/// <summary>A line of <c>refrag cost report --json</c>: what the jobs of one queue, day or value of a tag have cost.</summary>
internal sealed record ReportedCost
{
    /// <summary>What costs are added up by: <c>queue</c>, <c>day</c> or the name of a tag.</summary>
    public required string By { get; init; }

    /// <summary>The queue, the day or the tag's value; <c>(none)</c> for jobs without the tag.</summary>
    public required string Key { get; init; }

    /// <summary>How many jobs there are; children of arrays count, arrays do not.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many attempts they had.</summary>
    public required int Attempts { get; init; }

    /// <summary>How long they ran, all attempts together, in hours.</summary>
    public required double Hours { get; init; }

    /// <summary>
    /// What they cost at least, in USD: their shares of instances while they ran, without idle time, start-up, EBS volumes and data
    /// transfer.
    /// </summary>
    public required decimal Usd { get; init; }

    /// <summary>Of it, what AWS's bill allocates to their tasks, in USD; the files of <c>--cur</c> say it.</summary>
    public required decimal BilledUsd { get; init; }

    /// <summary>Of it, what was computed from the instances that they ran on, in USD; the rest is assumed.</summary>
    public required decimal MeasuredUsd { get; init; }

    /// <summary>
    /// <c>billed</c>, <c>measured</c> or <c>assumed</c>, with percentages where it is several; <c>unknown</c> without a price, <c>none</c>
    /// where nothing ran.
    /// </summary>
    public required string Basis { get; init; }

    /// <summary>Of it, what failed attempts cost, in USD.</summary>
    public required decimal FailedUsd { get; init; }

    /// <summary>How many jobs ran and have no price.</summary>
    public required int Unpriced { get; init; }

    /// <summary>How many of the jobs Batch does not know any more, and the history on this machine does.</summary>
    public required int Remembered { get; init; }

    public static ReportedCost Of(string by, CostGroup group) => new()
    {
        By = by,
        Key = group.Key,
        Jobs = group.Jobs,
        Attempts = group.Attempts,
        Hours = Math.Round(group.Ran.TotalHours, 4),
        Usd = JsonOutput.Rounded(group.Usd),
        BilledUsd = JsonOutput.Rounded(group.BilledUsd),
        MeasuredUsd = JsonOutput.Rounded(group.MeasuredUsd),
        Basis = group.Basis,
        FailedUsd = JsonOutput.Rounded(group.FailedUsd),
        Unpriced = group.Unpriced,
        Remembered = group.Remembered,
    };
}

/// <summary>
/// The last line of <c>refrag cost report --json</c> on a server with simulated fleets: what their instances took since it started.
/// </summary>
internal sealed record ReportedBill
{
    /// <summary>Hours of instances, from launch to end, those without a price too.</summary>
    public required double FleetHours { get; init; }

    /// <summary>What they cost whole, in USD, of the types that have a price.</summary>
    public required decimal FleetUsd { get; init; }

    /// <summary>Of it, what is not in the jobs of the lines above, in USD: idle time, start-up and jobs that are not listed.</summary>
    public required decimal BeyondJobsUsd { get; init; }

    /// <summary>Types without a price.</summary>
    public required IReadOnlyList<string> UnpricedTypes { get; init; }

    public static ReportedBill Of(FleetBill bill, decimal jobs) => new()
    {
        FleetHours = Math.Round(bill.Hours, 4),
        FleetUsd = JsonOutput.Rounded(bill.Usd),
        BeyondJobsUsd = JsonOutput.Rounded(bill.Beyond(jobs)),
        UnpricedTypes = bill.Unpriced,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ComparedLine))]
[JsonSerializable(typeof(ReportedCost))]
[JsonSerializable(typeof(ReportedBill))]
[JsonSerializable(typeof(EstimatedCost))]
[JsonSerializable(typeof(BudgetLine))]
internal sealed partial class CostJson : JsonSerializerContext;
