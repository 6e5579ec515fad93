using System.Globalization;
using Refrag.Budgets;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Cost;

/// <summary>A line of <c>refrag budget --json</c>: how much of one budget is taken this month.</summary>
internal sealed record BudgetLine
{
    /// <summary>The budget's name.</summary>
    public required string Name { get; init; }

    /// <summary>The jobs that count to it: <c>all jobs</c>, <c>queue NAME</c> or <c>TAG=VALUE</c>.</summary>
    public required string Of { get; init; }

    /// <summary>The month of UTC, such as <c>2026-11</c>.</summary>
    public required string Month { get; init; }

    /// <summary>The budget, in USD a month.</summary>
    public required decimal Usd { get; init; }

    /// <summary>What jobs have cost this month at least, in USD.</summary>
    public required decimal SpentUsd { get; init; }

    /// <summary>Of it, what was computed from the instances that they ran on, in USD; the rest is assumed.</summary>
    public required decimal MeasuredUsd { get; init; }

    /// <summary>What running jobs are expected to cost yet, in USD.</summary>
    public required decimal RunningUsd { get; init; }

    /// <summary>What waiting jobs are expected to cost, in USD.</summary>
    public required decimal WaitingUsd { get; init; }

    /// <summary>
    /// What will be taken at the end of the month, in USD: what is spent, and the larger of what runs and waits and of the rate of the last
    /// seven days until then.
    /// </summary>
    public required decimal ForecastUsd { get; init; }

    /// <summary>Jobs that ran, run or wait and have no price: they are not in the sums.</summary>
    public required int Unpriced { get; init; }

    /// <summary>What happens to a submission that it has no room for: <c>warn</c> or <c>refuse</c>.</summary>
    public required string Over { get; init; }

    /// <summary>Users who may exceed it.</summary>
    public required IReadOnlyList<string> MayExceed { get; init; }

    public static BudgetLine From(BudgetMonth month, BudgetStanding standing, DateTimeOffset now) => new()
    {
        Name = standing.Budget.Name,
        Of = standing.Key,
        Month = month.Start.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        Usd = standing.Budget.Usd,
        SpentUsd = JsonOutput.Rounded(standing.SpentUsd),
        MeasuredUsd = JsonOutput.Rounded(standing.MeasuredUsd),
        RunningUsd = JsonOutput.Rounded(standing.RunningUsd),
        WaitingUsd = JsonOutput.Rounded(standing.WaitingUsd),
        ForecastUsd = JsonOutput.Rounded(standing.Forecast(now)),
        Unpriced = standing.Unpriced,
        Over = standing.Budget.Over == BudgetRule.Refuse ? "refuse" : "warn",
        MayExceed = standing.Budget.MayExceed,
    };
}
