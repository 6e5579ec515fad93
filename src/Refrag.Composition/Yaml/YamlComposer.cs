using Refrag.Composition.Tree;
using Refrag.Composition.Yaml.Scanning;

namespace Refrag.Composition.Yaml;

/// <summary>Makes nodes of one document's tokens. One use each.</summary>
internal sealed partial class YamlComposer(string text, ConfigSource source, ConfigLimits limits)
{
    // Only documents beyond this size are held to the ratio: small ones may repeat as they like.
    private const long SmallDocument = 1_000;

    private readonly YamlScanner _scanner = new(text);
    private readonly YamlDirectives _directives = new();
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];
    private YamlPosition _end;
    private long _written;
    private bool _aliasUsed;

    /// <summary>A node, how many nodes it counts with its keys and aliases, and whether it is the plain <c>&lt;&lt;</c>.</summary>
    internal readonly record struct Composed(ConfigNode Node, long Expanded, bool IsMergeMark = false);

    // Without a value as long as the anchor's own node is read.
    private sealed record Anchored(Mark Mark, Composed? Value);

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Reads the document.</summary>
    /// <exception cref="YamlSyntaxException">It is not YAML.</exception>
    public Result<ConfigNode> Compose()
    {
        int forbidden = YamlCursor.FirstForbidden(text);
        if (forbidden >= 0) throw YamlFaults.Forbidden(text[forbidden], PositionOf(forbidden));
        if (Is(YamlTokenKind.StreamEnd)) return ConfigScalar.NullAt(new Mark(source, 1, 1));
        bool mayBeEmpty = IsExplicitStart();
        if (mayBeEmpty) StartDocument();
        bool isEmpty = mayBeEmpty && (IsExplicitStart() || _scanner.Peek().Kind is YamlTokenKind.DocumentEnd or YamlTokenKind.StreamEnd);
        Composed root = isEmpty ? Empty() : ReadNode(isBlock: true, mayBeFlat: false, depth: 0);
        if (EndDocument() is { } second) return YamlProblems.SecondDocument(second);
        if (root.IsMergeMark) _problems.Add(YamlProblems.BadScalar(root.Node.ToString(), null, root.Node.Mark));
        if (TooLarge(root.Expanded)) _problems.Add(YamlProblems.TooManyAliases(root.Expanded, _written, root.Node.Mark));
        return _problems.Count > 0 ? Result<ConfigNode>.Failure(_problems) : root.Node;
    }

    private bool IsExplicitStart() =>
        _scanner.Peek().Kind is YamlTokenKind.DocumentStart or YamlTokenKind.VersionDirective or YamlTokenKind.TagDirective
            or YamlTokenKind.OtherDirective;

    private void StartDocument()
    {
        while (IsExplicitStart() && !Is(YamlTokenKind.DocumentStart)) _directives.Add(Next());
        if (!Is(YamlTokenKind.DocumentStart)) throw YamlFaults.AfterDocument(_scanner.Peek());
        Next();
    }

    // Where a second document begins; null if none does.
    private Mark? EndDocument()
    {
        while (Is(YamlTokenKind.DocumentEnd)) Next();
        if (Is(YamlTokenKind.StreamEnd)) return null;
        return IsExplicitStart() ? MarkOf(_scanner.Peek()) : throw YamlFaults.AfterDocument(_scanner.Peek());
    }

    // Only what aliases add is limited: a long file without them is no attack.
    private bool TooLarge(long expanded) => _aliasUsed
        && (expanded - _written > limits.AliasNodes || (expanded > SmallDocument && expanded / limits.AliasRatio > _written));

    private bool Is(YamlTokenKind kind) => _scanner.Peek().Kind == kind;

    private bool Take(YamlTokenKind kind)
    {
        if (!Is(kind)) return false;
        Next();
        return true;
    }

    private YamlToken Next()
    {
        YamlToken token = _scanner.Next();
        _end = token.End;
        return token;
    }

    private YamlPosition PositionOf(int index)
    {
        var cursor = new YamlCursor(text);
        while (cursor.Index < index)
        {
            if (cursor.TakeBreak() is null) cursor.Skip();
        }
        return cursor.Position;
    }

    private Mark MarkOf(YamlToken token)
    {
        bool hasLength = token.Kind is YamlTokenKind.Scalar or YamlTokenKind.Alias or YamlTokenKind.Anchor or YamlTokenKind.Tag
            && token.Start.Line == token.End.Line;
        return new Mark(source, token.Start.Line, token.Start.Column + 1, hasLength ? token.End.Column - token.Start.Column : 0);
    }

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
