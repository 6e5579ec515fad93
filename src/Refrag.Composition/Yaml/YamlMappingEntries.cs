using Refrag.Composition.Tree;

namespace Refrag.Composition.Yaml;

/// <summary>
/// The pairs of one mapping as they are read: what is written wins over what <c>&lt;&lt;</c> merges, wherever that stands.
/// </summary>
internal sealed class YamlMappingEntries(List<Problem> problems)
{
    private readonly ConfigMappingBuilder _written = new();
    private List<ConfigMapping>? _merged;

    public void Add(YamlComposer.Composed key, YamlComposer.Composed value)
    {
        if (value.IsMergeMark) problems.Add(YamlProblems.BadScalar(value.Node.ToString(), null, value.Node.Mark));
        if (key.IsMergeMark && key.Node is ConfigScalar { Text: "<<" }) Merge(value.Node);
        else if (key.Node is not ConfigScalar scalar) problems.Add(YamlProblems.KeyNotScalar(key.Node.Mark));
        else if (scalar.Kind == ScalarKind.Null) problems.Add(YamlProblems.KeyNull(key.Node.Mark));
        else Write(new ConfigEntry(new ConfigKey(scalar), value.Node, scalar.Mark), mayRepeat: key.IsMergeMark || scalar.Text is null);
    }

    public ConfigMapping Build(Mark mark)
    {
        if (_merged is null) return _written.Build(mark);
        var all = new ConfigMappingBuilder();
        foreach (ConfigMapping mapping in _merged)
        {
            // A written text key keeps the place that it is written in; as in PyYAML, other keys take the place of the merged one.
            foreach (ConfigEntry entry in mapping)
            {
                if (entry.Key.Text is null || !_written.ContainsKey(entry.Key)) all.Set(entry);
            }
        }
        foreach (ConfigEntry entry in _written.Build()) all.Set(entry);
        return all.Build(mark);
    }

    private void Write(ConfigEntry entry, bool mayRepeat)
    {
        // The reference finds twins among text keys only; a number or a plain '=' that comes again replaces the first.
        if (!mayRepeat && entry.Key.Text is { } text && _written.TryGet(entry.Key, out ConfigEntry first))
            problems.Add(YamlProblems.DuplicateKey(text, first.KeyMark, entry.KeyMark));
        _written.Set(entry);
    }

    private void Merge(ConfigNode value)
    {
        _merged ??= [];
        switch (value)
        {
            case ConfigMapping mapping:
                _merged.Add(mapping);
                break;
            case ConfigList list:
                // The first of the list wins, and so is set last.
                for (int i = list.Count - 1; i >= 0; i--)
                {
                    if (list[i] is ConfigMapping item) _merged.Add(item);
                    else problems.Add(YamlProblems.MergeNeedsMapping(list[i].Mark));
                }
                break;
            default:
                problems.Add(YamlProblems.MergeNeedsMapping(value.Mark));
                break;
        }
    }
}
