using System.Text.RegularExpressions;

namespace Refrag.Composition.Yaml;

/// <summary>
/// Which plain scalars are numbers. The patterns have no nested repetition of the same characters and so take linear time.
/// </summary>
internal static partial class YamlNumbers
{
    // Matching is linear, so no text can take long; a limit of wall time would only fail on a machine that is busy.
    private const int MillisecondsPerMatch = System.Threading.Timeout.Infinite;

    public static bool LooksLikeFloat(string text) => YamlFloat().IsMatch(text);

    public static bool LooksLikeInteger(string text) => YamlInteger().IsMatch(text);

    // First what PyYAML takes, then what OmegaConf adds: exponents without a point or a sign.
    [GeneratedRegex(
        """
        ^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
        |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
        |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
        |[-+]?[0-9]+(?:_[0-9]+)*[eE][-+]?[0-9]+
        |[-+]?\.(?:inf|Inf|INF)
        |\.(?:nan|NaN|NAN))\z
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        MillisecondsPerMatch)]
    private static partial Regex YamlFloat();

    [GeneratedRegex(
        """
        ^[-+]?(?:0b[01_]+
        |0[0-7_]+
        |0
        |[1-9][0-9_]*(?::[0-5]?[0-9])*
        |0x[0-9a-fA-F_]+)\z
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        MillisecondsPerMatch)]
    private static partial Regex YamlInteger();
}
