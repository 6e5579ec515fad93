using System.CommandLine;
using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;

namespace Refrag.Cli.Commands.Cost;

/// <summary><c>refrag budget</c>: how much of the project's budgets is taken this month.</summary>
internal static class BudgetVerb
{
    private static readonly Column[] s_columns =
    [
        new("BUDGET", Least: 8), new("OF", Least: 8), new("USD", Right: true), new("SPENT", Right: true),
        new(JobStatus.Running, Right: true, Drop: 2), new("WAITING", Right: true, Drop: 3), new("TAKEN", Right: true),
        new("FORECAST", Right: true, Drop: 1), new("OVER", Drop: 4),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new() { NotOnSlurm = "its hours have no price" };
        Command verb = options.Verb("budget",
            "Show how much of the project's budgets is taken this month.\n"
            + $"Budgets are in {BudgetFile.Name} beside the configuration. Counted are the jobs of the account and region: what they have "
            + "cost at least, what running ones will cost yet, and what waiting ones will.");
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, session =>
            RunAsync(session, new BudgetGate(context, Configurations.Folders(context, options.FoldersOf(parsed)), exceeds: false),
                cancellationToken)));
        return verb;
    }

    private static async Task<int> RunAsync(QuerySession session, BudgetGate gate, CancellationToken cancellationToken)
    {
        if (!gate.Budgets().TryGet(out IReadOnlyList<Budget>? budgets, out IReadOnlyList<Problem> problems))
            return session.Context.Refuse(problems);
        if (budgets.Count == 0)
        {
            session.Terminal.Note($"No budgets: there is no {BudgetFile.Name} beside the configuration, or it has none.");
            return ExitCodes.Success;
        }
        if (session.Connection is not { } connection)
        {
            session.Terminal.Note("env=local costs nothing on AWS, and counts to no budget.");
            return ExitCodes.Success;
        }
        BudgetReader reader = new(session.Context, session.Batch, connection.Place, session.Region);
        BudgetLedger ledger = await reader.ReadAsync(budgets, cancellationToken);
        if (session.Json)
        {
            foreach (BudgetStanding standing in ledger.Standings)
                session.Terminal.Output(JsonOutput.Line(BudgetLine.From(ledger.Month, standing, session.Now), CostJson.Default.BudgetLine));
            return ExitCodes.Success;
        }
        Print(session, ledger);
        return ExitCodes.Success;
    }

    private static void Print(QuerySession session, BudgetLedger ledger)
    {
        Table table = new(session.Terminal, s_columns);
        foreach (BudgetStanding one in ledger.Standings)
        {
            table.Add(one.Budget.Name, one.Key, MoneyText.Of(one.Budget.Usd), MoneyText.Of(one.SpentUsd), MoneyText.Of(one.RunningUsd),
                MoneyText.Of(one.WaitingUsd), Part(one), MoneyText.Of(one.Forecast(session.Now)), Rule(one.Budget));
        }
        table.Flush();
        session.Terminal.Note(
            $"{ledger.Month} (UTC). Spent: at least, as `refrag cost report` counts. Forecast: spent, and the larger of what runs and "
            + $"waits and of the rate of the last {BudgetStanding.RateDays} days until the month's end.");
        if (ledger.Standings.Any(one => one.Unpriced > 0))
            session.Terminal.Note("Jobs without a price, such as those on Fargate, are not counted.");
    }

    private static string Part(BudgetStanding one) =>
        (one.TakenUsd / one.Budget.Usd).ToString("0%", CultureInfo.InvariantCulture);

    private static string Rule(Budget budget) => budget.Over == BudgetRule.Refuse ? "refuse" : "warn";
}
