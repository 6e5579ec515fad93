using System.Globalization;

namespace Refrag.Traces;

/// <summary>What is wrong with a trace, with file and line.</summary>
internal static class TraceProblem
{
    /// <summary>More of them are the same mistake over and over.</summary>
    public const int Most = 10;

    public static Problem At(string file, int line, string what, string cure, string? text = null) => new()
    {
        Code = "RF8150",
        What = what,
        Cure = cure,
        Place = new FilePlace(file, line, 1, text, Math.Max(1, text?.Length ?? 1)),
    };

    public static Problem Unreadable(string file, string reason) => new()
    {
        Code = "RF8151",
        What = $"The trace {file} cannot be read: {reason}",
        Cure = "Name a trace as docs/concepts/simulation.md describes it, or a file of `sacct --parsable2`.",
    };

    public static Problem TooMany(int most) => new()
    {
        Code = "RF6050",
        What = string.Create(CultureInfo.InvariantCulture, $"There are more than {most:N0} jobs, the most that are simulated here"),
        Cure = "Choose a shorter span, or run `refrag simulate` in a terminal, which has no such limit.",
    };

    public static Problem Empty(string file) => new()
    {
        Code = "RF8152",
        What = $"The trace {file} has no jobs",
        Cure = "Name a file with at least one job below its header.",
    };
}
