using Refrag.Composition.Tree;

namespace Refrag.Composition.Schemas;

/// <summary>The words for values that a schema refuses.</summary>
internal static class SchemaProblems
{
    public static Problem WrongType(ConfigNode value, SchemaKey key, string path) =>
        Refused("RF1651", $"{path} is {key.Allowed}, and {Quoted(value)} is {KindOf(value)}", key, path, value.Origin);

    public static Problem OutOfRange(ConfigNode value, SchemaKey key, string path) =>
        Refused("RF1652", $"{path} is {key.Allowed}, and {Quoted(value)} is out of range", key, path, value.Origin);

    public static Problem NoChoice(ConfigNode value, SchemaKey key, string path)
    {
        var problem = Refused("RF1653", $"{path} is {key.Allowed}, and not {Quoted(value)}", key, path, value.Origin);
        return problem with { Cure = problem.Cure + Suggestion.Sentence(ValueText.Of(value), key.Choices) };
    }

    public static Problem Null(SchemaKey key, string path, Place? place) =>
        Refused("RF1657", $"{path} is {key.Allowed}, and not null", key, path, place);

    public static Problem Required(SchemaKey key, string path, Place? place) => new()
    {
        Code = "RF1654",
        What = $"{path} is required and is not there",
        Cause = key.Description,
        Cure = $"Add +{path}=VALUE, where VALUE is {key.Allowed}.",
        Place = place,
    };

    public static Problem Unknown(string name, string path, Schema schema, Place? place)
    {
        var known = schema.Keys.Select(key => key.Name).ToList();
        return new Problem
        {
            Code = "RF1655",
            What = $"{(path.Length == 0 ? "The configuration" : path)} has no key '{name}'",
            Cause = $"Its keys are {string.Join(", ", known)}",
            Cure = $"Take it out, or declare it in the schema.{Suggestion.Sentence(name, known)}",
            Place = place,
        };
    }

    public static Problem Misspelt(string path, string meant, Place? place) => new()
    {
        Code = "RF1658",
        What = $"No schema knows {path}, and nobody sets {meant}",
        Cause = "a key that nobody reads does nothing",
        Cure = $"Write {meant} if that is meant, or declare the key in the schema.",
        Place = place,
    };

    private static Problem Refused(string code, string what, SchemaKey key, string path, Place? place) => new()
    {
        Code = code,
        What = what,
        Cause = key.Description is null ? null : $"{path}: {key.Description}",
        Cure = key.Default is null ? $"Give {Article(key)}." : $"Give {Article(key)}; the default is {key.Default}.",
        Place = place,
    };

    private static string Article(SchemaKey key) => key.Choices.Count > 0 ? key.Allowed : $"a value that is {key.Allowed}";

    private static string Quoted(ConfigNode value) => $"'{ValueText.Of(value)}'";

    private static string KindOf(ConfigNode value) => value switch
    {
        ConfigMapping => "a mapping",
        ConfigList => "a list",
        ConfigScalar { Kind: ScalarKind.Boolean } => "true or false",
        ConfigScalar { Kind: ScalarKind.Integer } => "a whole number",
        ConfigScalar { Kind: ScalarKind.Float } => "a fraction",
        ConfigScalar { Kind: ScalarKind.String } => "a text",
        _ => "none",
    };
}
