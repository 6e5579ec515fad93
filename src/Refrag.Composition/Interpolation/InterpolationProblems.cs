using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>What can be wrong with an interpolation, in words for people.</summary>
internal static class InterpolationProblems
{
    public static Problem NotFound(string key, Place? place, Location searched, string part) => new()
    {
        Code = "RF1301",
        What = $"There is no key {key} to interpolate",
        Cause = searched.Parent is null ? null : $"{searched} has no {part}",
        Cure = $"Set the key, or correct the name.{Suggestion.Sentence(part, Keys(searched.Node))}",
        Place = place,
    };

    public static Problem Syntax(SyntaxError error, Place? place) => new()
    {
        Code = "RF1302",
        What = error.What,
        Cure = error.Cure,
        Place = place,
    };

    public static Problem Cycle(string path, Place? place) => new()
    {
        Code = "RF1303",
        What = "The interpolation leads back to itself",
        Cause = path,
        Cure = "Give one of these keys a value of its own.",
        Place = place,
    };

    public static Problem ToMissing(string key, Place? place, Place? missing) => new()
    {
        Code = "RF1304",
        What = $"The interpolation needs {key}, which is still missing (???)",
        Cause = missing is FilePlace file ? $"it is declared in {file.Path}:{file.Line}" : null,
        Cure = $"Set it: {key}=….",
        Place = place,
    };

    public static Problem UnknownResolver(string name, Place? place, IEnumerable<string> known) => new()
    {
        Code = "RF1305",
        What = $"There is no resolver {name}",
        Cure = $"Correct the name, or register the resolver.{Suggestion.Sentence(name, known)}",
        Place = place,
    };

    public static Problem ResolverFailed(string name, string cause, string cure, Place? place) => new()
    {
        Code = "RF1306",
        What = $"The resolver {name} gives no value",
        Cause = cause,
        Cure = cure,
        Place = place,
    };

    public static Problem BeyondRoot(string key, Place? place) => new()
    {
        Code = "RF1307",
        What = $"The relative key {key} goes beyond the root of the configuration",
        Cure = "Use fewer dots: one stands for the mapping that the interpolation is in.",
        Place = place,
    };

    public static Problem NotAContainer(string key, string parent, string child, Place? place) => new()
    {
        Code = "RF1308",
        What = $"{key} asks {parent} for {child}, and {parent} is a value without parts",
        Cure = "Correct the key.",
        Place = place,
    };

    public static Problem NotAnIndex(string key, string parent, string child, Place? place) => new()
    {
        Code = "RF1308",
        What = $"{key} asks the list {parent} for {child}, which is not a whole number",
        Cure = "Use an index, from 0.",
        Place = place,
    };

    public static Problem NotText(string use, ConfigNode value, Place? place) => new()
    {
        Code = "RF1309",
        What = $"An interpolation that is {use} must give text, and this one gives {PythonText.Repr(value)}",
        Cure = "Put quotes around the value that it refers to.",
        Place = place,
    };

    public static Problem TooDeep(int limit, Place? place) => new()
    {
        Code = "RF1310",
        What = $"Interpolations lead one to another more than {limit} times",
        Cure = "Refer to the last value directly.",
        Place = place,
    };

    public static Problem TooLarge(string what, Place? place) => new()
    {
        Code = "RF1310",
        What = $"Interpolations make the configuration {what}",
        Cause = "a small file that grows so much is refused, because it could fill the memory",
        Cure = "Refer to large parts in fewer places.",
        Place = place,
    };

    public static Problem Missing(string key, Place? place) => new()
    {
        Code = "RF1312",
        What = $"{(key.Length == 0 ? "The configuration" : key)} is still missing (???)",
        Cure = $"Set it: {key}=….",
        Place = place,
    };

    public static Problem ToParent(string key, Place? place) => new()
    {
        Code = "RF1311",
        What = $"The interpolation stands inside of {(key.Length == 0 ? "the whole configuration" : key)}, to which it refers",
        Cure = "Refer to a key that does not hold this one.",
        Place = place,
    };

    private static IEnumerable<string> Keys(ConfigNode node) =>
        node is ConfigMapping mapping ? mapping.Select(entry => entry.Key.Text).OfType<string>() : [];
}
