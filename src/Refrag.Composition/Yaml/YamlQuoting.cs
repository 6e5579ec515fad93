using System.Text.RegularExpressions;

namespace Refrag.Composition.Yaml;

/// <summary>Which texts need quotes because a reader would take them for another type.</summary>
internal static partial class YamlQuoting
{
    public static bool IsNeeded(string text) =>
        YamlScalars.Plain(text, default) is not { Text: not null }
        || text is "y" or "Y" or "n" or "N" or "="
        || YamlNumbers.LooksLikeInteger(text)
        || IsPythonNumber(text)
        || Timestamp().IsMatch(text);

    // OmegaConf quotes whatever Python's int() and float() take, which is more than YAML does.
    private static bool IsPythonNumber(string text)
    {
        string trimmed = text.Trim();
        return PythonNumber().IsMatch(trimmed);
    }

    [GeneratedRegex(
        @"^[-+]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?(?:[eE][-+]?[0-9](?:_?[0-9])*)?"
            + @"|\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?|(?i:inf|infinity|nan))\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex PythonNumber();

    // Dates are text to OmegaConf and are quoted for other readers.
    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"
            + @"|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
            + @"(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Timestamp();
}
