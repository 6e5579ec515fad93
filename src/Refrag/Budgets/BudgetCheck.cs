using System.Globalization;

namespace Refrag.Budgets;

/// <summary>Work that is about to be submitted.</summary>
/// <param name="Queue">The name of its queue.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Usd">What it is estimated to cost at its share of instances; null if that is not known.</param>
public sealed record NewWork(string Queue, IReadOnlyDictionary<string, string> Tags, decimal? Usd);

/// <summary>What budgets say of work.</summary>
/// <param name="Refusals">Why it is refused; empty if it may be sent.</param>
/// <param name="Warnings">What else there is to know.</param>
public sealed record BudgetVerdict(IReadOnlyList<Problem> Refusals, IReadOnlyList<Problem> Warnings);

/// <summary>Compares what is to be submitted with what is left of budgets.</summary>
/// <param name="user">Who submits.</param>
/// <param name="exceeds">Whether the user asks to exceed budgets.</param>
/// <param name="file">How messages name the file of the budgets.</param>
public sealed class BudgetCheck(string user, bool exceeds, string file)
{
    /// <summary>What the budgets say of work that is sent together.</summary>
    public BudgetVerdict Of(BudgetLedger ledger, IReadOnlyList<NewWork> works)
    {
        List<Problem> refusals = [];
        List<Problem> warnings = [];
        var shares = works
            .SelectMany(work => ledger.Of(work.Queue, work.Tags).Select(standing => (Standing: standing, work.Usd)))
            .GroupBy(share => share.Standing, share => share.Usd).ToArray();
        foreach (IGrouping<BudgetStanding, decimal?> share in shares)
        {
            BudgetStanding standing = share.Key;
            decimal sum = share.Sum(usd => usd ?? 0);
            decimal total = standing.TakenUsd + sum;
            bool isUnknown = share.Any(usd => usd is null);
            if (total <= standing.Budget.Usd && total < standing.Budget.WarnAt * standing.Budget.Usd && !isUnknown) continue;
            string what = What(ledger.Month, standing, total);
            string cause = Cause(standing, sum, isUnknown);
            string cure = Cure(standing.Budget, total > standing.Budget.Usd);
            if (total > standing.Budget.Usd && IsRefused(standing.Budget))
                refusals.Add(new Problem { Code = "RF8171", What = what, Cause = cause, Cure = cure });
            else warnings.Add(new Problem { Code = "RF8172", What = what, Cause = cause, Cure = cure });
        }
        return new BudgetVerdict(refusals, warnings);
    }

    /// <summary>What happens where the jobs cannot be read.</summary>
    /// <param name="budgets">The budgets.</param>
    /// <param name="why">What went wrong.</param>
    public BudgetVerdict Unreadable(IReadOnlyList<Budget> budgets, Problem why)
    {
        Problem problem = new()
        {
            Code = "RF8173",
            What = $"The budgets in {file} cannot be compared with what jobs cost",
            Cause = why.What,
            Cure = why.Cure,
        };
        return budgets.Any(IsRefused) ? new BudgetVerdict([problem], []) : new BudgetVerdict([], [problem]);
    }

    private bool IsRefused(Budget budget) =>
        budget.Over == BudgetRule.Refuse && !(exceeds && budget.MayExceed.Contains(user, StringComparer.Ordinal));

    private static string What(BudgetMonth month, BudgetStanding standing, decimal total) => string.Create(CultureInfo.InvariantCulture,
        $"Budget {standing.Budget.Name} ({standing.Key}) would be at ${total:0.00} of ${standing.Budget.Usd:0.00} in {month}");

    private string Cause(BudgetStanding standing, decimal own, bool isUnknown)
    {
        string unknown = isUnknown ? ", and jobs in it whose cost is not known" : "";
        string unpriced = standing.Unpriced == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; not counted: jobs without a price, {standing.Unpriced}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{standing.Sums()}, this submission ${own:0.00}{unknown}{unpriced}. {Rule(standing.Budget)}");
    }

    private string Rule(Budget budget) => budget.Over == BudgetRule.Warn
        ? $"{file} has `over: warn` for it."
        : exceeds && !budget.MayExceed.Contains(user, StringComparer.Ordinal)
            ? $"{file} has `over: refuse` for it, and {user} is not among those who may exceed it."
            : $"{file} has `over: refuse` for it.";

    private static string Cure(Budget budget, bool isOver)
    {
        if (!isOver) return "`refrag budget` shows what takes it.";
        const string Less = "Ask for less, end what runs or waits, or raise the budget";
        return budget is { Over: BudgetRule.Refuse, MayExceed: { Count: > 0 } users }
            ? $"{Less}; {string.Join(" or ", users)} may send it with --over-budget."
            : $"{Less}; `refrag budget` shows what takes it.";
    }
}
