namespace Refrag.Composition.Interpolation;

/// <summary>Interpolations: <c>${key}</c> and <c>${resolver:arguments}</c>.</summary>
internal sealed partial class SyntaxParser
{
    private const string NotInNames = "\\{}()[]:. \t'\"";

    private InterpolationSyntax? Interpolation()
    {
        int open = _at;
        if (++_depth > limit)
            return FailAs<InterpolationSyntax>(open, $"Interpolations lie more than {limit} deep one in another", "Write them flatter.");
        _at += 2;
        SkipSpace();
        int dots = 0;
        while (Current == '.')
        {
            dots++;
            _at++;
        }
        if (Parts() is not { } parts) return null;
        InterpolationSyntax? made;
        if (SkipSpaceBefore(':')) made = Resolver(open, dots, parts);
        else if (SkipSpaceBefore('}')) made = Node(open, dots, parts);
        else made = End
            ? NotClosed(open)
            : FailAs<InterpolationSyntax>(
            _at, $"Unexpected {Shown(_at)} in an interpolation", "Write ${key}, ${a.b[0]} or ${resolver:arguments}.");
        _depth--;
        return made;
    }

    private NodeReference Node(int open, int dots, List<KeyPart> parts)
    {
        _at++;
        return new NodeReference(open, dots, parts);
    }

    private InterpolationSyntax? Resolver(int open, int dots, List<KeyPart> parts)
    {
        if (dots > 0 || !parts.TrueForAll(part => !part.InBrackets && (part.Nested is not null || IsResolverName(part.Name!))))
            return FailAs<InterpolationSyntax>(_at, "What stands before the : is not the name of a resolver",
                "Names are letters, digits, _ and -, joined by dots: ${oc.env:USER}.");
        _at++;
        SkipSpace();
        if (Sequence('}') is not { } arguments) return null;
        if (Current != '}')
            return End
                ? NotClosed(open)
                : FailAs<InterpolationSyntax>(_at, $"Unexpected {Shown(_at)} in an argument", "Put quotes around the argument.");
        _at++;
        return new ResolverReference(open, parts, arguments);
    }

    private InterpolationSyntax? NotClosed(int open) =>
        FailAs<InterpolationSyntax>(open, "The interpolation that begins here is not closed", "Add a }; to have ${ as text, write \\${.");

    private List<KeyPart>? Parts()
    {
        var parts = new List<KeyPart>();
        while (true)
        {
            bool brackets = Current == '[';
            if (brackets) _at++;
            if (Part(brackets) is not { } part) return null;
            parts.Add(part);
            if (brackets && Current != ']') return FailAs<List<KeyPart>>(_at, "A ] is missing in an interpolation", "Write ${a[b]}.");
            if (brackets) _at++;
            if (Current == '.') _at++;
            else if (Current != '[') return parts;
            else continue;
            // After a dot comes a name: a.[b] is not of the grammar.
            if (Current == '[') return FailAs<List<KeyPart>>(_at, "A name is missing after the dot", "Write ${a.b} or ${a[b]}.");
        }
    }

    private KeyPart? Part(bool brackets)
    {
        if (AtInterpolation) return Interpolation() is { } nested ? new KeyPart(null, nested, brackets) : null;
        int start = _at;
        while (!End && !NotInNames.Contains(Current)) _at++;
        if (_at > start) return new KeyPart(text[start.._at], null, brackets);
        string what = End ? "An interpolation is not closed" : $"A key is missing before {Shown(_at)}";
        FailAs<InterpolationSyntax>(_at, what, "Write ${key} or ${resolver:arguments}; to have ${ as text, write \\${.");
        return null;
    }

    private static bool IsResolverName(string name)
    {
        if (!char.IsAsciiLetter(name[0]) && name[0] != '_') return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }
        return true;
    }
}
