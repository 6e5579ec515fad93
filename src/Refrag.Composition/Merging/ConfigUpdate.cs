using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Merging;

/// <summary>How one value is set.</summary>
public sealed record UpdateOptions
{
    /// <summary>
    /// A mapping is merged into a mapping and a list replaces a list; where false, what was there is replaced. Default false.
    /// </summary>
    public bool Merge { get; init; }

    /// <summary>New keys are allowed in spite of <see cref="ConfigFlags.Struct"/>. Default false.</summary>
    public bool ForceAdd { get; init; }

    /// <summary>
    /// Whether an interpolation on the way is followed to the mapping or list that it names, as OmegaConf 2.4 does; where false, as in the
    /// release, it is replaced by a new mapping. Default false.
    /// </summary>
    public bool FollowInterpolations { get; init; }

    /// <summary>What may be done to the configuration. Default: everything.</summary>
    public ConfigFlags Flags { get; init; } = ConfigFlags.None;

    /// <summary>Where the key was written; problems point there. Default: nowhere.</summary>
    public Mark Mark { get; init; }

    /// <summary>The resolvers for interpolations on the way to the key. Default: OmegaConf's own.</summary>
    public ConfigResolvers? Resolvers { get; init; }

    /// <summary>Limits on the length of keys. Default: <see cref="ConfigLimits.Default"/>.</summary>
    public ConfigLimits Limits { get; init; } = ConfigLimits.Default;
}

/// <summary>Sets one value in a tree; everything beside the path is shared with the old tree.</summary>
public static class ConfigUpdate
{
    /// <summary>Sets the value of a key such as <c>a.b[0]</c>.</summary>
    public static Result<ConfigNode> Apply(ConfigNode root, string key, ConfigNode value, UpdateOptions? options = null) =>
        Apply(root, KeyPath.Split(key), value, options);

    /// <summary>
    /// Sets the value of a key. Mappings on the way that are not there are made, and a value on the way is replaced by a mapping.
    /// </summary>
    /// <returns>The new tree, or problems RF1401 to RF1408 and those of interpolations.</returns>
    public static Result<ConfigNode> Apply(ConfigNode root, IReadOnlyList<string> path, ConfigNode value, UpdateOptions? options = null)
    {
        options ??= new UpdateOptions();
        if (options.Flags.ReadOnly) return MergeProblems.ReadOnly(KeyPath.Join(path), options.Mark);
        if (path.Count > options.Limits.Depth) return MergeProblems.PathTooLong(options.Limits.Depth, options.Mark);
        if (!options.FollowInterpolations) return new Walk(path, options).Set(root, 0, value);
        Result<PathInTree> actual = new Interpolator(root, options.Resolvers, options.Limits).Follow(path, options.Mark);
        if (!actual.TryGet(out PathInTree? followed, out IReadOnlyList<Problem> problems)) return Result<ConfigNode>.Failure(problems);
        return new Walk(followed.Parts, options).Set(root, 0, value);
    }

    // One update along a path that holds no interpolation any more.
    private sealed class Walk(IReadOnlyList<string> path, UpdateOptions options)
    {
        private bool Closed => options.Flags.Struct && !options.ForceAdd;

        public Result<ConfigNode> Set(ConfigNode node, int at, ConfigNode value) => node switch
        {
            ConfigMapping mapping => SetInMapping(mapping, at, value),
            ConfigList list => SetInList(list, at, value),
            _ => MergeProblems.NotAContainer(node),
        };

        private Result<ConfigNode> SetInMapping(ConfigMapping mapping, int at, ConfigNode value)
        {
            ConfigNode? old = mapping[path[at]];
            if (old is null && Closed)
                return MergeProblems.NotInStruct(
                    PathTo(at), path[at], options.Mark, mapping.Select(entry => entry.Key.Text).OfType<string>());
            Result<ConfigNode> child = Child(old, at, value);
            return child.IsSuccess ? mapping.With(path[at], child.Value, options.Mark) : child;
        }

        private Result<ConfigNode> SetInList(ConfigList list, int at, ConfigNode value)
        {
            if (ListIndex.Parse(path[at]) is not { } index) return MergeProblems.NotAnIndex(PathTo(at), path[at], options.Mark);
            int position = ListIndex.Position(index, list.Count);
            if (position < 0) return MergeProblems.NoSuchIndex(PathTo(at), list.Count, options.Mark);
            Result<ConfigNode> child = Child(list[position], at, value);
            return child.IsSuccess ? list.With(position, child.Value) : child;
        }

        private Result<ConfigNode> Child(ConfigNode? old, int at, ConfigNode value)
        {
            if (at == path.Count - 1) return Last(old, value);
            if (old is { IsMissing: true }) return MergeProblems.Missing(PathTo(at), options.Mark);
            return Set(old is ConfigMapping or ConfigList ? old : ConfigMapping.Empty.At(options.Mark), at + 1, value);
        }

        private Result<ConfigNode> Last(ConfigNode? old, ConfigNode value)
        {
            if (!options.Merge || value is ConfigScalar || old is null or ConfigScalar) return value;
            return new ConfigMerger(new ConfigFlags { Struct = Closed }, options.Resolvers) { Prefix = path }.Add(old).Add(value).Build();
        }

        private string PathTo(int at) => KeyPath.Join(path.Take(at + 1));
    }
}
