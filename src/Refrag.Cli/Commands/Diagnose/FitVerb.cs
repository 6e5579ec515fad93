using System.CommandLine;
using System.Globalization;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Costs;
using Refrag.Jobs;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag fit</c>: which instance types can host a job.</summary>
internal static class FitVerb
{
    private const int Misses = 5;

    private static readonly Column[] s_columns =
    [
        new("TYPE"), new("VCPUS", Right: true, Drop: 3), new("FOR JOBS", Right: true), new("GPUS", Right: true, Drop: 2),
        new("FITS", Right: true),
        new("SPOT/H", Right: true), new("ON DEMAND/H", Right: true), new("INTERRUPTED", Drop: 4), new("NOTE"),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job, as for refrag run") { NotOnSlurm = "it compares instance types of AWS" };
        Option<string[]> types = QueueInstanceTypes.Option();
        Option<string> from = new("--from") { Description = "A job's id: propose a smaller request from what it used." };
        Command verb =
            options.Verb("fit",
                "List the instance types that can host a job, with prices.\n"
                + "Shows also the nearest types that cannot, and the smallest change of the job that helps. "
                + "The exit code is 2 if no type can. "
                + "With --from, proposes what a job that ran would have needed, with a margin, and the difference in price.",
                types, from);
        verb.SetAction(
            (parsed, cancellationToken) => parsed.GetValue(from) is { } job
                ? QuerySession.RunAsync(context, options, parsed, session =>
                    new FitFromJob(session, QueueInstanceTypes.Names(parsed.GetValue(types))).RunAsync(job, cancellationToken))
                : RunAsync(context, options, parsed, QueueInstanceTypes.Names(parsed.GetValue(types)), parsed.GetValue(options.Json),
                    cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, QueryOptions options, ParseResult parsed, IReadOnlyList<string> named,
        bool json, CancellationToken cancellationToken)
    {
        KnownCatalogue known = UserCatalogue.Load(context);
        PriceTable prices = known.Prices;
        if (!options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)
            || !JobComposer.Plan(context, spec).TryGet(out PlannedJob? job, out problems)
            || !(await QueueInstanceTypes.ReadAsync(context, job, named, null, cancellationToken))
                .TryGet(out QueueInstanceTypes? target, out problems)
            || !Fit.Check(target.Needs, target.Types, known.TypesIn(QueueInstanceTypes.Region(context, spec)), prices)
                .TryGet(out Fit? fit, out problems))
        {
            return context.Refuse(problems);
        }
        if (target.Untyped is { } untyped) return context.Refuse([untyped]);
        string region = QueueInstanceTypes.Region(context, spec);
        if (json) context.Terminal.Output(JsonOutput.Line(FitReport.Of(fit, prices, region), DiagnoseJson.Default.FitReport));
        else Print(context, target, fit, prices, region);
        return fit.Fits ? ExitCodes.Success : ExitCodes.Trouble;
    }

    private static void Print(CliContext context, QueueInstanceTypes target, Fit fit, PriceTable prices, string region)
    {
        context.Terminal.Output($"{target.Needs} on {target.Source}");
        List<Cell[]> rows = [.. fit.Hosts.Concat(fit.Misses.Take(Misses))
            .Select(one => Row(one, prices.Find(one.Type.Name, region), string.Join("; ", one.Shortfalls)))];
        // What is missing is the answer: where it has no room in the table, it stands below it.
        bool isWide = Table.Fits(s_columns, rows, context.Terminal.Width);
        Table table = new(context.Terminal, isWide ? s_columns : s_columns[..^1]);
        foreach (Cell[] row in rows) table.Add(isWide ? row : row[..^1]);
        table.Flush();
        foreach (TypeFit miss in isWide ? [] : fit.Misses.Take(Misses))
            context.Terminal.Output($"{miss.Type.Name} {string.Join("; ", miss.Shortfalls)}");
        if (fit is { Fits: true, IsSure: false })
            context.Terminal.Output("It probably fits: how much memory jobs can have depends on the machine image.");
        foreach (Change change in fit.Changes)
            context.Terminal.Output($"To make it {(fit.Fits ? "surely " : "")}fit: {change.Text}.");
        DateOnly?[] dates = [.. fit.Hosts.Concat(fit.Misses).Select(f => prices.Find(f.Type.Name, region)?.AsOf).Where(d => d is not null)];
        context.Terminal.Note(
            dates.Length == 0
                ? PriceDates.NoPrices(prices, region)
                : string.Create(CultureInfo.InvariantCulture,
                $"Prices in USD, Linux, {region}, {PriceDates.Text(dates, context.Time)}.")
                    + " Memory is what jobs can have, not what is installed.");
    }

    private static Cell[] Row(TypeFit fit, Price? price, string note) =>
    [
        new(fit.Type.Name, fit.Hosts ? Tone.Good : Tone.Dim), fit.Type.VCpus.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{fit.Type.Usable.MemoryMiB} MiB"),
        fit.Type.Gpus.ToString(CultureInfo.InvariantCulture),
        Times(fit), MoneyText.PerHour(price?.Spot),
        MoneyText.PerHour(price?.OnDemand), Interruptions.Text(price?.Interruption), note,
    ];

    // How many jobs an instance hosts; from what is sure to what its machine image may allow.
    private static string Times(TypeFit fit) => fit switch
    {
        { Hosts: false } => "no",
        { IsSure: false } => "probably",
        _ when fit.SurelyPerInstance < fit.PerInstance =>
            string.Create(CultureInfo.InvariantCulture, $"{fit.SurelyPerInstance} to {fit.PerInstance}×"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{fit.PerInstance}×"),
    };
}
