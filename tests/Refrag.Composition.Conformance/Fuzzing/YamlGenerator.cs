using System.Text;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>Makes YAML documents: some by the grammar, some by the grammar and then damaged, some of pieces in any order.</summary>
internal sealed class YamlGenerator(Chance chance)
{
    private static readonly string[] Pieces =
    [
        "\n", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", " ", "  ", ": ", ":", ": ", "- ", "-", "? ", "?", ", ", ",", "[", "]", "{", "}",
        "#", " # c", "&a ", "*a", "&b ", "*b", "*", "&",
        "! ", "!", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!seq ", "!!map ", "!!binary ", "!x ",
        "!<tag:yaml.org,2002:str> ", "|", ">", "|-", ">-", "|+", ">+", "|2", ">1-",
        "|\n", ">\n", "|-\n  ", ">\n  ", "'", "\"", "''", "\\", "\\n", "\\x41", "\\u20ac", "\\U0001F600", "\\ud800", "\\q", "\\\n", "%",
        "@", "`", "~", "<<", "<<: ", "=", "---", "...", "--- ",
        "\n---\n", "\n...\n", "\t", "\r\n", "\r", "\x85", "\u2028", "\ufeff", "\x07", "\0", "\ud800", "%YAML 1.1\n",
        "%TAG !e! tag:e.org,2000:\n", "!e!x ", "a", "b", "key", "null", "yes",
        "0", "007", "08", "0x1F", "0b101", "1_000", "1.", ".5", "1e3", "1:30", "1:30.5", ".inf", "-.inf", ".nan", "2001-01-01", "é", "漢",
        "😀", "???", "${a}", "a:b", "a#b", "-a", "?a", ":a",
    ];

    private static readonly string[] Words =
    [
        "a", "b", "c", "key", "x y", "1", "007", "0x1F", "1e3", ".5", "1_000", "1:30", "yes", "null", "~", "", "???", "${a}", "'q'",
        "\"d\"", "'it''s'", "\"\\t\\u20ac\"", "2001-01-01", "a:b",
        "a#b", "-a", "?a", ":a", "*}b", "1 *}b", "a!b", "!x", "a%b", "%a", "a\\b", "\\a", "a`b", "@a", "a|b", "&a 1", "&b [x]", "&c {k: v}",
        "*a", "*b", "*c", "!!str 1", "!!int '3'", "! '12'",
        "=", "<<", "é", "😀", "a\n  b", "'a\n  b'", "\"a\\\n  b\"", "|\n   t\n    u\n", ">\n   t\n   u\n\n   v\n", "a'b", "a\"b",
        "99999999999999999999", "1e400", "-0.0", ".nan",
    ];

    private readonly StringBuilder _text = new();

    public string Next()
    {
        _text.Clear();
        int kind = chance.Next(10);
        if (kind < 2)
        {
            for (int i = chance.Next(12); i >= 0; i--) _text.Append(chance.Pick(Pieces));
            return _text.ToString();
        }
        for (int i = chance.Next(2); i >= 0; i--)
        {
            _text.Append(chance.Pick(Words)).Append(": ");
            Node(1, 2, isFlow: false);
            _text.Append('\n');
        }
        if (kind >= 6) Damage();
        return _text.ToString();
    }

    private void Damage()
    {
        for (int i = chance.Next(2); i >= 0 && _text.Length > 0; i--)
        {
            int at = chance.Next(_text.Length);
            if (chance.OneIn(3)) _text.Remove(at, 1);
            else _text.Insert(at, chance.Pick(Pieces));
        }
    }

    private void Node(int depth, int indent, bool isFlow)
    {
        int kind = chance.Next(8);
        if (depth > 4 || kind < 4) _text.Append(chance.Pick(Words));
        else if (kind == 4 || (isFlow && kind > 5)) Flow('[', ']', depth, indent);
        else if (kind == 5 || isFlow) Flow('{', '}', depth, indent);
        else Block(kind == 6, depth, indent);
    }

    private void Flow(char open, char close, int depth, int indent)
    {
        _text.Append(open);
        for (int i = chance.Next(4); i > 0; i--)
        {
            if (open == '{') _text.Append(chance.Pick(Words)).Append(chance.Pick([": ", ": ", ":"]));
            Node(depth + 1, indent, isFlow: true);
            if (i > 1 || chance.OneIn(4)) _text.Append(chance.Pick([", ", ","]));
        }
        _text.Append(close);
    }

    private void Block(bool isList, int depth, int indent)
    {
        for (int i = chance.Next(3); i >= 0; i--)
        {
            _text.Append('\n').Append(' ', indent).Append(isList ? "- " : $"{chance.Pick(Words)}: ");
            Node(depth + 1, indent + chance.Pick([0, 2, 2, 2]), isFlow: false);
        }
    }
}
