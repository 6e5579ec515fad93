using Refrag.Composition.Tree;
using Refrag.Composition.Yaml.Scanning;

namespace Refrag.Composition.Yaml;

/// <summary>Nodes, with their anchors and tags.</summary>
internal sealed partial class YamlComposer
{
    // What stands before a node.
    private readonly record struct Properties(YamlToken? Anchor, YamlToken? TagToken, string? Tag)
    {
        // '!' alone means: as if there were no tag.
        public string? RealTag => Tag == "!" ? null : Tag;
    }

    /// <summary>Reads a node with what stands before it.</summary>
    /// <param name="isBlock">Whether blocks by indentation may begin.</param>
    /// <param name="mayBeFlat">Whether a list may stand at its parent's indentation, as below a key.</param>
    /// <param name="depth">How deep the node lies.</param>
    private Composed ReadNode(bool isBlock, bool mayBeFlat, int depth)
    {
        if (depth > limits.Depth) throw YamlFaults.TooDeep(limits.Depth, _scanner.Peek().Start);
        if (Is(YamlTokenKind.Alias)) return ReadAlias(Next());
        _written++;
        Properties properties = ReadProperties();
        Open(properties);
        Composed node = ReadContent(properties, isBlock, mayBeFlat, depth);
        if (properties.Anchor is { } anchor) _anchors[anchor.Text!] = new Anchored(MarkOf(anchor), node);
        return node;
    }

    private Composed ReadContent(Properties properties, bool isBlock, bool mayBeFlat, int depth)
    {
        YamlToken next = _scanner.Peek();
        switch (next.Kind)
        {
            case YamlTokenKind.BlockEntry when mayBeFlat: return FlatList(properties, depth);
            case YamlTokenKind.Scalar: return Scalar(Next(), properties);
            case YamlTokenKind.FlowSequenceStart: return FlowList(properties, depth);
            case YamlTokenKind.FlowMappingStart: return FlowMapping(properties, depth);
            case YamlTokenKind.BlockSequenceStart when isBlock: return BlockList(properties, depth);
            case YamlTokenKind.BlockMappingStart when isBlock: return BlockMapping(properties, depth);
            case var _ when properties is { Anchor: null, TagToken: null }: throw YamlFaults.NoContent(next);
            default: return Scalar(new YamlToken(YamlTokenKind.Scalar, _end, _end, "", IsPlain: properties.Tag is null), properties);
        }
    }

    private Properties ReadProperties()
    {
        YamlToken? anchor = null, tag = null;
        while ((anchor is null && Is(YamlTokenKind.Anchor)) || (tag is null && Is(YamlTokenKind.Tag)))
        {
            if (Is(YamlTokenKind.Anchor)) anchor = Next();
            else tag = Next();
        }
        return new Properties(anchor, tag, tag is { } token ? _directives.Resolve(token) : null);
    }

    private void Open(Properties properties)
    {
        if (properties.Anchor is not { } anchor) return;
        if (_anchors.TryGetValue(anchor.Text!, out Anchored? first))
            _problems.Add(YamlProblems.AnchorTwice(anchor.Text!, first.Mark, MarkOf(anchor)));
        _anchors[anchor.Text!] = new Anchored(MarkOf(anchor), null);
    }

    private Composed ReadAlias(YamlToken alias)
    {
        _aliasUsed = true;
        string name = alias.Text!;
        if (!_anchors.TryGetValue(name, out Anchored? anchored))
            _problems.Add(YamlProblems.UnknownAlias(name, MarkOf(alias), _anchors.Keys));
        else if (anchored.Value is not { } value) _problems.Add(YamlProblems.RecursiveAlias(name, MarkOf(alias)));
        else return value;
        return new Composed(ConfigScalar.NullAt(MarkOf(alias)), 1);
    }

    // A problem that lets the rest be read leaves a null scalar in its place.
    private Composed Scalar(YamlToken token, Properties properties)
    {
        Mark mark = MarkOf(token);
        string value = token.Text!;
        if (properties.RealTag is { } tag)
        {
            if (tag == YamlTags.Merge) return new Composed(ConfigScalar.Of("<<", mark), 1, IsMergeMark: true);
            if (!YamlTags.TryScalar(tag, value, mark, out ConfigScalar? tagged, out Problem? problem)) _problems.Add(problem);
            return new Composed(tagged ?? ConfigScalar.NullAt(mark), 1);
        }
        // The tag '!' makes even a quoted text be read like a plain one.
        if (!token.IsPlain && properties.Tag is null) return new Composed(ConfigScalar.Of(value, mark), 1);
        // To the reference's patterns a text ends before its last line break.
        if (!token.IsPlain && value.EndsWith('\n') && YamlScalars.Plain(value[..^1], mark) is { Text: null } cut)
            return new Composed(cut, 1);
        var plain = new Composed(YamlScalars.Plain(value, mark) ?? ConfigScalar.Of(value, mark), 1, value is "<<" or "=");
        // A number of digits that are none, such as 0x_.
        if (!plain.IsMergeMark && plain.Node is ConfigScalar { Text: not null } && YamlNumbers.LooksLikeInteger(value))
            _problems.Add(YamlProblems.BadScalar(value, "an integer", mark));
        return plain;
    }

    // A value that is not written, as behind a colon at the end of a line.
    private Composed Empty()
    {
        _written++;
        return new Composed(ConfigScalar.NullAt(new Mark(source, _end.Line, _end.Column + 1)), 1);
    }
}
