using Refrag.Composition.Tree;
using Refrag.Composition.Yaml.Scanning;

namespace Refrag.Composition.Yaml;

/// <summary>Lists and mappings, by indentation and in brackets.</summary>
internal sealed partial class YamlComposer
{
    private Composed BlockList(Properties properties, int depth)
    {
        YamlToken start = Next();
        var items = new Items(this);
        while (Take(YamlTokenKind.BlockEntry))
            items.Add(
                _scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.BlockEnd
                    ? Empty()
                    : ReadNode(isBlock: true, mayBeFlat: false, depth + 1));
        if (!Is(YamlTokenKind.BlockEnd)) throw YamlFaults.NotInBlock(list: true, start, _scanner.Peek());
        Next();
        return items.Build(start, properties);
    }

    private Composed FlatList(Properties properties, int depth)
    {
        YamlToken start = _scanner.Peek();
        var items = new Items(this);
        while (Take(YamlTokenKind.BlockEntry))
        {
            bool isEmpty =
                _scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd;
            items.Add(isEmpty ? Empty() : ReadNode(isBlock: true, mayBeFlat: false, depth + 1));
        }
        return items.Build(start, properties);
    }

    private Composed BlockMapping(Properties properties, int depth)
    {
        YamlToken start = Next();
        var pairs = new Pairs(this);
        while (Take(YamlTokenKind.Key))
        {
            Composed key = BlockPart(depth);
            pairs.Add(key, Take(YamlTokenKind.Value) ? BlockPart(depth) : Empty());
        }
        if (!Is(YamlTokenKind.BlockEnd)) throw YamlFaults.NotInBlock(list: false, start, _scanner.Peek());
        Next();
        return pairs.Build(start, properties);
    }

    private Composed BlockPart(int depth) => _scanner.Peek().Kind is YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd
        ? Empty()
        : ReadNode(isBlock: true, mayBeFlat: true, depth + 1);

    private Composed FlowList(Properties properties, int depth)
    {
        YamlToken start = Next();
        var items = new Items(this);
        for (bool first = true; !Is(YamlTokenKind.FlowSequenceEnd); first = false)
        {
            if (!first && !Take(YamlTokenKind.FlowEntry)) throw YamlFaults.Unseparated(list: true, start, _scanner.Peek());
            if (Is(YamlTokenKind.Key)) items.Add(SinglePair(depth + 1));
            else if (!Is(YamlTokenKind.FlowSequenceEnd)) items.Add(FlowNode(start, list: true, depth));
            if (!first && Is(YamlTokenKind.FlowSequenceEnd)) break;
        }
        Next();
        return items.Build(start, properties);
    }

    // In [a: 1] the item is a mapping of one pair.
    private Composed SinglePair(int depth)
    {
        _written++;
        YamlToken start = Next();
        var pairs = new Pairs(this);
        Composed key = FlowPart(depth, YamlTokenKind.FlowSequenceEnd, orValue: true);
        pairs.Add(key, Take(YamlTokenKind.Value) ? FlowPart(depth, YamlTokenKind.FlowSequenceEnd, orValue: false) : Empty());
        return pairs.Build(start, default);
    }

    private Composed FlowMapping(Properties properties, int depth)
    {
        YamlToken start = Next();
        var pairs = new Pairs(this);
        for (bool first = true; !Is(YamlTokenKind.FlowMappingEnd); first = false)
        {
            if (!first && !Take(YamlTokenKind.FlowEntry)) throw YamlFaults.Unseparated(list: false, start, _scanner.Peek());
            if (Is(YamlTokenKind.FlowMappingEnd)) break;
            if (!Take(YamlTokenKind.Key))
            {
                pairs.Add(FlowNode(start, list: false, depth), Empty());
                continue;
            }
            Composed key = FlowPart(depth, YamlTokenKind.FlowMappingEnd, orValue: true);
            pairs.Add(key, Take(YamlTokenKind.Value) ? FlowPart(depth, YamlTokenKind.FlowMappingEnd, orValue: false) : Empty());
        }
        Next();
        return pairs.Build(start, properties);
    }

    // A key ends at the colon too.
    private Composed FlowPart(int depth, YamlTokenKind end, bool orValue)
    {
        YamlTokenKind next = _scanner.Peek().Kind;
        bool isEmpty = next == YamlTokenKind.FlowEntry || next == end || (orValue && next == YamlTokenKind.Value);
        return isEmpty ? Empty() : ReadNode(isBlock: false, mayBeFlat: false, depth + 1);
    }

    private Composed FlowNode(YamlToken opening, bool list, int depth)
    {
        YamlToken next = _scanner.Peek();
        if (next.Kind == YamlTokenKind.StreamEnd) throw YamlFaults.Unseparated(list, opening, next);
        return ReadNode(isBlock: false, mayBeFlat: false, depth + 1);
    }

    private void CheckTag(Properties properties, string own)
    {
        if (properties is { RealTag: { } tag, TagToken: { } token } && tag != own)
            _problems.Add(YamlProblems.UnknownTag(YamlTags.Short(tag), MarkOf(token)));
    }

    // The items of one list as they are read.
    private sealed class Items(YamlComposer composer)
    {
        private readonly List<ConfigNode> _nodes = [];
        private long _expanded = 1;

        public void Add(Composed item)
        {
            if (item.IsMergeMark) composer._problems.Add(YamlProblems.BadScalar(item.Node.ToString(), null, item.Node.Mark));
            _nodes.Add(item.Node);
            _expanded = YamlComposer.Add(_expanded, item.Expanded);
        }

        public Composed Build(YamlToken start, Properties properties)
        {
            composer.CheckTag(properties, YamlTags.Sequence);
            return new Composed(ConfigList.Of(_nodes, composer.MarkOf(start)), _expanded);
        }
    }

    // The pairs of one mapping as they are read.
    private sealed class Pairs(YamlComposer composer)
    {
        private readonly YamlMappingEntries _entries = new(composer._problems);
        private long _expanded = 1;

        public void Add(Composed key, Composed value)
        {
            _expanded = YamlComposer.Add(YamlComposer.Add(_expanded, key.Expanded), value.Expanded);
            _entries.Add(key, value);
        }

        public Composed Build(YamlToken start, Properties properties)
        {
            composer.CheckTag(properties, YamlTags.Mapping);
            return new Composed(_entries.Build(composer.MarkOf(start)), _expanded);
        }
    }
}
