namespace Refrag.Cli.Commands.Simulate;

/// <summary>Bars of text, one a line.</summary>
internal static class BarChart
{
    /// <summary>The columns where no terminal gives them.</summary>
    public const int UsualWidth = 80;

    private const int LeastBar = 10;
    private const int Eighths = 8;
    private static readonly string[] s_parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

    /// <summary>The lines. What is not known has no bar, and what is infinite the longest.</summary>
    /// <param name="bars">The name, the value and its text, each.</param>
    /// <param name="width">How many columns there are.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<(string Name, double? Value, string Text)> bars, int width)
    {
        int names = bars.Max(bar => bar.Name.Length);
        int room = Math.Max(LeastBar, width - names - bars.Max(bar => bar.Text.Length) - 4);
        double most = bars.Select(bar => bar.Value ?? 0).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return bars.Select(bar => $"  {bar.Name.PadRight(names)} {Bar(bar.Value ?? 0, most, room)} {bar.Text}".TrimEnd());
    }

    private static string Bar(double value, double most, int room)
    {
        if (double.IsPositiveInfinity(value)) return new string('█', room);
        if (most <= 0 || value <= 0) return "";
        int length = (int)Math.Round(value / most * room * Eighths);
        return new string('█', length / Eighths) + s_parts[length % Eighths];
    }
}
