using System.CommandLine;
using System.Globalization;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Costs;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Cli.Commands.Cost;

/// <summary><c>refrag cost compare</c>: separate queues against one for all.</summary>
internal static class CostCompareVerb
{
    private static readonly Column[] s_columns =
    [
        new("WORK"), new("NEEDS", Least: 10, Drop: 3), new("OWN QUEUE"), new("$/H", Right: true, Drop: 2), new("SPOT", Right: true),
        new("SHARED, AT WORST"), new("SPOT", Right: true), new("SAVED", Right: true), new("ON DEMAND", Right: true, Drop: 1),
    ];

    public static Command Create(CliContext context)
    {
        Option<double> hours = new("--hours") { Description = "How long each work runs.", DefaultValueFactory = _ => 8 };
        hours.Must(h => h is > 0 and < 100_000, "must be above 0 and below 100,000");
        Option<string[]> cpu = new("--cpu-types") { Description = "The CPU queue's instance types, with commas." };
        Option<string[]> gpu = new("--gpu-types") { Description = "The GPU queue's instance types, with commas." };
        Option<string> region = new("--region")
        {
            Description = "Whose prices count.",
            DefaultValueFactory = _ => PriceTable.DefaultRegion,
        };
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new(
            "compare",
            "Compare what work costs on queues of its own and on a shared queue.\n"
            + "The dearest type that a shared queue may give counts.")
        {
            hours,
            cpu,
            gpu,
            region,
            json,
        };
        verb.SetAction(
            parsed =>
                Run(context, parsed.GetValue(hours), QueueInstanceTypes.Names(parsed.GetValue(cpu)),
                    QueueInstanceTypes.Names(parsed.GetValue(gpu)), parsed.GetRequiredValue(region), parsed.GetValue(json)));
        return verb;
    }

    private static int Run(CliContext context, double hours, IReadOnlyList<string> cpu, IReadOnlyList<string> gpu, string region, bool json)
    {
        if (cpu.Count == 0) cpu = QueueInstanceTypes.UsualCpu;
        if (gpu.Count == 0) gpu = QueueInstanceTypes.UsualGpu;
        KnownCatalogue known = UserCatalogue.Load(context);
        if (!CostComparison.Of(cpu, gpu, hours, region, known.Types, known.Prices)
            .TryGet(out IReadOnlyList<ComparedWork>? rows, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        if (rows.All(row => row.Separate is null))
        {
            context.Terminal.Problems(
                [new Problem
                {
                    Code = "RF5043",
                    What = $"No Spot prices are known in {region} for these types",
                    Cure = PriceDates.NoPrices(known.Prices, region),
                }]);
            return ExitCodes.Trouble;
        }
        if (json)
        {
            foreach (ComparedWork row in rows)
                context.Terminal.Output(JsonOutput.Line(ComparedLine.Of(row, hours, region), CostJson.Default.ComparedLine));
            return ExitCodes.Success;
        }
        Table table = new(context.Terminal, s_columns);
        foreach (ComparedWork row in rows)
        {
            table.Add(row.Name, row.Needs.ToString(), row.Separate?.Type.Name ?? "none", MoneyText.PerHour(row.Separate?.Price?.Spot),
                MoneyText.Of(row.Separate?.Spot), row.Shared?.Type.Name ?? "none", MoneyText.Of(row.Shared?.Spot),
                row.Saving is { } saving ? saving.ToString("P0", CultureInfo.InvariantCulture) : "?", MoneyText.Of(row.Separate?.OnDemand));
        }
        table.Flush();
        DateOnly?[] dates = [.. rows.SelectMany(r => new[] { r.Separate?.Price?.AsOf, r.Shared?.Price?.AsOf }).Where(d => d is not null)];
        context.Terminal.Note(
            string.Create(CultureInfo.InvariantCulture,
                $"{hours:0.##} h, whole instances, {region}, prices {PriceDates.Text(dates, context.Time)}.")
            + " A shared queue may give any type that can host the work; shown is the dearest.");
        string[] unpriced = [.. rows.SelectMany(r => r.Unpriced).Distinct(StringComparer.Ordinal)];
        if (unpriced.Length > 0)
            context.Terminal.Note(
                $"Left out, because no Spot price of them is known in {region}: {string.Join(", ", unpriced)}. "
                + "`refrag catalog refresh` reads today's prices.");
        return ExitCodes.Success;
    }
}
