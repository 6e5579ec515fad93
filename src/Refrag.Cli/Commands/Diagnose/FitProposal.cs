using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Scheduling;
using Refrag.Usage;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>The object of <c>refrag fit --from ID --json</c>: the request that is enough for what a job used.</summary>
internal sealed record FitProposal
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>What it used.</summary>
    public required JobUse Used { get; init; }

    /// <summary>What it asked for, with its price.</summary>
    public required FitRequest Asked { get; init; }

    /// <summary>What would be enough; the same where nothing less is proposed.</summary>
    public required FitRequest Enough { get; init; }

    /// <summary>What is added to the peaks, in percent.</summary>
    public required int MarginPercent { get; init; }

    /// <summary>The overrides that ask for it; empty if nothing less is proposed.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>What is to be known of the proposal, as sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The region whose prices count.</summary>
    public required string Region { get; init; }

    /// <summary>What an hour would cost less, in USD; left out if a price is not known.</summary>
    public decimal? SavedUsdPerHour { get; init; }

    public static FitProposal Of(
        JobDetail job, JobUsage used, SmallerRequest smaller, PricedRequest now, PricedRequest then, string region) => new()
        {
            JobId = job.JobId,
            Used = JobUse.Of(used),
            Asked = FitRequest.Of(smaller.Asked, now),
            Enough = FitRequest.Of(smaller.Proposed, then),
            MarginPercent = SmallerRequest.MarginPercent,
            Overrides = smaller.Overrides,
            Notes = smaller.Notes,
            Region = region,
            SavedUsdPerHour = JsonOutput.Rounded(now.UsdPerHour - then.UsdPerHour),
        };
}

/// <summary>A request with its price.</summary>
internal sealed record FitRequest
{
    /// <summary>vCPUs; on Fargate also parts of one.</summary>
    public required decimal Vcpus { get; init; }

    /// <summary>Memory in MiB.</summary>
    public required long MemoryMiB { get; init; }

    /// <summary>Whole GPUs.</summary>
    public required long Gpus { get; init; }

    /// <summary>The cheapest type that hosts it; left out if none is known to.</summary>
    public string? Type { get; init; }

    /// <summary>The price of an hour of its share of that, in USD; left out if not known.</summary>
    public decimal? UsdPerHour { get; init; }

    /// <summary>Whether that is a price of the Spot market.</summary>
    public required bool Spot { get; init; }

    public static FitRequest Of(Amount amount, PricedRequest priced) => new()
    {
        Vcpus = amount.VCpus.Value,
        MemoryMiB = amount.MemoryMiB,
        Gpus = amount.Gpus,
        Type = priced.Type,
        UsdPerHour = JsonOutput.Rounded(priced.UsdPerHour),
        Spot = priced.IsSpot,
    };
}
