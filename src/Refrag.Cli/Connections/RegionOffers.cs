using System.Globalization;
using Refrag.Aws;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Diagnosis;
using Refrag.Jobs;
using Refrag.Regions;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Cli.Connections;

/// <summary>What the regions of an environment offer for a job, and the choice among them.</summary>
/// <param name="context">The process.</param>
/// <param name="checksHosts">Whether a region is left out whose queue cannot host the job.</param>
internal sealed class RegionOffers(CliContext context, bool checksHosts)
{
    private static readonly Column[] s_columns =
    [
        new("REGION"), new("RANK", Right: true), new("$/H", Right: true), new("MARKET", Drop: 4), new("TYPES", Least: 10, Drop: 3),
        new("SPOT SCORE", Right: true, Drop: 2), new("QUOTA LEFT", Right: true, Drop: 1), new("WAITING", Right: true),
        new("WHY", Least: 20),
    ];

    /// <summary>The offers of the job's regions, the best first.</summary>
    public async Task<IReadOnlyList<RankedOffer>> ReadAsync(PlannedJob job, CancellationToken cancellationToken)
    {
        using RegionalConnections connections = new(context, job.Spec.Connection);
        KnownCatalogue known = UserCatalogue.Load(context);
        RegionOffer[] offers = await Task.WhenAll(job.Spec.Regions!.Regions.Select(async region =>
        {
            AwsConnection connection = connections.In(region);
            RegionOfferReader reader = new(region, connection.Transport, connection.Account, context.Time, known)
            {
                Hosts = checksHosts
                    ? new HostCheck(connection.Transport, context.Time, known.TypesIn(region), known.Prices, static _ => { })
                    : null,
            };
            RegionOffer offer = await reader.ReadAsync(job.Spec, job.Plan, cancellationToken);
            foreach (string open in reader.NotChecked) context.Terminal.Note($"{region}: not checked: {open}.");
            return offer;
        }));
        return OfferRanking.Rank(offers);
    }

    /// <summary>The job in the region of the best offer; RF8181 if no region takes it.</summary>
    public static Result<JobSpec> Choose(JobSpec spec, IReadOnlyList<RankedOffer> offers)
    {
        string[] order = [.. offers.Where(offer => offer.Rank is not null).Select(offer => offer.Offer.Region)];
        if (order.Length == 0) return NoRegion(spec, offers);
        // Batch moves no child and no node alone.
        bool isWhole = spec is { ArraySize: null, Nodes: 1 };
        return spec with
        {
            Connection = spec.Connection with { Region = order[0] },
            Regions = spec.Regions! with { Next = isWhole ? order[1..] : [] },
        };
    }

    /// <summary>
    /// Registers in the other regions what is derived for the job, so that whoever moves it finds the definition there. A region where that
    /// fails is left out.
    /// </summary>
    public async Task<JobSpec> PrepareAsync(PlannedJob job, CancellationToken cancellationToken)
    {
        if (job is not { Spec.Regions: { Next.Count: > 0 } choice, Plan.Derivation: { } derivation }) return job.Spec;
        using RegionalConnections connections = new(context, job.Spec.Connection);
        List<string> ready = [];
        foreach (string region in choice.Next)
        {
            IAwsTransport batch = connections.Batch(region);
            try
            {
                Result<CheckedTarget> target = await TargetCheck.CheckAsync(batch, job.Spec, job.Plan.Target, cancellationToken);
                if (target.IsSuccess)
                    await DefinitionRegistry.EnsureAsync(batch, derivation.Derive(target.Value.Definition), cancellationToken);
                if (target.IsSuccess) ready.Add(region);
                else context.Terminal.Note($"{job.Spec.Name} cannot be moved to {region}: {target.Problems[0].What}.");
            }
            catch (AwsException failure)
            {
                context.Terminal.Note($"{job.Spec.Name} cannot be moved to {region}: {failure.Problem.What}.");
            }
        }
        return job.Spec with { Regions = choice with { Next = ready } };
    }

    /// <summary>Prints the table.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="offers">The offers.</param>
    /// <param name="toError">Whether it goes to standard error, because standard output has something else.</param>
    public static void Print(Terminal.Terminal terminal, IReadOnlyList<RankedOffer> offers, bool toError)
    {
        Table table = new(terminal, s_columns, toError);
        foreach ((RegionOffer offer, int? rank, string why) in offers)
        {
            table.Add(
                new Cell(offer.Region, rank switch { 1 => Tone.Good, null => Tone.Bad, _ => Tone.Plain }),
                rank?.ToString(CultureInfo.InvariantCulture) ?? "-", MoneyText.PerHour(offer.HourlyUsd),
                offer.Spot switch { true => "Spot", false => "on demand", null => "?" },
                offer.Types.Count > 0 ? string.Join(' ', offer.Types) : "?",
                offer.SpotScore?.ToString(CultureInfo.InvariantCulture) ?? "?",
                offer.QuotaLeft?.ToString("0", CultureInfo.InvariantCulture) ?? "?",
                offer.Waiting.ToString(CultureInfo.InvariantCulture), why);
        }
        table.Flush();
    }

    private static Problem NoRegion(JobSpec spec, IReadOnlyList<RankedOffer> offers) => new()
    {
        Code = "RF8181",
        What = $"None of the {offers.Count} regions takes job {spec.Name}",
        Cause = string.Join("; ", offers.Select(offer => $"{offer.Offer.Region}: {offer.Why}")),
        Cure = "Mend what one of them lacks, or name another in env.regions. `refrag why env.region=REGION` says more of one.",
        Place = spec.Places.Of("env.regions"),
    };
}
