using Refrag.Composition.Tree;

namespace Refrag.Composition.Merging;

/// <summary>What can be wrong with a merge or an update, in words for people.</summary>
internal static class MergeProblems
{
    public static Problem NotInStruct(string path, string key, Mark mark, IEnumerable<string> known) => new()
    {
        Code = "RF1401",
        What = $"The key {path} is not in the configuration",
        Cause = "only keys that are there may be set",
        Cure = $"Correct the key, or add it with +{path}=….{Suggestion.Sentence(key, known)}",
        Place = mark.ToPlace(),
    };

    public static Problem Incompatible(string path, ConfigNode target, ConfigNode source) => new()
    {
        Code = "RF1402",
        What = $"{Name(source)} cannot be merged into {Name(target).ToLowerInvariant()}{(path.Length == 0 ? "" : $" at {path}")}",
        Cause = target.Origin is FilePlace file ? $"the other stands in {file.Path}:{file.Line}" : null,
        Cure = "Give both the same "
            + $"form{(path.Length == 0 ? "" : $", or first remove the old value with ~{path} and add the new one with +{path}=…")}.",
        Place = source.Origin,
    };

    public static Problem NotAContainer(ConfigNode source) => new()
    {
        Code = "RF1403",
        What = $"Only a mapping or a list can be merged, and this is {PythonText.Repr(source)}",
        Cure = "Give a mapping or a list.",
        Place = source.Origin,
    };

    public static Problem ReadOnly(string path, Mark mark) => new()
    {
        Code = "RF1404",
        What = $"The configuration is read-only, and {path} cannot be set",
        Cure = "Set the value where the configuration is composed.",
        Place = mark.ToPlace(),
    };

    public static Problem NoSuchIndex(string path, int count, Mark mark) => new()
    {
        Code = "RF1405",
        What = $"{path} is beyond the list, which has {(count == 1 ? "one item" : $"{count} items")}",
        Cure = count == 0 ? "Set the whole list." : ListIndex.Known(count),
        Place = mark.ToPlace(),
    };

    public static Problem NotAnIndex(string path, string key, Mark mark) => new()
    {
        Code = "RF1406",
        What = $"{path} asks a list for {key}, which is not a whole number",
        Cure = "Use an index, from 0.",
        Place = mark.ToPlace(),
    };

    public static Problem Missing(string path, Mark mark) => new()
    {
        Code = "RF1407",
        What = $"{path} is still missing (???)",
        Cure = $"Set {path} as a whole first.",
        Place = mark.ToPlace(),
    };

    public static Problem PathTooLong(int limit, Mark mark) => new()
    {
        Code = "RF1408",
        What = $"A key has more than {limit} parts",
        Cure = "Use a shorter key.",
        Place = mark.ToPlace(),
    };

    private static string Name(ConfigNode node) => node switch
    {
        ConfigMapping => "A mapping",
        ConfigList => "A list",
        _ => "A value",
    };
}
