using Refrag.Composition.Interpolation;
using Refrag.Composition.Merging;
using Refrag.Composition.Overrides;
using Refrag.Composition.Schemas;
using Refrag.Composition.Search;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>
/// Applies the overrides of values, in order. Only keys that are there may be changed. A key that is wrong is reported and left out, and
/// the rest continues.
/// </summary>
internal sealed class OverrideApplier(
    ConfigRepository repository, ConfigResolvers resolvers, IReadOnlyList<string> brokenPackages, IReadOnlyList<PlacedSchema> schemas,
    HydraReading reading, ProblemList problems)
{
    // Of more than these no one could choose.
    private const int MostOptions = 4;

    private static readonly ConfigFlags OnlyWhatIsThere = new() { Struct = true };

    public ConfigMapping Apply(ConfigMapping config, IEnumerable<Override> overrides)
    {
        foreach (var item in overrides)
        {
            if (item.Package is not null) problems.Add(ComposeProblems.NoSuchGroup(item, repository.Groups("")));
            else if (!IsBroken(item.Key)) config = Apply(config, item);
        }
        return config;
    }

    private ConfigMapping Apply(ConfigMapping config, Override item) => item.Kind switch
    {
        OverrideKind.Delete => Delete(config, item),
        OverrideKind.ExtendList => Extend(config, item),
        OverrideKind.Add => Add(config, item),
        OverrideKind.ForceAdd => Update(config, item, OverrideNodes.ToNode(item), forceAdd: true),
        _ => Change(config, item),
    };

    private ConfigMapping Change(ConfigMapping config, Override item)
    {
        IReadOnlyList<string> typed = KeyPath.Split(item.Key);
        if ((reading == HydraReading.Released ? typed : InTree(config, item)) is not { } path) return config;
        if (ConfigOperations.Select(config, path) is not null) return Update(config, item, OverrideNodes.ToNode(item), forceAdd: false);
        ReportUnknown(config, path, item);
        return config;
    }

    private ConfigMapping Add(ConfigMapping config, Override item)
    {
        if (item.Value is ListValue or DictionaryValue) return Update(config, item, OverrideNodes.ToNode(item), forceAdd: true);
        var selected = new Interpolator(config, resolvers).Select(KeyPath.Split(item.Key));
        if (!selected.TryGet(out var found, out var failures)) problems.AddRange(failures);
        else if (found.IsNull) return Update(config, item, OverrideNodes.ToNode(item), forceAdd: true);
        else problems.Add(ComposeProblems.AlreadyThere(item, found));
        return config;
    }

    private ConfigMapping Delete(ConfigMapping config, Override item)
    {
        if (InTree(config, item) is not { } path) return config;
        if (ConfigOperations.Select(config, path) is not { } found) problems.Add(ComposeProblems.NotThere(item, KeysBeside(config, path)));
        else if (item.Value is not null && !IsSame(found, OverrideNodes.ToNode(item)))
            problems.Add(ComposeProblems.OtherValue(item, found));
        else return (ConfigMapping)ConfigOperations.Without(config, path);
        return config;
    }

    private ConfigMapping Extend(ConfigMapping config, Override item)
    {
        if (InTree(config, item) is not { } path) return config;
        var found = ConfigOperations.Select(config, path);
        if (found is ConfigList list) return Update(config, item, list.Append((ConfigList)OverrideNodes.ToNode(item)), forceAdd: false);
        problems.Add(ComposeProblems.NotAList(item, found));
        return config;
    }

    private ConfigMapping Update(ConfigMapping config, Override item, ConfigNode value, bool forceAdd)
    {
        var options = new UpdateOptions
        {
            Merge = item.Value is not Replacement,
            FollowInterpolations = reading == HydraReading.Development,
            ForceAdd = forceAdd,
            Flags = OnlyWhatIsThere,
            Mark = OverrideNodes.KeyMark(item),
            Resolvers = resolvers,
        };
        if (ConfigUpdate.Apply(config, KeyPath.Split(item.Key), value, options).TryGet(out var updated, out var failures))
            return (ConfigMapping)updated;
        problems.AddRange(failures);
        return config;
    }

    // Where a key really is: an interpolation on the way leads elsewhere.
    private IReadOnlyList<string>? InTree(ConfigMapping config, Override item)
    {
        var followed = new Interpolator(config, resolvers).Follow(KeyPath.Split(item.Key), OverrideNodes.KeyMark(item));
        if (followed.TryGet(out var path, out var failures)) return path.Parts;
        problems.AddRange(failures);
        return null;
    }

    private void ReportUnknown(ConfigMapping config, IReadOnlyList<string> path, Override item)
    {
        ConfigNode parent = config;
        int depth = 0;
        while (depth < path.Count - 1 && ConfigOperations.Child(parent, path[depth]) is { } child) (parent, depth) = (child, depth + 1);
        string above = KeyPath.Join(path.Take(depth)), name = path[depth];
        var known = parent is ConfigMapping mapping ? mapping.Select(entry => entry.Key.ToString()) : [];
        bool isClosed = schemas.Any(placed => placed.Package == above && placed.Schema.IsClosed);
        problems.Add(ComposeProblems.UnknownKey(
            item, parent, name, above, NearKey.Of(name, above, known, schemas), isClosed, OptionsWith(above, name)));
    }

    // A key that is there with another choice of the group: env.regions, with env=local.
    private string[] OptionsWith(string package, string name)
    {
        string group = package.Replace('.', '/');
        if (package.Length == 0 || !repository.HasGroup(group)) return [];
        return [.. repository.Options(group)
            .Where(option => repository.Load($"{group}/{option}")?.Body is ConfigMapping body && body.ContainsKey(new ConfigKey(name)))
            .Select(option => $"{group}={option}").Take(MostOptions)];
    }

    // What could not be loaded may have held the key.
    private bool IsBroken(string key) => brokenPackages.Any(package =>
        package.Length == 0 || key == package || key.StartsWith($"{package}.", StringComparison.Ordinal)
            || package.StartsWith($"{key}.", StringComparison.Ordinal));

    private static List<string> KeysBeside(ConfigMapping config, IReadOnlyList<string> path) =>
        ConfigOperations.Select(config, [.. path.Take(path.Count - 1)]) is not ConfigMapping parent
            ? []
            : [.. parent.Select(entry => KeyPath.Join([.. path.Take(path.Count - 1), entry.Key.ToString()]))];

    // As in Python, 1, 1.0 and true are one value; keys compare so.
    private static bool IsSame(ConfigNode left, ConfigNode right) =>
        left is ConfigScalar a && right is ConfigScalar b ? new ConfigKey(a) == new ConfigKey(b) : left.Equals(right);
}
