using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Overrides;
using Refrag.Composition.Search;

namespace Refrag.Composition.Defaults;

/// <summary>The words for what can be wrong with a defaults list or with a choice on the command line.</summary>
internal static class DefaultsProblems
{
    public static Problem NotFound(DefaultsNode node, ConfigRepository repository)
    {
        if (node.IsPrimary) return PrimaryNotFound(node.ConfigPath, repository);
        if (!node.Entry.IsGroup) return FileNotFound(node, repository);
        var options = repository.Options(node.GroupPath);
        if (options.Count == 0) return GroupNotFound(node, repository);
        return new Problem
        {
            Code = "RF1506",
            What = $"Group {node.GroupPath} has no option '{node.Name}'",
            Cause = $"Its options are {List(options)} (looked in {repository.SearchPath})",
            Cure = $"Choose one of them.{Suggestion.Sentence(node.Name!, options)}",
            Place = node.Entry.Place,
        };
    }

    public static Problem OptionalNotFound(DefaultsNode node, ConfigRepository repository)
    {
        var options = repository.Options(node.GroupPath);
        return new Problem
        {
            Code = "RF1522",
            What = $"The optional group {node.GroupPath} has no option '{node.Name}', so nothing is loaded for it",
            Cause = options.Count == 0 ? null : $"Its options are {List(options)}",
            Cure = $"Choose one of them, or leave it out with ~{node.OverrideKey}.{Suggestion.Sentence(node.Name!, options)}",
            Place = node.Entry.Place,
        };
    }

    public static Problem PluginSetAside(DefaultsNode node) =>
        At(node.Entry, "RF1524", $"{node.ConfigPath} is not in the configuration and is set aside",
            "Nothing is to be done, if it belongs to a plug-in of Hydra.",
            "What starts, spreads and logs jobs in Python has no effect here; its keys are accepted");

    private static Problem PrimaryNotFound(string path, ConfigRepository repository)
    {
        string group = path.Contains('/') ? path[..path.LastIndexOf('/')] : "";
        var known = repository.Options(group).Select(option => Join(group, option)).ToList();
        return new Problem
        {
            Code = "RF1505",
            What = $"There is no configuration '{path}' in {repository.SearchPath}",
            Cause = known.Count == 0 ? "No configuration is there" : $"Those that are there: {List(known)}",
            Cure = $"Name a file that is there, without '.yaml'.{Suggestion.Sentence(path, known)}",
        };
    }

    private static Problem FileNotFound(DefaultsNode node, ConfigRepository repository)
    {
        var known = repository.Options(node.GroupPath).Select(option => Join(node.GroupPath, option)).ToList();
        return new Problem
        {
            Code = "RF1504",
            What = $"There is no configuration '{node.ConfigPath}'",
            Cause = MovedPath(node, repository) ?? $"{Owner(node)} lists it (looked in {repository.SearchPath})",
            Cure = known.Count == 0
                ? $"Write {node.ConfigPath}.yaml, or mark the entry optional, or take it out.{MadeInPython(node)}"
                : $"Name one that is there: {List(known)}.{Suggested(node, node.ConfigPath, known)}",
            Place = node.Entry.Place,
        };
    }

    private static Problem GroupNotFound(DefaultsNode node, ConfigRepository repository)
    {
        string above = node.GroupPath.Contains('/') ? node.GroupPath[..node.GroupPath.LastIndexOf('/')] : "";
        var known = repository.Groups(above).Select(group => Join(above, group)).ToList();
        return new Problem
        {
            Code = "RF1506",
            What = $"There is no group '{node.GroupPath}', so it has no option '{node.Name}'",
            Cause = known.Count == 0
                ? $"Looked in {repository.SearchPath}"
                : $"The groups are {List(known)} (looked in {repository.SearchPath})",
            Cure = $"Write {node.ConfigPath}.yaml, or mark the entry optional, or take it out.{Suggested(node, node.GroupPath, known)}",
            Place = node.Entry.Place,
        };
    }

    private static string Suggested(DefaultsNode node, string name, List<string> known) =>
        Suggestion.Sentence(name, known) is { Length: > 0 } near ? near : MadeInPython(node);

    // A defaults list of a Hydra project may name what only Python knows.
    private static string MadeInPython(DefaultsNode node) => node.Entry.Place is FilePlace
        ? " If a program puts it into Hydra's ConfigStore, it is not visible from outside of Python: write its keys into a file."
        : "";

    // 'db: aws/mysql' used to be option aws/mysql of db, whose own defaults were looked for in db.
    private static string? MovedPath(DefaultsNode node, ConfigRepository repository)
    {
        for (var above = node.Parent; above is not null; above = above.Parent)
        {
            if (above.Entry.WrittenGroup is not { } written || !node.ConfigPath.StartsWith(above.GroupPath, StringComparison.Ordinal))
                continue;
            int moved = above.Entry.Path.Length - written.Length;
            string old = above.GroupPath[..^moved] + node.ConfigPath[above.GroupPath.Length..];
            if (repository.HasConfig(old))
                return $"'{old}' is there, but '{written}: …/{above.Name}' means group {above.GroupPath}, and its defaults are looked "
                    + "for in that group";
        }
        return null;
    }

    public static Problem MustChoose(DefaultsNode node, ConfigRepository repository)
    {
        if (!node.Entry.IsGroup)
            return new Problem
            {
                Code = "RF1507",
                What = $"A file cannot be left open: '{node.ConfigPath}'",
                Cure = "Write 'group: ???' instead.",
                Place = node.Entry.Place,
            };
        var options = repository.Options(node.GroupPath);
        return new Problem
        {
            Code = "RF1507",
            What = $"An option of group {node.GroupPath} must be chosen",
            Cause = $"{Owner(node)} leaves it open (???)",
            Cure = options.Count == 0
                ? $"The group has no options yet: write {node.GroupPath}/NAME.yaml."
                : $"Add {node.OverrideKey}=OPTION; the options are {List(options)}.",
            Place = node.Entry.Place,
        };
    }

    public static Problem Conflict(DefaultsNode node, DefaultsNode first) => new()
    {
        Code = "RF1508",
        What = $"{node.OverrideKey} is given two options: '{node.Name ?? "null"}' by {Owner(node)} and '{first.Name ?? "null"}' by "
            + $"{Owner(first)}",
        Cause = "One group and package holds one option",
        Cure = $"Write 'override {first.Entry.Written}' where an earlier choice is to be changed, or give one of them a package: "
            + $"{node.GroupPath}@PACKAGE.",
        Place = node.Entry.Place,
    };

    public static Problem Duplicate(ResolvedDefault item, IEnumerable<ResolvedDefault> items)
    {
        var parents = items.Where(other => other.OverrideKey == item.OverrideKey)
            .Select(other => other.Parent ?? "the command line").ToList();
        string where = parents.Distinct(StringComparer.Ordinal).Count() == 1
            ? $"{parents.Count} times in {parents[0]}"
            : $"in {string.Join(" and ", parents)}";
        return new Problem
        {
            Code = "RF1509",
            What = $"{item.OverrideKey} stands twice in the final defaults list",
            Cause = $"It is listed {where}",
            Cure = "Take one out, or change the earlier one with 'override', on the command line "
                + $"{item.OverrideKey}={item.ConfigPath[(item.ConfigPath.LastIndexOf('/') + 1)..]} without '+'.",
            Place = item.Place,
        };
    }

    public static Problem DuplicateSelf(DefaultsNode node, DefaultsEntry entry) =>
        At(entry, "RF1503", $"{node.ConfigPath} lists _self_ twice",
            "Keep the one that stands where the file's own values should be merged.");

    public static Problem OverrideFirst(DefaultsEntry first, DefaultsEntry entry, DefaultsNode parent) =>
        At(entry, "RF1510", $"In {parent.ConfigPath} 'override {first.Written}' stands before '{entry.Written}'",
            "Move overrides to the end of the list.");

    public static Problem OverrideBelowInterpolation(DefaultsEntry entry, DefaultsNode parent) =>
        At(entry, "RF1511", $"{parent.ConfigPath} is chosen by an interpolation and may not override '{entry.Written}'",
            "Move the override to a file that is chosen by name.",
            "Interpolations are resolved when every choice is made");

    public static Problem InterpolationInList(DefaultsNode node, string option) =>
        At(node.Entry, "RF1516", $"An option in a list cannot be an interpolation: '{option}'", "Write one entry for each option.");

    public static Problem Unresolved(DefaultsNode node, IEnumerable<string> known)
    {
        var keys = known.ToList();
        bool isOld = node.Entry.Written.Contains("${defaults.", StringComparison.Ordinal);
        return At(node.Entry, "RF1515", $"The interpolation in '{node.Entry.Written}' cannot be resolved", isOld
            ? "Name the group itself: ${db} and not ${defaults.0.db}."
            : "Write the name of a group that the list chooses an option of.",
            keys.Count == 0
                ? "In a defaults list only choices of groups are known, and none is made before this entry"
                : $"In a defaults list only choices are known, by their keys: {List(keys)}");
    }

    public static Problem TooDeep(DefaultsNode node)
    {
        var path = new List<string>();
        for (var above = node; above is not null && path.Count < 4; above = above.Parent) path.Insert(0, above.ConfigPath);
        return At(node.Entry, "RF1518", $"The defaults lists lead on and on: … → {string.Join(" → ", path)}",
            "Take out the entry that leads back.");
    }

    /// <summary>Whether the node's path goes up beyond the root of the search path.</summary>
    public static bool LeadsOut(DefaultsNode node)
    {
        int depth = 0;
        return node.ConfigPath.Split('/').Any(part => (depth += part == ".." ? -1 : 1) < 0);
    }

    public static Problem Outside(DefaultsNode node) =>
        At(node.Entry, "RF1517", $"'{node.Entry.Written}' goes up with '..', and out of the configuration",
            "Name it from the root: '/group: option' or '/group/file'.");

    /// <summary>Whether the node is found by <c>..</c> and goes to a package with a name that is empty.</summary>
    public static bool IsNameless(DefaultsNode node) => node.Reading == HydraReading.Released
        && node.ConfigPath.Split('/').Contains("..") && node.Package.Split('.') is { Length: > 1 } parts && parts.Contains("");

    /// <summary>A file that is found by <c>..</c>, and whose package would have names that are empty.</summary>
    public static Problem NamelessPackage(DefaultsNode node) =>
        At(node.Entry, "RF1523", $"'{node.Entry.Written}' goes up with '..', and its package would be {node.Package}",
            "Give it a package, as '../group@name: option', or name it from the root: '/group: option'.");

    /// <summary>A path that is refused whatever exists; null if all is well.</summary>
    public static Problem? BadPath(DefaultsEntry entry, DefaultsNode parent)
    {
        if (!entry.IsGroup) return BadPath(entry, parent, "configuration", entry.Path);
        return BadPath(entry, parent, "group", entry.Path)
            ?? (entry.Options ?? (entry.Option is null ? [] : [entry.Option]))
            .Select(option => BadPath(entry, parent, "option", option)).FirstOrDefault(found => found is not null);
    }

    private static Problem? BadPath(DefaultsEntry entry, DefaultsNode parent, string what, string path)
    {
        if (path.Contains('\\'))
            return At(
                entry, "RF1517", $"The {what} '{path}' in {parent.ConfigPath} has a backslash", "Part groups with '/', on every system.");
        if (parent.Reading == HydraReading.Development && path.Split('/').Contains(".."))
            return At(entry, "RF1517", $"The {what} '{path}' in {parent.ConfigPath} goes up with '..'",
                "Name it from the root: '/group: option' or '/group/file'.");
        return null;
    }

    public static Problem UnusedChoice(Choice choice, Choices choices)
    {
        if (choice.Source is not { } source)
        {
            return At(choice.Node!.Entry, "RF1512", $"'override {choice.Node.Entry.Written}' in {Owner(choice.Node)} changes nothing",
                $"Remove it, or list {choice.Key} before it.",
                $"No earlier entry has the key {choice.Key}. Keys begin at the file's own group; '/' begins at the root");
        }
        var near = choices.KeysOf(source.Key);
        return new Problem
        {
            Code = "RF1513",
            What = $"{source.QualifiedKey} is not in the defaults list, so its option cannot be changed",
            Cause = near.Count == 0 ? null : $"The group is there as {List(near)}",
            Cure = near.Count == 1 ? $"Write {near.First()}=…, or add another one with +{source.Text}." : $"Add it with +{source.Text}.",
            Place = source.KeyPlace,
        };
    }

    public static Problem UnusedDeletion(Override source, Choices choices)
    {
        bool isThere = choices.Known.TryGetValue(source.QualifiedKey, out string? option);
        var near = choices.KeysOf(source.Key);
        return new Problem
        {
            Code = "RF1514",
            What = isThere
                ? $"{source.QualifiedKey} is '{option ?? "null"}' and not what {source.Text} names"
                : $"{source.QualifiedKey} is not in the defaults list, so it cannot be taken out",
            Cause = isThere || near.Count == 0 ? null : $"The group is there as {List(near)}",
            Cure = isThere ? $"Write ~{source.QualifiedKey} to take it out whatever it is." : $"Take {source.Text} off the command line.",
            Place = isThere ? source.ValuePlace : source.KeyPlace,
        };
    }

    public static Problem ForcedGroup(Override source) => new()
    {
        Code = "RF1520",
        What = $"An option cannot be forced: {source.Text}",
        Cause = $"{source.Key} is a group, and a group is either in the defaults list or not",
        Cure = $"Write {source.Text[2..]} where it is, {source.Text[1..]} where it is not.",
        Place = source.KeyPlace,
    };

    public static Problem NotAnOption(Override source, ConfigRepository repository) => new()
    {
        Code = "RF1519",
        What = $"{source.Key} is a group, and {OverridePrinter.Print(source.Value!)} is not an option",
        Cause = $"Its options are {List(repository.Options(source.Key))}",
        Cure = source.Value is NullValue
            ? $"To leave the group out write ~{source.QualifiedKey}."
            : "Name one of them; put an option that looks like a number in quotes.",
        Place = source.ValuePlace,
    };

    public static Problem BadDeletion(Override source, bool isGroup) => new()
    {
        Code = "RF1519",
        What = isGroup
            ? $"Only an option's name can be taken out of group {source.Key}"
            : $"{source.Key} is a file, and has no options to name",
        Cure = $"Write ~{source.QualifiedKey}.",
        Place = source.ValuePlace,
    };

    private static Problem At(DefaultsEntry entry, string code, string what, string cure, string? cause = null) =>
        new() { Code = code, What = what, Cause = cause, Cure = cure, Place = entry.Place };

    private static string Owner(DefaultsNode node) =>
        node.Entry.IsAppended ? "the command line" : node.Parent?.ConfigPath ?? "the command line";

    private static string Join(string group, string name) => group.Length == 0 ? name : $"{group}/{name}";

    private static string List(IReadOnlyCollection<string> names)
    {
        const int Most = 12;
        return names.Count <= Most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Most))} and {names.Count - Most} more";
    }
}
