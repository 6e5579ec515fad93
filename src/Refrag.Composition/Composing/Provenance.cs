using Refrag.Composition.Overrides;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>
/// Retells how a key got its value. Nothing is recorded while composing: the layers and the overrides are still there to be asked.
/// </summary>
internal sealed class Provenance
{
    private const string Removed = "(removed)";

    private readonly string[] _path;
    private readonly List<Step> _steps = [];

    private Provenance(string[] path) => _path = path;

    public static IReadOnlyList<Explanation> Explain(string key, IEnumerable<Layer> layers, IEnumerable<Override> overrides)
    {
        var history = new Provenance([.. KeyPath.Split(key)]);
        foreach (var layer in layers) history.Add(layer);
        foreach (var item in overrides) history.Add(item);
        return history.Explanations();
    }

    private void Add(Layer layer)
    {
        var (found, depth) = Deepest(layer.Content, _path);
        string file = layer.Default.File!.ShownPath;
        if (depth == _path.Length) Add(found, found.Origin, file, merges: true);
        else if (depth > 0 && found is not ConfigMapping && !found.IsMissing) AddRemoval(found.Origin, file);
    }

    private void Add(Override item)
    {
        string[] path = [.. KeyPath.Split(item.Key)];
        int common = path.Zip(_path).TakeWhile(pair => pair.First == pair.Second).Count();
        if (common < Math.Min(path.Length, _path.Length)) return;
        if (path.Length > _path.Length) AddPart(item, path);
        else if (item.Kind == OverrideKind.Delete) AddRemoval(item.KeyPlace, item.Text);
        else AddValue(item, path.Length);
    }

    private void AddPart(Override item, string[] path)
    {
        if (item.Kind == OverrideKind.Delete)
        {
            _steps.Add(new Step($"{item.Key} {Removed}", item.KeyPlace, item.Text, Replaces: false));
            return;
        }
        var value = OverrideNodes.ToNode(item);
        for (int i = path.Length - 1; i >= _path.Length; i--) value = ConfigMapping.Of((path[i], value));
        _steps.Add(new Step(ValueText.Of(value), item.ValuePlace, item.Text, Replaces: false));
    }

    private void AddValue(Override item, int depth)
    {
        var (found, below) = Deepest(OverrideNodes.ToNode(item), _path.AsSpan(depth));
        if (below == _path.Length - depth)
            Add(found, item.ValuePlace, item.Text, merges: item.Value is not Replacement, extends: item.Kind == OverrideKind.ExtendList);
        else if (found is not ConfigMapping) AddRemoval(item.ValuePlace, item.Text);
    }

    // A mapping is merged into a mapping, and an open value (???) takes nothing away from one that is set.
    private void Add(ConfigNode value, Place? place, string origin, bool merges, bool extends = false)
    {
        bool isOpenAgain = merges && value.IsMissing && _steps.Count > 0;
        bool joins = extends || (merges && value is ConfigMapping);
        _steps.Add(
            new Step(extends ? $"+ {ValueText.Of(value)}" : ValueText.Of(value), place, origin, Replaces: !joins && !isOpenAgain)
            {
                IsWithoutEffect = isOpenAgain,
                IsMapping = value is ConfigMapping,
            });
    }

    private void AddRemoval(Place? place, string origin)
    {
        if (_steps.Count > 0) _steps.Add(new Step(Removed, place, origin, Replaces: true));
    }

    private List<Explanation> Explanations()
    {
        int last = _steps.FindLastIndex(step => step.Replaces);
        // A mapping that comes after a plain value replaces it as well.
        int mapping = _steps.FindIndex(last + 1, step => step.IsMapping);
        int from = mapping > last && last >= 0 && !_steps[last].IsMapping ? mapping : Math.Max(last, 0);
        return [.. _steps.Select((step, i) => new Explanation(step.Value, step.Place, step.Origin, i < from || step.IsWithoutEffect))];
    }

    // How far the path can be followed, and what is there.
    private static (ConfigNode Found, int Depth) Deepest(ConfigNode node, ReadOnlySpan<string> path)
    {
        int depth = 0;
        while (depth < path.Length && ConfigOperations.Child(node, path[depth]) is { } child) (node, depth) = (child, depth + 1);
        return (node, depth);
    }

    private sealed record Step(string Value, Place? Place, string Origin, bool Replaces)
    {
        public bool IsWithoutEffect { get; init; }

        public bool IsMapping { get; init; }
    }
}
