using Refrag.Aws;
using Refrag.Budgets;
using Refrag.Catalogues;
using Refrag.Policies;
using Refrag.Scaling;

namespace Refrag.Cli.Connections;

/// <summary>What budgets have left for the environments that they pace. The jobs are read anew every ten minutes at most.</summary>
/// <param name="session">Where to ask.</param>
/// <param name="budgets">The budgets by name.</param>
internal sealed class BudgetPaces(QuerySession session, IReadOnlyDictionary<string, Budget> budgets)
{
    // Reading them lists every job of the month, and what is spent changes slowly.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(10);

    private BudgetLedger? _ledger;
    private DateTimeOffset _readAt;

    /// <summary>What the budget of a policy has left, if the policy names one.</summary>
    public async Task<PaceReading> OfAsync(ScalingTarget target, CancellationToken cancellationToken)
    {
        if (target.Policy.Maximum is not { } maximum) return PaceReading.Unknown;
        KnownCatalogue known = UserCatalogue.Load(session.Context);
        if (EnvironmentPrice.PerVCpuHour(DeployedWorld.ModelOf(target.Environment, known, session.Region), known.Types, known.Prices)
            is not ({ } price and > 0))
            return new PaceReading(null, target.Environment.ComputeResources?.InstanceTypes ?? []);
        BudgetLedger ledger = await LedgerAsync(cancellationToken);
        decimal spent = ledger.Standings.Where(one => one.Budget.Name == maximum.Budget).Sum(one => one.SpentUsd);
        return new PaceReading(new BudgetPace(budgets[maximum.Budget].Usd - spent, ledger.Month.End - session.Now, price), []);
    }

    /// <summary>What is said of jobs that cannot be read: the maximum stays as it is.</summary>
    public static Problem Unreadable(AwsException failure) => new()
    {
        Code = "RF8178",
        What = "What is left of the budgets is not known, so the maximum stays as it is",
        Cause = failure.Problem.What,
        Cure = failure.Problem.Cure,
    };

    private async Task<BudgetLedger> LedgerAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = session.Now;
        if (_ledger is { } known && now - _readAt < s_fresh && known.Month == BudgetMonth.Of(now)) return known;
        BudgetReader reader = new(session.Context, session.Batch, session.Connection!.Place, session.Region);
        _ledger = await reader.ReadAsync([.. budgets.Values], cancellationToken);
        _readAt = now;
        return _ledger;
    }
}
