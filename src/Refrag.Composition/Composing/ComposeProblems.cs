using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Overrides;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>The words for what can be wrong with a composition.</summary>
internal static class ComposeProblems
{
    public static Problem NoDirectory(SearchSource source) => new()
    {
        Code = "RF1451",
        What = $"The configuration directory {source.Name} is not there",
        Cure = "Name a directory that holds the configuration, with --config-dir, or go to where it is.",
    };

    /// <summary>A key that is not there.</summary>
    /// <param name="item">The override.</param>
    /// <param name="parent">The node that the key was looked for in.</param>
    /// <param name="name">The part of the key that is not there.</param>
    /// <param name="path">The way to <paramref name="parent"/>; empty for the root.</param>
    /// <param name="near">The key that was most likely meant; null if none is near.</param>
    /// <param name="isClosed">Whether a schema allows no further keys there.</param>
    /// <param name="options">The options of the group there that have the key, as in <c>env=awsbatch</c>; empty if none does.</param>
    public static Problem UnknownKey(
        Override item, ConfigNode? parent, string name, string path, string? near, bool isClosed, IReadOnlyList<string> options)
    {
        var known = parent is ConfigMapping mapping
            ? mapping.Select(entry => entry.Key.ToString()).Where(key => path.Length > 0 || key != HydraSource.Name).ToList()
            : [];
        string where = path.Length == 0 ? "the configuration" : path;
        string what = parent switch
        {
            ConfigMapping or null => $"There is no key '{name}' in {where}",
            ConfigList list => $"{where} is a list of {list.Count} and has no item '{name}'",
            _ => $"{where} is the value '{parent}' and has no keys",
        };
        return new Problem
        {
            Code = "RF1601",
            What = what,
            Cause = known.Count is > 0 and <= 20 ? $"The keys of {where} are {string.Join(", ", known)}" : null,
            Cure = parent is ConfigList { Count: var count }
                ? CureOfItem(path, count)
                : (near, options, isClosed) switch
                {
                    // Spelt as it stands there, it is meant.
                    (_, { Count: > 0 }, _) => $"Choose an option that has it: {string.Join(" or ", options)}.",
                    // A key that is nearly another one is not added: the one that was meant would keep its value in silence.
                    ({ } meant, _, _) => $"Write {Corrected(item, path, meant)}. Did you mean {meant}?",
                    (null, _, true) => $"Remove it: {where} has only the keys that its schema declares.",
                    _ => $"To add a new key write +{item.Text}.",
                },
            Place = PlaceOf(item, name),
        };
    }

    public static Problem NearlyAnotherKey(Override item, string near) => new()
    {
        Code = "RF1623",
        What = $"{item.Key} is a new key, and {near} is not changed by it",
        Cure = $"Write {near}{TextBehindKey(item)} if that is meant.",
        Place = item.KeyPlace,
    };

    public static Problem WithoutHeader(ResolvedDefault item, string key, Place? place) => new()
    {
        Code = "RF1624",
        What = $"{item.ConfigPath} sets {item.Package}.{key}, and not {key}",
        Cause = $"A file of a group is put below {item.Package} unless its first line says otherwise",
        Cure = "Make '# @package _global_' the first line of the file.",
        Place = place,
    };

    public static Problem AlreadyThere(Override item, ConfigNode value) => new()
    {
        Code = "RF1602",
        What = $"{item.Key} is there already, as '{value}', and '+' only adds what is not",
        Cure = $"Write {item.Text[1..]} to change it, or +{item.Text} to set it whether it is there or not.",
        Place = item.KeyPlace,
    };

    public static Problem NotThere(Override item, IReadOnlyCollection<string> known) => new()
    {
        Code = "RF1603",
        What = $"{item.Key} cannot be removed: it is not there",
        Cure = $"Take {item.Text} off the command line.{Suggestion.Sentence(item.Key, known)}",
        Place = item.KeyPlace,
    };

    public static Problem OtherValue(Override item, ConfigNode value) => new()
    {
        Code = "RF1604",
        What = $"{item.Key} is '{value}' and not what {item.Text} names",
        Cure = $"Write ~{item.Key} to remove it whatever it is.",
        Place = item.ValuePlace,
    };

    public static Problem NoSuchGroup(Override item, IReadOnlyCollection<string> groups) => new()
    {
        Code = "RF1605",
        What = $"'@{item.Package}' gives a group's options a package, and there is no group '{item.Key}'",
        Cause = groups.Count == 0 ? null : $"The groups are {string.Join(", ", groups)}",
        Cure = $"Name a group, or set a value with '.': {item.Package}.{item.Key}=….{Suggestion.Sentence(item.Key, groups)}",
        Place = item.KeyPlace,
    };

    public static Problem Sweep(Override item) => item.Value is ChoiceSweep { IsSimple: true } sweep
        ? new Problem
        {
            Code = "RF1606",
            What = $"{item.Key} is given {sweep.Items.Count} values, and this is one job",
            Cause = "Values with commas between them are a sweep: one job for each",
            Cure = $"Add -m to sweep, or write {item.Key}=[…] for a list, or quote the value for a text with commas.",
            Place = item.ValuePlace,
        }
        : new Problem
        {
            Code = "RF1607",
            What = $"{item.Text} is a sweep, and this is one job",
            Cure = "Add -m to sweep, or give one value.",
            Place = item.ValuePlace,
        };

    public static Problem HydraSweep(Override item) =>
        new()
        {
            Code = "RF1607",
            What = $"Hydra's own settings cannot be swept: {item.Text}",
            Cure = "Give one value.",
            Place =
            item.ValuePlace
        };

    public static Problem PrimaryIsNoMapping(string name, ConfigFile file) => new()
    {
        Code = "RF1610",
        What = $"The primary configuration '{name}' is a list and not a mapping",
        Cure = "Write 'key: value' lines in it, or put the list under a key.",
        Place = file.Body.Origin,
    };

    public static Problem BodyIsNoMapping(ResolvedDefault item) => new()
    {
        Code = "RF1608",
        What = $"{item.ConfigPath} is a list and cannot be merged into {(item.Package.Length == 0 ? "the root" : item.Package)}",
        Cure = "Give it a package of its own, with '# @package NAME' or '@NAME', or write a mapping.",
        Place = item.File?.Body.Origin,
    };

    public static Problem BadSearchPath(Place? place) =>
        new()
        {
            Code = "RF1609",
            What = "hydra.searchpath is not a list of directories",
            Cure =
            "Write hydra.searchpath=[dir,other/dir].",
            Place = place
        };

    public static Problem SearchPathElsewhere(string file, Place? place) => new()
    {
        Code = "RF1609",
        What = $"{file} sets hydra.searchpath, which only the primary configuration and the command line can",
        Cure = "Move it to the primary configuration.",
        Place = place,
    };

    public static Problem NotAList(Override item, ConfigNode? value) => new()
    {
        Code = "RF1611",
        What = value is null
            ? $"{item.Key} is not there, so nothing can be appended to it"
            : $"{item.Key} is '{value}' and not a list, so nothing can be appended to it",
        Cure = value is null ? $"Write +{item.Key}=[…] for a new list." : $"Write {item.Key}=[…] to put a list in its place.",
        Place = item.KeyPlace,
    };

    public static Problem NotInEnvironment(string name, Place? place) =>
        new()
        {
            Code = "RF1612",
            What = $"The environment variable {name} is not set, and hydra.job.env_copy names it",
            Cure =
            $"Set {name}, or take it out.",
            Place = place
        };

    public static Problem StillOpen(string path, Place? place) =>
        new() { Code = "RF1620", What = $"{path} is still open (???)", Cure = $"Add {path}=VALUE.", Place = place };

    // The caret goes to the part of the key that is wrong, where it can be found in what was typed.
    private static ArgumentPlace PlaceOf(Override item, string name)
    {
        var key = item.KeyPlace;
        string typed = item.Text.Substring(item.KeySpan.Start, item.KeySpan.Length);
        int at = typed.LastIndexOf(name, StringComparison.Ordinal);
        return at < 0 || name.Length == 0 ? key : key with { Column = key.Column + at, Length = name.Length };
    }

    private static string TextBehindKey(Override item) => item.Text[(item.KeySpan.Start + item.KeySpan.Length)..];

    // What was typed, with the part that is wrong put right.
    private static string Corrected(Override item, string path, string meant)
    {
        var parts = KeyPath.Split(item.Key);
        int at = (path.Length == 0 ? 0 : KeyPath.Split(path).Count) + 1;
        return KeyPath.Join([.. KeyPath.Split(meant), .. parts.Skip(at)]) + TextBehindKey(item);
    }

    private static string CureOfItem(string list, int count) =>
        $"{(count == 0 ? "" : $"{ListIndex.Known(count)} ")}To append write {list}=extend_list(…).";
}
