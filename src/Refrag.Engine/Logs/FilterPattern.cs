using System.Text.RegularExpressions;

namespace Refrag.Engine.Logs;

/// <summary>
/// A filter pattern of CloudWatch Logs for plain lines: terms that must all be there, <c>?term</c> (one of these must be there),
/// <c>-term</c> that must not be there, <c>"a phrase"</c>, and <c>%regular expression%</c>. Upper and lower case differ. Patterns for JSON
/// and for columns are not supported.
/// </summary>
internal sealed partial class FilterPattern
{
    private readonly List<string> _all = [];
    private readonly List<string> _any = [];
    private readonly List<string> _none = [];
    private readonly Regex? _expression;

    private FilterPattern(IEnumerable<Match> terms)
    {
        foreach (Match term in terms)
            List(term.Groups["sign"].Value).Add(term.Groups["quoted"].Success ? term.Groups["quoted"].Value : term.Groups["word"].Value);
    }

    private FilterPattern(Regex expression) => _expression = expression;

    /// <summary>Reads a pattern; null if it is not one that is understood here.</summary>
    public static FilterPattern? Parse(string? text)
    {
        string pattern = text?.Trim() ?? "";
        if (pattern is ['{' or '[', ..]) return null;
        if (pattern is ['%', .., '%'] && pattern.Length > 2)
            return Expression(pattern[1..^1]) is { } expression ? new FilterPattern(expression) : null;
        return new FilterPattern(Terms().Matches(pattern));
    }

    /// <summary>Whether a line is wanted.</summary>
    public bool Matches(string line)
    {
        if (_expression is not null) return _expression.IsMatch(line);
        // Beside terms that must be there, optional ones add nothing. (CloudWatch Logs guide, filter pattern syntax)
        return _all.TrueForAll(line.Contains) && !_none.Exists(line.Contains)
            && (_all.Count > 0 || _any.Count == 0 || _any.Exists(line.Contains));
    }

    private List<string> List(string sign) => sign switch { "?" => _any, "-" => _none, _ => _all };

    // Of the kind that never takes longer than the line is long: the pattern comes from outside.
    private static Regex? Expression(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [GeneratedRegex("(?<sign>[?-]?)(?:\"(?<quoted>[^\"]*)\"|(?<word>[^\\s\"]+))",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Terms();
}
