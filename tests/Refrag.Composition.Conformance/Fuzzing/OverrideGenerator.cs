using System.Text;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>Makes override texts: some by the grammar, some by the grammar and then damaged, some of pieces in any order.</summary>
internal sealed class OverrideGenerator(Chance chance)
{
    private static readonly string[] Pieces =
    [
        "=", "=", ",", ",", ":", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "\\\\", "\\,", "\\'", "\\\"", "${", "${a}", "${a:${b}}",
        "$", " ", "\t", "  ", "\n", "\0",
        "+", "++", "~", "@", "/", ".", "-", "_", "#", "!", "&", ";", "^", "<", ">", "`", "|", "?", "*", "%", "a", "b", "key", "true",
        "False", "null", "NULL", "inf", "-inf",
        "nan", "0", "1", "007", "1_000", "1__0", "1.", ".5", "1e5", "1e-05", "-3.14", "99999999999999999999", "1e400", "é", "ß", "漢字", "😀",
        "\ud800", "\u00a0", "\u2028", "٣",
        "choice(", "range(", "interval(", "glob(", "tag(", "sort(", "shuffle(", "int(", "float(", "str(", "bool(", "json_str(",
        "extend_list(", "zip(", "replace(", "sweep=", "list=",
        "reverse=true", "start=", "stop=", "step=", "value=", "include=", "exclude=", "[0]", "\\.", "\\=",
    ];

    private static readonly string[] Functions =
        ["choice", "range", "interval", "glob", "tag", "sort", "shuffle", "int", "float", "str", "bool", "json_str", "extend_list", "zip",
            "replace", "chioce"];

    private static readonly string[] Names = ["value", "sweep", "list", "reverse", "start", "stop", "step", "include", "exclude", "other"];

    private readonly StringBuilder _text = new();

    public string Next()
    {
        _text.Clear();
        int kind = chance.Next(10);
        if (kind < 2) Soup();
        else Override();
        if (kind >= 6) Damage();
        return _text.ToString();
    }

    private void Soup()
    {
        if (chance.OneIn(2)) _text.Append("key=");
        for (int i = chance.Next(14); i >= 0; i--) _text.Append(chance.Pick(Pieces));
    }

    private void Damage()
    {
        for (int i = chance.Next(3); i >= 0 && _text.Length > 0; i--)
        {
            int at = chance.Next(_text.Length);
            if (chance.OneIn(3)) _text.Remove(at, 1);
            else _text.Insert(at, chance.Pick(Pieces));
        }
    }

    private void Override()
    {
        _text.Append(chance.Pick(["", "", "", "+", "++", "~"]));
        Key();
        if (chance.OneIn(12)) return;
        _text.Append('=');
        if (chance.OneIn(20)) return;
        Value();
    }

    private void Key()
    {
        string separator = chance.Pick([".", ".", "/"]);
        for (int i = chance.Next(3); i >= 0; i--) _text.Append(chance.Pick(["a", "b_1", "key", "x-y", "$s", "größe", "0"]))
            .Append(i > 0 ? separator : "");
        if (chance.OneIn(8)) _text.Append(chance.Pick(["[0]", "[-1]", "\\.x", "[a\\=b].c"]));
        if (chance.OneIn(5)) _text.Append('@').Append(chance.Pick(["", "_global_", "pkg.sub", "_here_"]));
    }

    private void Value()
    {
        Element(0);
        if (!chance.OneIn(4)) return;
        for (int i = chance.Next(3); i >= 0; i--) Separated(() => Element(0));
    }

    private void Separated(Action next)
    {
        _text.Append(chance.Pick([",", ",", ", ", " , "]));
        next();
    }

    private void Element(int depth)
    {
        switch (depth > 4 ? 9 : chance.Next(10))
        {
            case 0 or 1: List(depth); break;
            case 2: Dictionary(depth); break;
            case 3 or 4: Function(depth); break;
            case 5: Quoted(); break;
            default: Plain(); break;
        }
    }

    private void List(int depth)
    {
        _text.Append('[');
        Several(() => Element(depth + 1));
        _text.Append(']');
    }

    private void Dictionary(int depth)
    {
        _text.Append('{');
        Several(() =>
        {
            _text.Append(chance.Pick(["a", "b c", "1", "true", "null", "1.0", "x\\:y", "k#"])).Append(chance.Pick([":", ": "]));
            Element(depth + 1);
        });
        _text.Append('}');
    }

    private void Function(int depth)
    {
        _text.Append(chance.Pick(Functions)).Append('(');
        Several(() =>
        {
            if (chance.OneIn(6)) _text.Append(chance.Pick(Names)).Append('=');
            Element(depth + 1);
        });
        _text.Append(')');
    }

    private void Several(Action next)
    {
        int count = chance.Next(4);
        for (int i = 0; i < count; i++)
        {
            if (i == 0) next();
            else Separated(next);
        }
    }

    private void Quoted()
    {
        string quote = chance.Pick(["'", "\""]);
        _text.Append(quote);
        for (int i = chance.Next(4); i > 0; i--) _text.Append(
            chance.Pick(["a", " ", "\\", "\\" + quote, "\\\\", "1", ",", "[", "${x}", "é", "\n", "#"]));
        _text.Append(quote);
    }

    private void Plain()
    {
        for (int i = chance.Next(3); i >= 0; i--)
        {
            _text.Append(chance.Pick(
            [
                "a", "word", "1", "-2", "3.5", "1e5", "true", "null", "inf", "nan", "${a.b}", "${f:x,${y}}", "a b", "x:y", "/p/q", "\\,",
                "\\ ", "\\\\", "\\", ".", "*", "?", "#", "é",
                "=", "1_0", "0x1", "99999999999999999999", "lr=0.1", "~",
            ]));
        }
    }
}
