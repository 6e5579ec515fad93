using Refrag.Cli.Context;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>The object of <c>refrag fit --json</c>: which instance types can host a job.</summary>
internal sealed record FitReport
{
    /// <summary>Whether any type can host the job.</summary>
    public required bool Fits { get; init; }

    /// <summary>Whether any type can host the job whatever its machine image keeps for itself.</summary>
    public required bool Surely { get; init; }

    /// <summary>What the job needs, in words.</summary>
    public required string Requirement { get; init; }

    /// <summary>The region whose prices are shown.</summary>
    public required string Region { get; init; }

    /// <summary>The types that can host the job, then those that cannot, the nearest first.</summary>
    public required IReadOnlyList<FittingType> Types { get; init; }

    /// <summary>The smallest changes that make the job surely fit; empty if it does.</summary>
    public required IReadOnlyList<string> Changes { get; init; }

    public static FitReport Of(Fit fit, PriceTable prices, string region) => new()
    {
        Fits = fit.Fits,
        Surely = fit.IsSure,
        Requirement = fit.Requirement.ToString(),
        Region = region,
        Types = [.. fit.Hosts.Concat(fit.Misses).Select(type => FittingType.Of(type, prices.Find(type.Type.Name, region)))],
        Changes = [.. fit.Changes.Select(c => c.Text)],
    };
}

/// <summary>An instance type, and whether it can host a job.</summary>
internal sealed record FittingType
{
    /// <summary>The type's name: <c>g5.xlarge</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it can host the job.</summary>
    public required bool Fits { get; init; }

    /// <summary>How many such jobs one instance hosts at a time.</summary>
    public required int PerInstance { get; init; }

    /// <summary>How many it hosts at least, whatever its machine image keeps for itself; 0 if one job only probably fits.</summary>
    public required int SurelyPerInstance { get; init; }

    /// <summary>The memory that jobs can have at most, in MiB; less than is installed.</summary>
    public required long UsableMiB { get; init; }

    /// <summary>The memory that jobs can surely have, in MiB, whatever the machine image keeps for itself.</summary>
    public required long SurelyUsableMiB { get; init; }

    /// <summary>Its accelerators in words: <c>8 NVIDIA A100 of 40960 MiB</c>; left out if it has none.</summary>
    public string? Accelerators { get; init; }

    /// <summary>Its disks together, in GB; 0 if it has none.</summary>
    public required int LocalStorageGB { get; init; }

    /// <summary>Whether it has an Elastic Fabric Adapter.</summary>
    public required bool Efa { get; init; }

    /// <summary>Whether it is a machine without a hypervisor.</summary>
    public required bool BareMetal { get; init; }

    /// <summary>What it lacks; empty if it can host the job.</summary>
    public required IReadOnlyList<string> Lacks { get; init; }

    /// <summary>The price of an hour on the Spot market, in USD; left out if it is not known.</summary>
    public decimal? SpotUsdPerHour { get; init; }

    /// <summary>The price of an hour on demand, in USD; left out if it is not known.</summary>
    public decimal? OnDemandUsdPerHour { get; init; }

    /// <summary>The date of the prices; left out if they have none.</summary>
    public DateOnly? PricesOf { get; init; }

    public static FittingType Of(TypeFit fit, Price? price) => new()
    {
        Type = fit.Type.Name,
        Fits = fit.Hosts,
        PerInstance = fit.PerInstance,
        SurelyPerInstance = fit.SurelyPerInstance,
        SurelyUsableMiB = fit.Type.SurelyUsable.MemoryMiB,
        UsableMiB = fit.Type.Usable.MemoryMiB,
        Accelerators = fit.Type.AcceleratorText,
        LocalStorageGB = fit.Type.LocalStorageGB,
        Efa = fit.Type.HasEfa,
        BareMetal = fit.Type.IsBareMetal,
        Lacks = [.. fit.Shortfalls.Select(s => s.ToString())],
        SpotUsdPerHour = JsonOutput.Rounded(price?.Spot),
        OnDemandUsdPerHour = JsonOutput.Rounded(price?.OnDemand),
        PricesOf = price?.AsOf,
    };
}
