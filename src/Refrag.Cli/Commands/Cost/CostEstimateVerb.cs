using System.CommandLine;
using System.Globalization;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Costs;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Cost;

/// <summary><c>refrag cost estimate</c>: what a job would cost.</summary>
internal static class CostEstimateVerb
{
    private static readonly Column[] s_columns =
    [
        new("TYPE"), new("PER INSTANCE", Right: true, Drop: 3), new("SPOT", Right: true), new("REWORK", Right: true, Drop: 2),
        new("ON DEMAND", Right: true), new("INTERRUPTED", Drop: 1), new("PRICES OF", Drop: 4),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job, as for refrag run");
        Option<double> hours = new("--hours") { Description = "How long it runs.", DefaultValueFactory = _ => 1 };
        hours.Must(h => h is > 0 and < 100_000, "must be above 0 and below 100,000");
        Option<string[]> types = QueueInstanceTypes.Option();
        Command verb =
            options.Verb("estimate",
                "Estimate what a job would cost on each instance type that can host it.\n"
                + "On Spot and on demand, with the date of the prices and the cost of the work that interruptions are expected to undo.",
                hours, types);
        verb.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    context, options, parsed, parsed.GetValue(hours), QueueInstanceTypes.Names(parsed.GetValue(types)), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, QueryOptions options, ParseResult parsed, double hours,
        IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        KnownCatalogue known = UserCatalogue.Load(context);
        if (!options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)
            || !JobComposer.Plan(context, spec).TryGet(out PlannedJob? job, out problems)
            || !(await QueueInstanceTypes.ReadAsync(context, job, named, null, cancellationToken))
                .TryGet(out QueueInstanceTypes? target, out problems)
            || !CostEstimate.Of(
            target.Question(hours, QueueInstanceTypes.Region(context, spec), DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime)),
            known.Types, known.Prices).TryGet(out CostEstimate? estimate, out problems))
        {
            return context.Refuse(problems);
        }
        if (target.Untyped is { } untyped) return context.Refuse([untyped]);
        if (parsed.GetValue(options.Json))
            context.Terminal.Output(JsonOutput.Line(EstimatedCost.Of(estimate), CostJson.Default.EstimatedCost));
        else Print(context, target, estimate);
        return estimate.Likely is not null ? ExitCodes.Success : ExitCodes.Trouble;
    }

    private static void Print(CliContext context, QueueInstanceTypes target, CostEstimate estimate)
    {
        CostQuestion question = estimate.Question;
        context.Terminal.Output(
            string.Create(
                CultureInfo.InvariantCulture, $"{QueueInstanceTypes.Work(question)} for {question.Hours:0.##} h on {target.Source}"));
        if (!estimate.Fit.Fits)
        {
            context.Terminal.Output("No instance type can host it; `refrag fit` says what to change.");
            return;
        }
        Table table = new(context.Terminal, s_columns);
        foreach (HostCost host in estimate.Hosts)
        {
            table.Add(host.Type.Name, host.PerInstance.ToString(CultureInfo.InvariantCulture), MoneyText.Of(host.Spot),
                MoneyText.Of(host.Rework), MoneyText.Of(host.OnDemand),
                Interruptions.Text(host.Price?.Interruption),
                host.Price?.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? (host.Price is null ? "?" : "undated"));
        }
        table.Flush();
        if (estimate.Likely is not { } likely)
        {
            context.Terminal.Note(PriceDates.NoPrices(UserCatalogue.Load(context).Prices, question.Region));
            return;
        }
        bool withRework = question.Spot != false;
        string market = question.Spot switch { true => "Spot", false => "on demand", _ => "Spot where it has a price" };
        context.Terminal.Output(
            $"Estimate: {MoneyText.Of(likely)} on the cheapest type, up to {MoneyText.Of(estimate.Most)} "
            + $"({market}, {question.Region}, whole instances{(withRework ? ", expected rework included" : "")}).");
        string oldest = estimate.PricesOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no date";
        if (estimate.IsStale)
            context.Terminal.Note(
                $"The prices are stale: the oldest is of {oldest}, more than {CostEstimate.FreshDays} days ago. "
                + "`refrag catalog refresh` reads today's.");
        if (withRework)
            context.Terminal.Note(
                "Rework: the Spot price of work that is expected to be lost to interruptions and done again from its beginning; "
                + "checkpoints make it less.");
    }
}
