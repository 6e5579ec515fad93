using System.CommandLine;
using System.Globalization;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Costs;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Cli.Commands.Catalog;

/// <summary><c>refrag catalog show</c>: what is known, since when, and from where.</summary>
internal static class CatalogShowVerb
{
    private static readonly Column[] s_columns =
    [
        new("REGION"), new("TYPES", Right: true), new("SPOT", Right: true), new("ON DEMAND", Right: true), new("OLDEST PRICE"), new("READ"),
        new("SOURCE", Least: 12, Drop: 1),
    ];

    public static Command Create(CliContext context)
    {
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new("show", "Show which instance types and prices are known: date, source, counts.") { json };
        verb.SetAction(parsed => Run(context, parsed.GetValue(json)));
        return verb;
    }

    private static int Run(CliContext context, bool json)
    {
        CatalogueFolder folder = UserCatalogue.Folder(context);
        KnownCatalogue known = UserCatalogue.Load(context);
        IEnumerable<string> carried = PriceTable.Load().Prices
            .Select(p => p.Region)
            .Distinct(StringComparer.Ordinal).Where(r => known.Regions.All(k => k.Region != r)).Order(StringComparer.Ordinal);
        if (json)
        {
            foreach (RegionCatalogue region in known.Regions)
                Print(context, region, folder.FileOf(region.Region));
            foreach (string region in carried) Print(context, Carried(region), file: null);
            return ExitCodes.Success;
        }
        Table table = new(context.Terminal, s_columns);
        foreach (RegionCatalogue region in known.Regions)
            table.Add(Row(region, region.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), context.Time));
        foreach (string region in carried) table.Add(Row(Carried(region), "-", context.Time));
        table.Flush();
        if (known.Regions.Count == 0) context.Terminal.Note("Nothing was read from AWS yet: `refrag catalog refresh`.");
        return ExitCodes.Success;
    }

    private static void Print(CliContext context, RegionCatalogue region, string? file) =>
        context.Terminal.Output(JsonOutput.Line(CatalogLine.Of(region, file, context.Time), CatalogJson.Default.CatalogLine));

    private static RegionCatalogue Carried(string region) => new()
    {
        Region = region,
        TakenAt = DateTimeOffset.UnixEpoch,
        Source = "the project's tables",
        Types = InstanceCatalogue.Load().Types,
        Prices = [.. PriceTable.Load().Prices.Where(p => p.Region == region)],
    };

    private static Cell[] Row(RegionCatalogue region, string read, TimeProvider time) =>
    [
        region.Region, Count(region.Types.Count), Count(region.Prices.Count(p => p.Spot is not null)),
        Count(region.Prices.Count(p => p.OnDemand is not null)), Age(region, time), read, region.Source,
    ];

    private static string Age(RegionCatalogue region, TimeProvider time)
    {
        if (CatalogLine.OldestPrice(region) is not { } oldest) return "no date";
        int age = PriceDates.Age(oldest, time);
        return string.Create(
            CultureInfo.InvariantCulture, $"{oldest:yyyy-MM-dd}, {age} days{(age > CostEstimate.FreshDays ? ", stale" : "")}");
    }

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
