using System.Globalization;
using System.Text.RegularExpressions;

namespace Refrag.Jobs;

/// <summary>Amounts of memory as people write them: <c>8192</c> (MiB), <c>64GiB</c>, <c>1.5TiB</c>.</summary>
internal static partial class MemorySize
{
    // Batch's own least for MEMORY. (API ResourceRequirement)
    public const long Least = 4;

    // No EC2 instance has more than 32 TiB; a larger number is a mistake of unit, bytes for MiB for example.
    public const long Most = 32L * 1024 * 1024;

    // A bare number this small was meant as GiB: no container does useful work in it.
    private const long LikelyGibiBytes = 256;

    /// <summary>Reads an amount; null with a cause and a cure where it makes no sense.</summary>
    public static MebiBytes? Parse(string text, out (string Cause, string Cure) fault)
    {
        fault = default;
        if (Pattern().Match(text) is not { Success: true } match)
        {
            fault = ("It is not a number with a unit", "Write MiB as a whole number (8192) or give the unit (8GiB).");
            return null;
        }
        string unit = match.Groups["unit"].Value;
        if (unit.Length > 0 && !unit.Contains('i', StringComparison.Ordinal))
        {
            string binary = $"{match.Groups["number"].Value}{char.ToUpperInvariant(unit[0])}iB";
            fault = ($"{unit} counts by thousands, Batch by 1,024", $"Write {binary}, if that is what you mean.");
            return null;
        }
        decimal number = decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return Scale(number, unit, text, out fault);
    }

    private static MebiBytes? Scale(decimal number, string unit, string text, out (string Cause, string Cure) fault)
    {
        decimal factor = unit is ""
            ? 1
            : char.ToUpperInvariant(unit[0]) switch { 'K' => 1m / 1024, 'M' => 1, 'G' => 1024, _ => 1024 * 1024 };
        decimal mebiBytes = number * factor;
        fault = (unit, mebiBytes) switch
        {
            (_, > Most) => ($"That is over {Most / 1024 / 1024} TiB, more than any instance has", "Memory is in MiB: 65536 is 64 GiB."),
            ("", < LikelyGibiBytes) => ("A number without a unit is in MiB", $"Write {text}GiB, or {text}MiB if you do mean that little."),
            (_, < Least) => ($"The least that Batch accepts is {Least} MiB", "Ask for more."),
            _ when mebiBytes != decimal.Truncate(mebiBytes) => ("Batch counts whole MiB", $"Write {decimal.Ceiling(mebiBytes)}."),
            _ => default,
        };
        return fault.Cause is null ? new MebiBytes((long)mebiBytes) : null;
    }

    // Twelve digits before the point are far above the most and far below an overflow.
    [GeneratedRegex(@"^(?<number>\d{1,12}(\.\d{1,6})?) ?(?<unit>|[KMGTkmgt]i?[Bb]?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
