using System.Text.Json.Serialization;
using Refrag.Budgets;
using Refrag.Costs;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Streams;

namespace Refrag.Dashboard.Costs;

/// <summary>What jobs have cost and what is taken of budgets. Amounts are USD; what is measured and what is assumed stand apart.</summary>
internal sealed record CostPage : PageReading
{
    /// <summary>What costs are added up by: <c>queue</c> or the name of a tag.</summary>
    public string By { get; init; } = "";

    /// <summary>The first and the last day, as <c>yyyy-MM-dd</c> of UTC.</summary>
    public IReadOnlyList<string> Span { get; init; } = [];

    /// <summary>The groups, the dearest first; of many the dearest.</summary>
    public IReadOnlyList<CostRow> Rows { get; init; } = [];

    /// <summary>What is not in <see cref="Rows"/>, together; null if all are.</summary>
    public CostRow? Others { get; init; }

    /// <summary>All groups together.</summary>
    public CostRow? Sum { get; init; }

    /// <summary>By day, and by the dearest groups; the others have no key.</summary>
    public IReadOnlyList<DayCost> Days { get; init; } = [];

    /// <summary>Where prices come from, and what was assumed.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The month of the budgets, in words.</summary>
    public string? Month { get; init; }

    /// <summary>The budgets, of each those with the most taken first; null if they cannot be read.</summary>
    public IReadOnlyList<BudgetBar>? Budgets { get; init; }

    /// <summary>How many of a budget are not in <see cref="Budgets"/>.</summary>
    public IReadOnlyList<BudgetRest> LeftOut { get; init; } = [];

    /// <summary>Why the budgets cannot be read.</summary>
    public IReadOnlyList<PageProblem> BudgetProblems { get; init; } = [];

    /// <summary>Whether jobs here cost nothing on AWS: they run on this machine.</summary>
    public bool IsLocal { get; init; }
}

/// <summary>What the jobs of a group have cost.</summary>
internal sealed record CostRow
{
    /// <summary>The queue or the tag's value; of several groups how many they are.</summary>
    public required string Key { get; init; }

    /// <summary>How many jobs.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>How long they ran, in milliseconds.</summary>
    public required long Ran { get; init; }

    /// <summary>Computed from the instances that they ran on.</summary>
    public required decimal Measured { get; init; }

    /// <summary>Computed from the cheapest instance that could host them.</summary>
    public required decimal Assumed { get; init; }

    /// <summary>Of both, what failed attempts have cost.</summary>
    public required decimal Failed { get; init; }

    /// <summary>What it rests on, in words.</summary>
    public required string Basis { get; init; }

    /// <summary>Jobs that ran and have no price: they are not in the amounts.</summary>
    public required int Unpriced { get; init; }

    /// <summary>Jobs that only the history knows.</summary>
    public required int Remembered { get; init; }

    public static CostRow Of(string key, params IReadOnlyCollection<CostGroup> groups)
    {
        decimal measured = groups.Sum(group => group.BilledUsd + group.MeasuredUsd);
        decimal usd = groups.Sum(group => group.Usd);
        int unpriced = groups.Sum(group => group.Unpriced);
        return new CostRow
        {
            Key = key,
            Jobs = groups.Sum(group => group.Jobs),
            Attempts = groups.Sum(group => group.Attempts),
            Ran = (long)groups.Sum(group => group.Ran.TotalMilliseconds),
            Measured = Rounded(measured),
            Assumed = Rounded(usd - measured),
            Failed = Rounded(groups.Sum(group => group.FailedUsd)),
            Basis = CostBasis.Of(0, measured, usd - measured, unpriced > 0),
            Unpriced = unpriced,
            Remembered = groups.Sum(group => group.Remembered),
        };
    }

    internal static decimal Rounded(decimal usd) => Math.Round(usd, 6);
}

/// <summary>What a group has cost on a day.</summary>
/// <param name="Day">The day of UTC, as <c>yyyy-MM-dd</c>.</param>
/// <param name="Key">The group; null for all that have no colour of their own.</param>
/// <param name="Measured">USD that were measured.</param>
/// <param name="Assumed">USD that are assumed.</param>
internal sealed record DayCost(string Day, string? Key, decimal Measured, decimal Assumed);

/// <summary>Of a budget for each value of a tag, those that are not shown.</summary>
/// <param name="Name">The budget's name.</param>
/// <param name="Count">How many they are.</param>
internal sealed record BudgetRest(string Name, int Count);

/// <summary>How much of a budget is taken this month, in USD.</summary>
internal sealed record BudgetBar
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whose jobs count to it.</summary>
    public required string Of { get; init; }

    /// <summary>The budget of the month.</summary>
    public required decimal Usd { get; init; }

    /// <summary>Spent on instances that were measured.</summary>
    public required decimal Measured { get; init; }

    /// <summary>Spent on instances that are assumed.</summary>
    public required decimal Assumed { get; init; }

    /// <summary>What running jobs are expected to cost yet.</summary>
    public required decimal Running { get; init; }

    /// <summary>What waiting jobs are expected to cost.</summary>
    public required decimal Waiting { get; init; }

    /// <summary>What will be taken at the end of the month.</summary>
    public required decimal Forecast { get; init; }

    /// <summary>What a day costs, at the rate of the last <see cref="BudgetStanding.RateDays"/> days.</summary>
    public required decimal PerDay { get; init; }

    /// <summary>Jobs without a price: they are in no amount.</summary>
    public required int Unpriced { get; init; }

    /// <summary>Whether it refuses what it has no room for; otherwise it warns.</summary>
    public required bool Refuses { get; init; }

    public static BudgetBar From(BudgetStanding standing, DateTimeOffset now) => new()
    {
        Name = standing.Budget.Name,
        Of = standing.Key,
        Usd = standing.Budget.Usd,
        Measured = CostRow.Rounded(standing.MeasuredUsd),
        Assumed = CostRow.Rounded(standing.AssumedUsd),
        Running = CostRow.Rounded(standing.RunningUsd),
        Waiting = CostRow.Rounded(standing.WaitingUsd),
        Forecast = CostRow.Rounded(standing.Forecast(now)),
        PerDay = CostRow.Rounded(standing.RecentUsd / BudgetStanding.RateDays),
        Unpriced = standing.Unpriced,
        Refuses = standing.Budget.Over == BudgetRule.Refuse,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CostPage))]
internal sealed partial class CostPageJson : JsonSerializerContext;
