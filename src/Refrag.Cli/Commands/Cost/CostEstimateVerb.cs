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
internal sealed class CostEstimateVerb(CliContext context, double hours, IReadOnlyList<string> named, bool json)
{
    private static readonly Column[] s_columns =
    [
        new("TYPE"), new("PER INSTANCE", Right: true, Drop: 3), new("SPOT", Right: true), new("REWORK", Right: true, Drop: 2),
        new("ON DEMAND", Right: true), new("INTERRUPTED", Drop: 1), new("PRICES OF", Drop: 4),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job, as for refrag run") { NotOnSlurm = "its hours have no price" };
        Option<double> hours = new("--hours") { Description = "How long it runs.", DefaultValueFactory = _ => 1 };
        hours.Must(h => h is > 0 and < 100_000, "must be above 0 and below 100,000");
        Option<string[]> types = QueueInstanceTypes.Option();
        Option<bool> multirun = new("--multirun", "-m") { Description = "Estimate a sweep: all its jobs, and their sum." };
        Command verb =
            options.Verb("estimate",
                "Estimate what a job would cost on each instance type that can host it.\n"
                + "On Spot and on demand, with the date of the prices and the cost of the work that interruptions are expected to undo.",
                hours, types, multirun);
        verb.SetAction((parsed, cancellationToken) =>
        {
            CostEstimateVerb run = new(context, parsed.GetValue(hours), QueueInstanceTypes.Names(parsed.GetValue(types)),
                parsed.GetValue(options.Json));
            return run.RunAsync(Specs(context, options, parsed, parsed.GetValue(multirun)), cancellationToken);
        });
        return verb;
    }

    private static Result<IReadOnlyList<JobSpec>> Specs(CliContext context, QueryOptions options, ParseResult parsed, bool multirun)
    {
        if (multirun) return options.Sweep(context, parsed);
        return options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)
            ? Result<IReadOnlyList<JobSpec>>.Success([spec])
            : Result<IReadOnlyList<JobSpec>>.Failure(problems);
    }

    private async Task<int> RunAsync(Result<IReadOnlyList<JobSpec>> specs, CancellationToken cancellationToken)
    {
        if (!specs.TryGet(out IReadOnlyList<JobSpec>? jobs, out IReadOnlyList<Problem> problems)
            || !(await TargetsAsync(jobs, cancellationToken)).TryGet(out IReadOnlyList<QueueInstanceTypes>? targets, out problems))
        {
            return context.Refuse(problems);
        }
        KnownCatalogue known = UserCatalogue.Load(context);
        DateOnly today = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        List<CostEstimate> estimates = [];
        foreach (QueueInstanceTypes target in targets)
        {
            if (target.Untyped is { } untyped) return context.Refuse([untyped]);
            CostQuestion question = target.Question(hours, QueueInstanceTypes.Region(context, target.Spec), today);
            if (!CostEstimate.Of(question, known.Types, known.Prices).TryGet(out CostEstimate? estimate, out problems))
                return context.Refuse(problems);
            estimates.Add(estimate);
            if (json) context.Terminal.Output(JsonOutput.Line(EstimatedCost.Of(estimate), CostJson.Default.EstimatedCost));
            else Print(context, target, estimate);
        }
        CostSum sum = new(estimates);
        if (estimates.Count > 1 && !json)
            context.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                $"Together: {MoneyText.Of(sum.Likely)} for {estimates.Sum(e => e.Question.Parts)} jobs of {estimates.Count} sizes."));
        return sum.Likely is not null ? ExitCodes.Success : ExitCodes.Trouble;
    }

    // Jobs of a sweep that need the same of the same types share instances, as the children of one array do.
    private async Task<Result<IReadOnlyList<QueueInstanceTypes>>> TargetsAsync(
        IReadOnlyList<JobSpec> specs, CancellationToken cancellationToken)
    {
        Dictionary<(ConnectionSpec At, string Queue, string Definition), QueriedQueue> asked = [];
        List<QueueInstanceTypes> targets = [];
        foreach (JobSpec spec in specs)
        {
            if (!JobComposer.Plan(context, spec).TryGet(out PlannedJob? job, out IReadOnlyList<Problem> problems)
                || !(await QueueInstanceTypes.ReadAsync(context, job, named, asked, cancellationToken))
                    .TryGet(out QueueInstanceTypes? target, out problems))
            {
                return Result<IReadOnlyList<QueueInstanceTypes>>.Failure(problems);
            }
            targets.Add(target);
        }
        return Result<IReadOnlyList<QueueInstanceTypes>>.Success(
            [.. targets.GroupBy(t => (t.Needs, t.Source, t.Spec.Connection, t.Needs.Nodes > 1 ? t : null))
                .Select(group => group.First() with { Parts = group.Sum(t => t.Parts) })]);
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
        context.Terminal.Output(
            $"At its share of an instance and without rework, as `refrag cost report` counts: at least {MoneyText.Of(estimate.AtShare)}.");
        context.Terminal.Note("Not counted: start-up and idle time of instances, EBS volumes and data transfer.");
        string oldest = estimate.PricesOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no date";
        if (estimate.IsStale)
            context.Terminal.Note(
                $"The prices are stale: the oldest is of {oldest}, more than {CostEstimate.FreshDays} days ago. "
                + "`refrag catalog refresh` reads today's.");
        if (withRework)
            context.Terminal.Note(
                "Rework: what interruptions are expected to undo, if they come at a constant rate, which gives the middle of the type's "
                + "class of the Spot advisor in a month, and each begins the work anew. Checkpoints make it less.");
    }
}
