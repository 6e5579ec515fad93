using Refrag.Composition.Tree;
using Refrag.Composition.Yaml.Scanning;

namespace Refrag.Composition.Yaml;

/// <summary>What can be wrong with a YAML file, in words for people.</summary>
internal static class YamlProblems
{
    public static Problem Syntax(YamlSyntaxException e, ConfigSource source) => new()
    {
        Code = e.Code,
        What = e.Message,
        Cause = e.Cause,
        Cure = e.Cure,
        Place = new Mark(source, e.At.Line, e.At.Column + 1).ToPlace(),
    };

    public static Problem DuplicateKey(string key, Mark first, Mark second) => new()
    {
        Code = "RF1202",
        What = $"The key {key} stands twice in one mapping",
        Cause = $"it stands first in line {first.Line}",
        Cure = "Remove one of them.",
        Place = second.ToPlace(),
    };

    public static Problem KeyNotScalar(Mark mark) => new()
    {
        Code = "RF1203",
        What = "A list or a mapping cannot be a key",
        Cure = "Use text, a number or a truth value as the key.",
        Place = mark.ToPlace(),
    };

    public static Problem KeyNull(Mark mark) => new()
    {
        Code = "RF1203",
        What = "Null cannot be a key",
        Cure = "Put quotes around it to have the text as the key.",
        Place = mark.ToPlace(),
    };

    public static Problem MergeNeedsMapping(Mark mark) => new()
    {
        Code = "RF1204",
        What = "What is merged with << must be a mapping or a list of mappings",
        Cure = "Put an alias of a mapping there, as in <<: *base.",
        Place = mark.ToPlace(),
    };

    public static Problem UnknownAlias(string name, Mark mark, IEnumerable<string> anchors) => new()
    {
        Code = "RF1205",
        What = $"The alias *{name} has no anchor &{name} before it",
        Cure = $"Set the anchor above this line.{Suggestion.Sentence(name, anchors)}",
        Place = mark.ToPlace(),
    };

    public static Problem AnchorTwice(string name, Mark first, Mark second) => new()
    {
        Code = "RF1210",
        What = $"The anchor &{name} is set twice",
        Cause = $"it is set first in line {first.Line}",
        Cure = "Give the second another name.",
        Place = second.ToPlace(),
    };

    public static Problem RecursiveAlias(string name, Mark mark) => new()
    {
        Code = "RF1206",
        What = $"The alias *{name} stands inside of what it refers to",
        Cure = "Move the alias out, or write the value in full.",
        Place = mark.ToPlace(),
    };

    public static Problem TooManyAliases(long expanded, long written, Mark mark) => new()
    {
        Code = "RF1207",
        What = $"Aliases make {expanded} nodes of the {written} that are written",
        Cause = "a small file that grows so much is refused, because it could fill the memory",
        Cure = "Use fewer aliases, or refer to the value with an interpolation ${…}.",
        Place = mark.ToPlace(),
    };

    public static Problem BadScalar(string text, string? tag, Mark mark) => new()
    {
        Code = "RF1209",
        What = tag is null
            ? $"The plain text {text} has a meaning of its own in YAML and cannot be a value"
            : $"{text} cannot be read as {tag}",
        Cure = "Put quotes around it to have it as text.",
        Place = mark.ToPlace(),
    };

    public static Problem UnknownTag(string tag, Mark mark) => new()
    {
        Code = "RF1209",
        What = $"The tag {tag} is not known",
        Cause = "only the tags of plain YAML are read: null, bool, int, float, str, binary, seq and map",
        Cure = "Remove the tag.",
        Place = mark.ToPlace(),
    };

    public static Problem SecondDocument(Mark mark) => new()
    {
        Code = "RF1201",
        What = "A second document begins here",
        Cause = "a configuration file holds one document; --- begins a new one",
        Cure = "Move the second document to a file of its own.",
        Place = mark.ToPlace(),
    };

    public static Problem NotAConfiguration(ConfigNode node) => new()
    {
        Code = "RF1201",
        What = $"A configuration is a mapping or a list, and this is the value {PythonText.Str(node)}",
        Cure = "Write it as key: value.",
        Place = node.Origin,
    };
}
