using System.Globalization;

namespace Refrag.Costs;

/// <summary>What several pieces of work would cost together.</summary>
/// <param name="Estimates">One for each piece; at least one.</param>
public sealed record CostSum(IReadOnlyList<CostEstimate> Estimates)
{
    /// <summary>The figure to decide by: the sum of <see cref="CostEstimate.Likely"/>; null if one of them has none.</summary>
    public decimal? Likely => Estimates.All(e => e.Likely is not null) ? Estimates.Sum(e => e.Likely) : null;

    /// <summary>
    /// Refuses what is estimated to cost more than a limit together; null if it may run. Where one of them cannot be estimated that is
    /// refused too.
    /// </summary>
    /// <param name="limit">USD.</param>
    public Problem? Above(decimal limit)
    {
        if (Estimates is [var one]) return one.Above(limit);
        if (Estimates.FirstOrDefault(e => e.Likely is null) is { } unknown) return unknown.Above(limit);
        if (Likely is not { } sum || sum <= limit) return null;
        return new Problem
        {
            Code = "RF2080",
            What = string.Create(CultureInfo.InvariantCulture,
                $"The {Estimates.Sum(e => e.Question.Parts)} jobs are estimated at ${sum:0.00} together, above the limit of ${limit:0.00}"),
            Cause = string.Create(CultureInfo.InvariantCulture,
                $"{Estimates.Count} submissions of {Estimates.Min(e => e.Likely):0.00} to {Estimates.Max(e => e.Likely):0.00} USD"),
            Cure = "Raise --max-cost, sweep over less, or see `refrag cost estimate` for what one of them costs.",
        };
    }
}
