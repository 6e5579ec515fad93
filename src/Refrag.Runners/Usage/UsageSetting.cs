using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.Runners.Usage;

/// <summary>What the user says of measuring: how often, or not at all.</summary>
/// <param name="Interval">The least time between two samples; null for no measuring.</param>
/// <param name="IsWrong">Whether the text was not understood, and the usual time is taken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UsageSetting(TimeSpan? Interval, bool IsWrong)
{
    /// <summary>The variable: <c>off</c>, or seconds.</summary>
    public const string Variable = "REFRAG_USAGE";

    private const string Off = "off";
    private const double LeastSeconds = 0.1;
    private const double MostSeconds = 3600;

    /// <summary>The usual time between two samples.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads the variable's value.</summary>
    public static UsageSetting Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new UsageSetting(Usual, IsWrong: false);
        if (text == Off) return new UsageSetting(null, IsWrong: false);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds is >= LeastSeconds and <= MostSeconds
            ? new UsageSetting(TimeSpan.FromSeconds(seconds), IsWrong: false)
            : new UsageSetting(Usual, IsWrong: true);
    }
}
