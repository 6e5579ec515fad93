using System.Text;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>Texts: a whole value of the configuration, and quoted text.</summary>
internal sealed partial class SyntaxParser
{
    private bool AtInterpolation => Current == '$' && _at + 1 < text.Length && text[_at + 1] == '{';

    /// <summary>The value of a key: an interpolation alone, or text with any number of them.</summary>
    public Syntax? ConfigValue()
    {
        if (Text(quote: null) is not { } parts) return null;
        return parts.Count == 1 && parts[0] is InterpolationSyntax alone ? alone : Joined(parts);
    }

    private Syntax? Quoted()
    {
        int open = _at;
        char quote = text[_at++];
        if (Text(quote) is not { } parts) return null;
        if (End) return Fail(open, "The quotes that begin here are not closed", $"Add a {quote}.");
        _at++;
        return Joined(parts);
    }

    private static Syntax Joined(List<Syntax> parts) => parts switch
    {
        [] => new Literal(ConfigScalar.Of("")),
        [Literal only] => only,
        _ => new Template(parts),
    };

    // Reads to the closing quote, which is left, or to the end if there is no quote.
    private List<Syntax>? Text(char? quote)
    {
        var parts = new List<Syntax>();
        var raw = new StringBuilder();
        while (!End && Current != quote)
        {
            if (AtInterpolation)
            {
                Flush(parts, raw);
                if (Interpolation() is not { } inner) return null;
                parts.Add(inner);
            }
            else if (Current == '\\')
            {
                Backslashes(raw, quote);
            }
            else
            {
                raw.Append(text[_at++]);
            }
        }
        Flush(parts, raw);
        return parts;
    }

    // Backslashes mean something only before ${ and, in quotes, before the quote: two are one there, and one takes the meaning away.
    private void Backslashes(StringBuilder raw, char? quote)
    {
        int start = _at;
        while (Current == '\\') _at++;
        int count = _at - start;
        bool special = AtInterpolation || (!End && Current == quote);
        raw.Append('\\', special ? count / 2 : count);
        if (!special || count % 2 == 0) return;
        if (Current != quote) raw.Append(text[_at++]);
        raw.Append(text[_at++]);
    }
}
