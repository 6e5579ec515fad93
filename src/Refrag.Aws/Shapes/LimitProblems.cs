using System.Globalization;

namespace Refrag.Aws;

/// <summary>Broken limits in words for a user. RF3101–RF3108.</summary>
internal static class LimitProblems
{
    // Values are shown so that one recognizes them, not so that they fill the screen.
    private const int ShownLetters = 60;

    public static Problem Missing(string path) => Make("RF3101", $"{path} is missing, but required", "Give it a value.");

    public static Problem Unknown(string path, string value, IReadOnlyList<string> known) =>
        Make("RF3102", $"{path} is {Quote(value)}, which the API does not know",
            $"Use one of {string.Join(", ", known)}.{Suggestion.Sentence(value, known)}");

    /// <summary>A number, a length or a count beyond its limits.</summary>
    /// <param name="path">The member.</param>
    /// <param name="unit">What is counted; null if the member is the number itself.</param>
    /// <param name="value">How many there are.</param>
    /// <param name="min">The least; null if there is none.</param>
    /// <param name="max">The most; null if there is none.</param>
    /// <param name="isEngines">Whether the embedded engine sets the limit, and not AWS.</param>
    public static Problem OutOfRange(string path, string? unit, double value, double? min, double? max, bool isEngines = false) => Make(
        "RF3103",
        $"{path} {(unit is null ? $"is {Text(value)}" : $"has {Text(value)} {unit}")}, but "
            + $"{(isEngines ? "the embedded engine" : "AWS Batch")} allows {Range(min, max)}",
        value < min ? $"Give at least {Text(min.Value)}." : $"Give at most {Text(max!.Value)}.");

    public static Problem Shape(string path, string value, string words) =>
        Make("RF3104", $"{path} is {Quote(value)}, but must be {words}", "Change it accordingly.");

    public static Problem TooLarge(string what, int bytes, int limit, string cure) =>
        Make("RF3105", $"{what} takes {Text(bytes)} bytes as JSON, but AWS Batch allows {Text(limit)}", cure);

    public static Problem Contradiction(string what, string cure) => Make("RF3106", what, cure);

    public static Problem Reserved(string path, string name) =>
        Make("RF3107", $"{path} sets {Quote(name)}, but AWS Batch keeps names that begin with AWS_BATCH for itself",
            "Rename the variable.");

    public static Problem Nul(string path) =>
        Make("RF3108", $"{path} contains a NUL character, which no program's arguments and environment can hold", "Remove the character.");

    public static string Quote(string value) =>
        value.Length <= ShownLetters ? $"\"{value}\"" : $"\"{value[..ShownLetters]}…\" ({value.Length} characters)";

    private static Problem Make(string code, string what, string cure) => new() { Code = code, What = what, Cure = cure };

    private static string Range(double? min, double? max) => (min, max) switch
    {
        ({ } least, { } most) => $"{Text(least)} to {Text(most)}",
        ({ } least, null) => $"{Text(least)} or more",
        (null, { } most) => $"at most {Text(most)}",
        _ => "any",
    };

    private static string Text(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);
}
