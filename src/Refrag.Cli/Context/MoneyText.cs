using System.Globalization;

namespace Refrag.Cli.Context;

/// <summary>Amounts of USD for people.</summary>
internal static class MoneyText
{
    /// <summary>Such as <c>$1.54</c>; <c>?</c> for what is not known, and what is more than nothing and less than a cent as that.</summary>
    public static string Of(decimal? usd) => usd switch
    {
        null => "?",
        > 0 and < 0.01m => "<$0.01",
        { } value => value.ToString("$0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>The price of an instance-hour, to a hundredth of a cent; <c>?</c> for one that is not known.</summary>
    public static string PerHour(decimal? usd) => usd is { } value ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "?";
}
