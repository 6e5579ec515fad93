using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Merging;

/// <summary>
/// Merges configurations one after another, later ones over earlier ones, by OmegaConf's rules: mappings are merged key by key, anything
/// else is replaced, and <c>???</c> never replaces a value. The cost is in proportion to what is merged in, not to what is already there.
/// </summary>
/// <param name="flags">Whether new keys are refused; none where null.</param>
/// <param name="resolvers">
/// The resolvers for interpolations that a mapping is merged into: such a mapping is merged with a copy of what the interpolation points
/// to.
/// </param>
public sealed class ConfigMerger(ConfigFlags? flags = null, ConfigResolvers? resolvers = null)
{
    private readonly ConfigFlags _flags = flags ?? ConfigFlags.None;
    private readonly List<Problem> _problems = [];
    private readonly List<string> _path = [];
    private MutableMapping? _root;
    private ConfigList? _list;

    /// <summary>Merges configurations, the last over the first.</summary>
    /// <returns>The merged tree, or problems RF1401 to RF1403.</returns>
    public static Result<ConfigNode> Merge(
        IEnumerable<ConfigNode> configurations, ConfigFlags? flags = null, ConfigResolvers? resolvers = null)
    {
        var merger = new ConfigMerger(flags, resolvers);
        foreach (ConfigNode configuration in configurations) merger.Add(configuration);
        return merger.Build();
    }

    /// <summary>Merges one more configuration over what there is. The first is taken as it is.</summary>
    public ConfigMerger Add(ConfigNode configuration)
    {
        switch (configuration)
        {
            case ConfigMapping mapping when _root is null && _list is null:
                _root = new MutableMapping(mapping);
                break;
            case ConfigMapping mapping when _root is not null:
                Merge(_root, mapping);
                break;
            case ConfigList list when _root is null:
                _list = list;
                break;
            case ConfigList or ConfigMapping:
                _problems.Add(MergeProblems.Incompatible(Path, (ConfigNode?)_root?.Freeze() ?? _list!, configuration));
                break;
            default:
                _problems.Add(MergeProblems.NotAContainer(configuration));
                break;
        }
        return this;
    }

    /// <summary>The merged tree, an empty mapping where nothing was added; or every problem that was met.</summary>
    public Result<ConfigNode> Build() =>
        _problems.Count > 0 ? Result<ConfigNode>.Failure([.. _problems]) : (ConfigNode?)_list ?? _root?.Freeze() ?? ConfigMapping.Empty;

    private void Merge(MutableMapping target, ConfigMapping source)
    {
        foreach (ConfigEntry entry in source)
        {
            _path.Add(entry.Key.ToString());
            MergeEntry(target, entry);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void MergeEntry(MutableMapping target, ConfigEntry entry)
    {
        if (!target.TryGet(entry.Key, out ConfigNode? old, out MutableMapping? thawed))
        {
            if (_flags.Struct) _problems.Add(MergeProblems.NotInStruct(Path, entry.Key.ToString(), entry.KeyMark, target.TextKeys));
            else target.Set(entry.Key, entry.Value, entry.KeyMark);
            return;
        }
        // A value takes the place of an interpolation whatever that points to, so to what need not be asked, which takes the whole tree.
        if (old is { IsInterpolation: true } && (entry.Value is not ConfigScalar || entry.Value.IsMissing) && Dereference() is { } referred)
        {
            old = referred;
            target.Set(entry.Key, referred, entry.KeyMark);
        }
        if (entry.Value.IsMissing) return;
        switch (entry.Value)
        {
            case ConfigMapping source when thawed is not null:
                Merge(thawed, source);
                break;
            case ConfigMapping source when old is ConfigMapping frozen:
                Merge(target.Thaw(entry.Key, frozen), source);
                break;
            case ConfigMapping when old is ConfigList:
            case ConfigList when thawed is not null || old is ConfigMapping:
                _problems.Add(MergeProblems.Incompatible(Path, old ?? thawed!.Freeze(), entry.Value));
                break;
            default:
                target.Set(entry.Key, entry.Value, entry.KeyMark);
                break;
        }
    }

    /// <summary>Where the configurations lie in a larger one, for the words of problems; empty for the root.</summary>
    internal IReadOnlyList<string> Prefix { get; init; } = [];

    private string Path => KeyPath.Join([.. Prefix, .. _path]);

    // What an interpolation points to is asked of the tree as it is now: what came before in this merge counts.
    private ConfigNode? Dereference()
    {
        var interpolator = new Interpolator(_root!.Freeze(), resolvers);
        return interpolator.Select(_path).TryGet(out ConfigNode? node, out _) && node is not ConfigScalar ? node : null;
    }
}
