using Refrag.Composition.Overrides;
using Refrag.Composition.Search;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>Applies the overrides of values, in order. A key that is wrong is reported and left out, and the rest goes on.</summary>
internal sealed class OverrideApplier(ConfigRepository repository, IReadOnlyList<string> brokenPackages, ProblemList problems)
{
    public ConfigMapping Apply(ConfigMapping config, IEnumerable<Override> overrides)
    {
        foreach (var item in overrides)
        {
            if (item.Package is not null) problems.Add(ComposeProblems.NoSuchGroup(item, repository.Groups("")));
            else if (!IsBroken(item.Key)) config = Apply(config, item);
        }
        return config;
    }

    private ConfigMapping Apply(ConfigMapping config, Override item)
    {
        var found = ConfigOperations.Select(config, item.Key);
        switch (item.Kind)
        {
            case OverrideKind.Delete:
                return Delete(config, item, found);
            case OverrideKind.ExtendList:
                return Extend(config, item, found);
            case OverrideKind.Add when found is not null && !found.IsNull && !found.IsMissing && item.Value is not (ListValue or DictionaryValue):
                problems.Add(ComposeProblems.AlreadyThere(item, found));
                return config;
            case OverrideKind.Change when found is null:
                ReportUnknown(config, item);
                return config;
            default:
                return Update(config, item.Key, OverrideNodes.ToNode(item));
        }
    }

    private ConfigMapping Delete(ConfigMapping config, Override item, ConfigNode? found)
    {
        string[] path = [.. ConfigOperations.Split(item.Key)];
        if (found is null)
        {
            problems.Add(ComposeProblems.NotThere(item, KeysOf(config)));
            return config;
        }
        if (item.Value is null || found.Equals(OverrideNodes.ToNode(item))) return (ConfigMapping)ConfigOperations.Delete(config, path);
        problems.Add(ComposeProblems.OtherValue(item, found));
        return config;
    }

    private ConfigMapping Extend(ConfigMapping config, Override item, ConfigNode? found)
    {
        if (found is ConfigList list) return Update(config, item.Key, list.Append((ConfigList)OverrideNodes.ToNode(item)));
        problems.Add(ComposeProblems.NotAList(item, found));
        return config;
    }

    private void ReportUnknown(ConfigMapping config, Override item)
    {
        ConfigNode? parent = config;
        var above = new List<string>();
        foreach (string name in ConfigOperations.Split(item.Key))
        {
            if (ConfigOperations.Child(parent, name) is not { } child)
            {
                problems.Add(ComposeProblems.UnknownKey(item, parent, name, string.Join('.', above)));
                return;
            }
            above.Add(name);
            parent = child;
        }
    }

    // What could not be loaded may have held the key.
    private bool IsBroken(string key) => brokenPackages.Any(package =>
        package.Length == 0 || key == package || key.StartsWith($"{package}.", StringComparison.Ordinal) || package.StartsWith($"{key}.", StringComparison.Ordinal));

    private static List<string> KeysOf(ConfigMapping config) => [.. config.Select(entry => entry.Key.ToString())];

    private static ConfigMapping Update(ConfigMapping config, string key, ConfigNode value) =>
        (ConfigMapping)ConfigOperations.Update(config, ConfigOperations.Split(key).ToArray(), value);
}
