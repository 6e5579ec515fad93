using System.Globalization;
using Refrag.Costs;

namespace Refrag.Cli.Context;

/// <summary>Of when prices are, for people; old ones with their age.</summary>
internal static class PriceDates
{
    /// <summary>Such as <c>of 2026-08-10 to 2026-11-23</c>.</summary>
    public static string Text(IEnumerable<DateOnly?> dates, TimeProvider time)
    {
        DateOnly[] known = [.. dates.OfType<DateOnly>()];
        if (known.Length == 0) return "without a date";
        string text =
            string.Create(CultureInfo.InvariantCulture,
                $"of {known.Min():yyyy-MM-dd}{(known.Max() > known.Min() ? $" to {known.Max():yyyy-MM-dd}" : "")}");
        int age = Age(known.Min(), time);
        return age <= CostEstimate.FreshDays
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text} (stale: up to {age} days old; `refrag catalog refresh` reads today's)");
    }

    /// <summary>That a region has no prices, and which have.</summary>
    public static string NoPrices(Scheduling.Catalogue.PriceTable prices, string region)
    {
        string[] known = [.. prices.Prices
            .Where(p => p.OnDemand is not null || p.Spot is not null)
            .Select(p => p.Region).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string of = known.Contains(region, StringComparer.Ordinal)
            ? $"No price is known for these types in {region}"
            : $"No prices are known for region {region}; there are some of {string.Join(", ", known)}";
        return $"{of}. `refrag catalog refresh env=awsbatch env.region={region}` reads them from AWS.";
    }

    /// <summary>Whole days since then.</summary>
    public static int Age(DateOnly date, TimeProvider time) =>
        DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - date.DayNumber;
}
