using System.Globalization;
using System.Text;

namespace Refrag.Composition.Composing;

/// <summary>Writes a time by the codes of C's strftime, as <c>%Y-%m-%d</c>, in English.</summary>
internal static class TimeFormat
{
    /// <summary>The letters behind a percent sign that mean something.</summary>
    public const string Codes = "YmdHMSfjyBbAaIpZzFTsuw%";

    /// <summary>The time as text; null if a code is not known.</summary>
    public static string? Write(string format, DateTimeOffset time)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%') text.Append(format[i]);
            else if (++i < format.Length && Code(format[i], time) is { } part) text.Append(part);
            else return null;
        }
        return text.ToString();
    }

    private static string? Code(char code, DateTimeOffset time) => code switch
    {
        'Y' => In(time, "yyyy"),
        'm' => In(time, "MM"),
        'd' => In(time, "dd"),
        'H' => In(time, "HH"),
        'M' => In(time, "mm"),
        'S' => In(time, "ss"),
        'f' => In(time, "ffffff"),
        'y' => In(time, "yy"),
        'B' => In(time, "MMMM"),
        'b' => In(time, "MMM"),
        'A' => In(time, "dddd"),
        'a' => In(time, "ddd"),
        'I' => In(time, "hh"),
        'p' => In(time, "tt"),
        'F' => In(time, "yyyy-MM-dd"),
        'T' => In(time, "HH:mm:ss"),
        'Z' or 'z' => In(time, "zzz").Replace(":", "", StringComparison.Ordinal),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        '%' => "%",
        _ => null,
    };

    // A format of one letter would be taken for a standard one; none here is.
    private static string In(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
