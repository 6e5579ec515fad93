using Refrag.Composition.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Mark = Refrag.Composition.Tree.Mark;

namespace Refrag.Composition.Yaml;

/// <summary>Makes nodes of one document's events. One use each.</summary>
internal sealed class YamlComposer(ConfigSource source, ConfigLimits limits)
{
    // Only documents beyond this size are held to the ratio: small ones may repeat as they like.
    private const long SmallDocument = 1_000;

    private readonly Dictionary<string, Anchored?> _anchors = [];
    private readonly List<Problem> _problems = [];
    private Parser _parser = null!;
    private long _written;
    private bool _aliasUsed;

    /// <summary>A node, how many nodes it counts with its keys and aliases, and whether it is the plain <c>&lt;&lt;</c>.</summary>
    internal readonly record struct Composed(ConfigNode Node, long Expanded, bool IsMergeMark = false);

    private sealed record Anchored(Composed Value);

    public Result<ConfigNode> Compose(string text)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return ConfigScalar.NullAt(new Mark(source, 1, 1));
        _parser.Consume<DocumentStart>();
        if (ReadNode(depth: 0) is not { } root) return Result<ConfigNode>.Failure(_problems);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out DocumentStart? second)) return YamlProblems.SecondDocument(MarkOf(second));
        if (root.IsMergeMark) _problems.Add(YamlProblems.BadScalar(root.Node.ToString(), null, root.Node.Mark));
        if (TooLarge(root.Expanded)) _problems.Add(YamlProblems.TooManyAliases(root.Expanded, _written, root.Node.Mark));
        return _problems.Count > 0 ? Result<ConfigNode>.Failure(_problems) : root.Node;
    }

    // Only what aliases add is limited: a long file without them is nobody's attack.
    private bool TooLarge(long expanded) => _aliasUsed
        && (expanded - _written > limits.AliasNodes || (expanded > SmallDocument && expanded / limits.AliasRatio > _written));

    // Null where reading cannot go on; a problem that lets the rest be read leaves a null scalar in its place.
    private Composed? ReadNode(int depth)
    {
        ParsingEvent next = _parser.Current!;
        _written++;
        if (depth > limits.Depth)
        {
            _problems.Add(YamlProblems.TooDeep(limits.Depth, MarkOf(next)));
            return null;
        }
        return next switch
        {
            AnchorAlias => ReadAlias(_parser.Consume<AnchorAlias>()),
            Scalar => ReadScalar(_parser.Consume<Scalar>()),
            SequenceStart => ReadSequence(_parser.Consume<SequenceStart>(), depth),
            _ => ReadMapping(_parser.Consume<MappingStart>(), depth),
        };
    }

    private Composed ReadAlias(AnchorAlias alias)
    {
        _written--;
        _aliasUsed = true;
        string name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out Anchored? anchored)) _problems.Add(YamlProblems.UnknownAlias(name, MarkOf(alias), _anchors.Keys));
        else if (anchored is null) _problems.Add(YamlProblems.RecursiveAlias(name, MarkOf(alias)));
        else return anchored.Value;
        return new Composed(ConfigScalar.NullAt(MarkOf(alias)), 1);
    }

    private Composed ReadScalar(Scalar scalar)
    {
        Mark mark = MarkOf(scalar);
        Composed composed;
        if (scalar is { Style: ScalarStyle.Plain, Tag.IsEmpty: true })
        {
            composed = new Composed(YamlScalars.Plain(scalar.Value, mark) ?? ConfigScalar.Of(scalar.Value, mark), 1, scalar.Value is "<<" or "=");
            // A number of digits that are none, such as 0x_.
            if (!composed.IsMergeMark && composed.Node is ConfigScalar { Text: not null } && YamlNumbers.LooksLikeInteger(scalar.Value))
                _problems.Add(YamlProblems.BadScalar(scalar.Value, "an integer", mark));
        }
        else if (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific)
        {
            composed = new Composed(ConfigScalar.Of(scalar.Value, mark), 1);
        }
        else
        {
            if (!YamlTags.TryScalar(scalar.Tag.Value, scalar.Value, mark, out ConfigScalar? value, out Problem? problem)) _problems.Add(problem);
            composed = new Composed(value ?? ConfigScalar.NullAt(mark), 1);
        }
        Remember(scalar, composed);
        return composed;
    }

    private Composed? ReadSequence(SequenceStart start, int depth)
    {
        Open(start);
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific && start.Tag.Value != YamlTags.Sequence)
            _problems.Add(YamlProblems.UnknownTag(YamlTags.Short(start.Tag.Value), MarkOf(start)));
        var items = new List<ConfigNode>();
        long expanded = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item) return null;
            if (item.IsMergeMark) _problems.Add(YamlProblems.BadScalar(item.Node.ToString(), null, item.Node.Mark));
            items.Add(item.Node);
            expanded = Add(expanded, item.Expanded);
        }
        var composed = new Composed(ConfigList.Of(items, MarkOf(start)), expanded);
        Remember(start, composed);
        return composed;
    }

    private Composed? ReadMapping(MappingStart start, int depth)
    {
        Open(start);
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific && start.Tag.Value != YamlTags.Mapping)
            _problems.Add(YamlProblems.UnknownTag(YamlTags.Short(start.Tag.Value), MarkOf(start)));
        var entries = new YamlMappingEntries(_problems);
        long expanded = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } key || ReadNode(depth + 1) is not { } value) return null;
            expanded = Add(Add(expanded, key.Expanded), value.Expanded);
            entries.Add(key, value);
        }
        var composed = new Composed(entries.Build(MarkOf(start)), expanded);
        Remember(start, composed);
        return composed;
    }

    private void Open(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty) _anchors[node.Anchor.Value] = null;
    }

    private void Remember(NodeEvent node, Composed composed)
    {
        if (!node.Anchor.IsEmpty) _anchors[node.Anchor.Value] = new Anchored(composed);
    }

    private Mark MarkOf(ParsingEvent e)
    {
        int length = e is Scalar or AnchorAlias && e.Start.Line == e.End.Line ? (int)(e.End.Column - e.Start.Column) : 0;
        return new Mark(source, (int)e.Start.Line, (int)e.Start.Column, length);
    }

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
