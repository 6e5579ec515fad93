using System.Globalization;

namespace Refrag.Costs;

/// <summary>What an amount rests on, in one word for each part of it.</summary>
public static class CostBasis
{
    /// <summary>AWS's bill allocates it.</summary>
    public const string Billed = "billed";

    /// <summary>It follows from the instance that the job ran on.</summary>
    public const string Measured = "measured";

    /// <summary>It follows from the cheapest instance type that could have hosted the job.</summary>
    public const string Assumed = "assumed";

    /// <summary>Something ran, and nothing of it has a price.</summary>
    public const string Unknown = "unknown";

    /// <summary>Nothing ran.</summary>
    public const string None = "none";

    /// <summary>The word; of several parts each word with its percentage, which is never 0 or 100.</summary>
    /// <param name="billed">USD that were billed.</param>
    /// <param name="measured">USD that were measured.</param>
    /// <param name="assumed">USD that are assumed.</param>
    /// <param name="hasUnpriced">Whether something ran and has no price.</param>
    public static string Of(decimal billed, decimal measured, decimal assumed, bool hasUnpriced)
    {
        (decimal Usd, string Word)[] parts = [(billed, Billed), (measured, Measured), (assumed, Assumed)];
        parts = [.. parts.Where(part => part.Usd > 0)];
        decimal sum = billed + measured + assumed;
        return parts.Length switch
        {
            0 => hasUnpriced ? Unknown : None,
            1 => parts[0].Word,
            _ => string.Join(", ", parts.Select(part => $"{Percent(part.Usd / sum)}% {part.Word}")),
        };
    }

    private static string Percent(decimal part) =>
        Math.Clamp((int)Math.Round(part * 100), 1, 99).ToString(CultureInfo.InvariantCulture);
}
