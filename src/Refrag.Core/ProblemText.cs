using System.Globalization;
using System.Text;

namespace Refrag;

/// <summary>Problems as text for people: sentence, place with a caret, cause and cure.</summary>
public static class ProblemText
{
    /// <summary>One problem, over several lines, without a final line break.</summary>
    public static string Render(Problem problem)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{problem.Code} {problem.What}");
        AppendPlace(text, problem.Place);
        if (problem.Cause is { } cause) text.Append(CultureInfo.InvariantCulture, $"\n  cause: {cause}");
        text.Append(CultureInfo.InvariantCulture, $"\n  cure:  {problem.Cure}");
        return text.ToString();
    }

    /// <summary>Several problems, an empty line between them.</summary>
    public static string Render(IEnumerable<Problem> problems) => string.Join("\n\n", problems.Select(Render));

    private static void AppendPlace(StringBuilder text, Place? place)
    {
        switch (place)
        {
            case ArgumentPlace argument:
                AppendCaret(text, argument.Text, argument.Column, argument.Length);
                break;
            case FilePlace file:
                text.Append(CultureInfo.InvariantCulture, $"\n  --> {file.Path}:{file.Line}:{file.Column}");
                if (file.LineText is { } line) AppendCaret(text, line, file.Column, file.Length);
                break;
            case VariablePlace { Value: { } value } variable:
                text.Append(CultureInfo.InvariantCulture, $"\n  --> environment variable {variable.Name}={value}");
                break;
            case VariablePlace variable:
                text.Append(CultureInfo.InvariantCulture, $"\n  --> environment variable {variable.Name} (not set)");
                break;
        }
    }

    private static void AppendCaret(StringBuilder text, string line, int column, int length)
    {
        // Control characters would move the caret or the terminal's cursor.
        string shown = string.Concat(line.Select(c => char.IsControl(c) ? '·' : c));
        int start = Math.Clamp(column - 1, 0, shown.Length);
        int span = Math.Clamp(length, 1, Math.Max(1, shown.Length - start));
        text.Append(CultureInfo.InvariantCulture, $"\n  | {shown}\n  | {new string(' ', start)}{new string('^', span)}");
    }
}
