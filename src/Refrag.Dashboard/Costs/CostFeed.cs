using System.Globalization;
using Refrag.Budgets;
using Refrag.Costs;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;

namespace Refrag.Dashboard.Costs;

/// <summary>Reads what jobs have cost and what is taken of budgets while a page shows it.</summary>
/// <param name="batch">Batch, at the pace of the budget.</param>
/// <param name="source">What is shown.</param>
/// <param name="time">The clock.</param>
internal sealed class CostFeed(PacedTransport batch, IDashboardSource source, TimeProvider time)
{
    /// <summary>The longest key of a tag. (AWS, Tag naming limits)</summary>
    public const int LongestBy = 128;

    /// <summary>The most days.</summary>
    public const int MostDays = 400;

    // A table that a person reads; of the others the sum is shown.
    private const int MostRows = 200;

    // Of a budget for each value of a tag, however many values were seen.
    private const int MostOfBudget = 50;

    // More colours than these are hard to distinguish.
    private const int MostColours = 7;

    private readonly Readings<CostPage> _readings =
        new("cost", CostPageJson.Default.CostPage, TimeSpan.FromMinutes(1), new CostPage(), time);

    /// <summary>Sends them until the page is gone.</summary>
    /// <param name="by"><c>queue</c> or the name of a tag.</param>
    /// <param name="days">How many days back jobs count, from 1 to <see cref="MostDays"/>.</param>
    /// <param name="events">Where they are sent.</param>
    /// <param name="cancellationToken">The page is gone.</param>
    public Task WriteAsync(string by, int days, EventWriter events, CancellationToken cancellationToken) =>
        _readings.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{days} {by}"), stop => ReadAsync(by, days, stop), events, cancellationToken);

    private async Task<CostPage> ReadAsync(string by, int days, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset since = now.AddDays(-days);
        CostReport report = new(by, now);
        await source.CostsAsync(report, since, batch, cancellationToken);
        // Jobs that ended are in the history by now, and are not described again.
        Result<BudgetLedger> read = await source.BudgetsAsync(batch, cancellationToken);
        IReadOnlyList<CostGroup> groups = report.Groups;
        HashSet<string> coloured = [.. groups.Take(MostColours).Select(group => group.Key)];
        return new CostPage
        {
            By = by,
            Span = [NameOf(DateOnly.FromDateTime(since.UtcDateTime)), NameOf(DateOnly.FromDateTime(now.UtcDateTime))],
            Rows = [.. groups.Take(MostRows).Select(group => CostRow.Of(group.Key, group))],
            Others = groups.Count > MostRows
                ? CostRow.Of(string.Create(CultureInfo.InvariantCulture, $"{groups.Count - MostRows} others"), [.. groups.Skip(MostRows)])
                : null,
            Sum = groups.Count > 0 ? CostRow.Of("together", [.. groups]) : null,
            Days =
            [
                .. report.Days.GroupBy(day => (day.Day, Key: coloured.Contains(day.Key) ? day.Key : null)).Select(of => new DayCost(
                    NameOf(of.Key.Day), of.Key.Key, CostRow.Rounded(of.Sum(day => day.BilledUsd + day.MeasuredUsd)),
                    CostRow.Rounded(of.Sum(day => day.AssumedUsd)))),
            ],
            Sources = [.. report.Sources],
            Month = read.TryGet(out BudgetLedger? ledger, out IReadOnlyList<Problem> problems) ? ledger.Month.ToString() : null,
            // Of each budget those with the most taken come first.
            Budgets = ledger is null ? null :
            [
                .. ledger.Standings.GroupBy(standing => standing.Budget)
                    .SelectMany(budget => budget.Take(MostOfBudget)).Select(standing => BudgetBar.From(standing, now)),
            ],
            LeftOut = ledger is null ? [] :
            [
                .. ledger.Standings.GroupBy(standing => standing.Budget).Where(budget => budget.Count() > MostOfBudget)
                    .Select(budget => new BudgetRest(budget.Key.Name, budget.Count() - MostOfBudget)),
            ],
            BudgetProblems = [.. problems.Select(PageProblem.Of)],
            IsLocal = source.Endpoint is null,
        };
    }

    private static string NameOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
