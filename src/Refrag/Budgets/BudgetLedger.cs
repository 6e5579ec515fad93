using Refrag.Costs;
using Refrag.History;

namespace Refrag.Budgets;

/// <summary>Adds up what jobs take of budgets: each job counts to every budget that it belongs to.</summary>
/// <param name="budgets">The budgets.</param>
/// <param name="now">The time, which says the month.</param>
public sealed class BudgetLedger(IReadOnlyList<Budget> budgets, DateTimeOffset now)
{
    private readonly Dictionary<(string Budget, string Key), BudgetStanding> _standings = Begun(budgets);

    /// <summary>The month.</summary>
    public BudgetMonth Month { get; } = BudgetMonth.Of(now);

    /// <summary>The earliest time whose costs matter.</summary>
    public DateTimeOffset Since => Month.Start < Recent ? Month.Start : Recent;

    /// <summary>The standings, in the order of the budgets; of a budget for each value one for each value that was seen.</summary>
    public IReadOnlyList<BudgetStanding> Standings =>
    [
        .. budgets.SelectMany(budget => _standings.Values.Where(one => one.Budget == budget)
            .OrderByDescending(one => one.TakenUsd).ThenBy(one => one.Key, StringComparer.Ordinal)),
    ];

    private DateTimeOffset Recent => now.AddDays(-BudgetStanding.RateDays);

    /// <summary>Counts what a job has cost until a time.</summary>
    /// <param name="job">A job of one container, a multi-node job, or one child of an array.</param>
    /// <param name="costing">The costs on its queue.</param>
    /// <param name="until">The end of what is known of it.</param>
    public void Spend(RecordedJob job, RecordedCosting costing, DateTimeOffset until)
    {
        RecordedCost month = costing.Of(Within(job, Month.Start, until), until);
        RecordedCost recent = costing.Of(Within(job, Recent, until), until);
        foreach (BudgetStanding standing in Of(job.Queue, job.Tags))
        {
            standing.MeasuredUsd += month.MeasuredUsd + month.BilledUsd;
            standing.AssumedUsd += month.AssumedUsd;
            standing.RecentUsd += recent.Usd;
            if (month.HasUnpriced) standing.Unpriced++;
        }
    }

    /// <summary>Counts what a running job is expected to cost yet.</summary>
    /// <param name="job">The job, with the attempt that runs.</param>
    /// <param name="costing">The costs on its queue.</param>
    /// <param name="left">How long it will run yet.</param>
    public void Run(RecordedJob job, RecordedCosting costing, TimeSpan left)
    {
        RecordedCost cost = Ahead(job, costing, left, job.OfJob.LastOrDefault()?.Instance);
        // That it has no price was counted with what it has spent.
        foreach (BudgetStanding standing in Of(job.Queue, job.Tags)) standing.RunningUsd += cost.Usd;
    }

    /// <summary>Counts what waiting jobs are expected to cost.</summary>
    /// <param name="job">One of them.</param>
    /// <param name="costing">The costs on its queue.</param>
    /// <param name="length">How long each will run.</param>
    /// <param name="count">How many there are.</param>
    public void Wait(RecordedJob job, RecordedCosting costing, TimeSpan length, int count = 1)
    {
        RecordedCost cost = Ahead(job, costing, length, instance: null);
        foreach (BudgetStanding standing in Of(job.Queue, job.Tags))
        {
            standing.WaitingUsd += cost.Usd * count;
            if (cost.HasUnpriced) standing.Unpriced += count;
        }
    }

    /// <summary>The standings that a job counts to.</summary>
    /// <param name="queue">The name of its queue.</param>
    /// <param name="tags">Its tags.</param>
    public IEnumerable<BudgetStanding> Of(string queue, IReadOnlyDictionary<string, string> tags)
    {
        foreach (Budget budget in budgets)
        {
            if (budget.Scope.KeyOf(queue, tags) is not { } key) continue;
            if (!_standings.TryGetValue((budget.Name, key), out BudgetStanding? standing))
                _standings[(budget.Name, key)] = standing = new BudgetStanding(budget, key);
            yield return standing;
        }
    }

    // A budget for each value has no standing before a value is seen.
    private static Dictionary<(string, string), BudgetStanding> Begun(IReadOnlyList<Budget> budgets) =>
        budgets.Where(budget => budget.Scope.Value != BudgetScope.Each).ToDictionary(
            budget => (budget.Name, budget.Scope.ToString()), budget => new BudgetStanding(budget, budget.Scope.ToString()));

    private static RecordedJob Within(RecordedJob job, DateTimeOffset from, DateTimeOffset until) => job with
    {
        Attempts =
        [
            .. job.Attempts.Where(attempt => (attempt.StoppedAt ?? until) > from)
                .Select(attempt => attempt.StartedAt < from ? attempt with { StartedAt = from } : attempt),
        ],
    };

    private RecordedCost Ahead(RecordedJob job, RecordedCosting costing, TimeSpan length, HostInstance? instance)
    {
        RecordedAttempt ahead = new(RecordedAttempt.WholeJob, Number: 1, now) { StoppedAt = now + length, Instance = instance };
        return costing.Of(job with { Attempts = [ahead] }, now + length);
    }
}
