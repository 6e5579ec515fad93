using System.Globalization;
using Refrag.Costs;

namespace Refrag.Budgets;

/// <summary>How much of a budget is taken in a month: what is spent, what running jobs will cost yet, and what waiting ones will.</summary>
/// <param name="budget">The budget.</param>
/// <param name="key">Of a budget for each value the value, otherwise its scope in words.</param>
public sealed class BudgetStanding(Budget budget, string key)
{
    /// <summary>The days whose spending is taken for the rate at which it continues.</summary>
    public const int RateDays = 7;

    /// <summary>The budget.</summary>
    public Budget Budget => budget;

    /// <summary>Of a budget for each value the value, otherwise its scope in words.</summary>
    public string Key => key;

    /// <summary>USD that jobs have cost this month on instances that were measured.</summary>
    public decimal MeasuredUsd { get; internal set; }

    /// <summary>USD that jobs have cost this month on instances that are assumed.</summary>
    public decimal AssumedUsd { get; internal set; }

    /// <summary>USD that running jobs are expected to cost yet.</summary>
    public decimal RunningUsd { get; internal set; }

    /// <summary>USD that waiting jobs are expected to cost.</summary>
    public decimal WaitingUsd { get; internal set; }

    /// <summary>USD that jobs have cost in the last <see cref="RateDays"/> days.</summary>
    public decimal RecentUsd { get; internal set; }

    /// <summary>Jobs that ran, run or wait and have no price: they are not in the sums.</summary>
    public int Unpriced { get; internal set; }

    /// <summary>USD that jobs have cost this month at least.</summary>
    public decimal SpentUsd => MeasuredUsd + AssumedUsd;

    /// <summary>All three sums, in USD.</summary>
    public decimal TakenUsd => SpentUsd + RunningUsd + WaitingUsd;

    /// <summary>What the spent sum rests on.</summary>
    public string Basis => CostBasis.Of(0, MeasuredUsd, AssumedUsd, Unpriced > 0);

    /// <summary>
    /// USD that will be taken at the end of the month: what is spent, and the larger of what runs and waits now and of what the rate of
    /// the last days comes to until then.
    /// </summary>
    /// <param name="now">The time.</param>
    public decimal Forecast(DateTimeOffset now)
    {
        var days = (decimal)(BudgetMonth.Of(now).End - now).TotalDays;
        return SpentUsd + Math.Max(RunningUsd + WaitingUsd, RecentUsd / RateDays * days);
    }

    /// <summary>The three sums in words.</summary>
    public string Sums() => string.Create(CultureInfo.InvariantCulture,
        $"spent ${SpentUsd:0.00} ({Basis}), running jobs ${RunningUsd:0.00} more, waiting jobs ${WaitingUsd:0.00}");
}

/// <summary>A calendar month of UTC.</summary>
/// <param name="Start">Its first moment.</param>
public sealed record BudgetMonth(DateTimeOffset Start)
{
    /// <summary>The first moment of the next.</summary>
    public DateTimeOffset End => Start.AddMonths(1);

    /// <summary>The month of a time.</summary>
    public static BudgetMonth Of(DateTimeOffset time)
    {
        DateTimeOffset utc = time.ToUniversalTime();
        return new BudgetMonth(new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Such as <c>November 2026</c>.</summary>
    public override string ToString() => Start.ToString("MMMM yyyy", CultureInfo.InvariantCulture);
}
