using Refrag.Composition.Tree;

namespace Refrag.Composition.Schemas;

/// <summary>The words for values that a schema refuses.</summary>
internal static class SchemaProblems
{
    public static Problem WrongType(ConfigNode value, SchemaKey key, string path) =>
        Refused("RF1651", value, key, path);

    public static Problem OutOfRange(ConfigNode value, SchemaKey key, string path) =>
        Refused("RF1652", value, key, path);

    public static Problem NoChoice(ConfigNode value, SchemaKey key, string path)
    {
        var problem = Refused("RF1653", value, key, path);
        return problem with { Cure = problem.Cure + Suggestion.Sentence(ValueText.Of(value), key.Choices) };
    }

    public static Problem Null(SchemaKey key, string path, Place? place) =>
        Refused("RF1657", "null", key, path, place);

    public static Problem Required(SchemaKey key, string path, Place? place) => new()
    {
        Code = "RF1654",
        What = $"{path} is required and missing",
        Cause = key.Description,
        Cure = $"Add +{path}=VALUE, where VALUE is {SchemaTypes.Phrase(key)}.",
        Place = place,
    };

    public static Problem Unknown(string name, string path, IReadOnlyList<Schema> schemas, string? meant, Place? place, bool isForced)
    {
        List<string> known = [.. schemas.SelectMany(schema => schema.Keys).Select(key => key.Name).Distinct(StringComparer.Ordinal)];
        string where = path.Length == 0 ? "The configuration" : path;
        string near = meant is null ? "" : $" Did you mean {meant}?";
        return new Problem
        {
            Code = "RF1655",
            What = isForced ? $"{where} has no key '{name}', so '{name}' has no effect by itself" : $"{where} has no key '{name}'",
            Cause = $"Its keys are {string.Join(", ", known)}",
            Cure = (isForced, place) switch
            {
                (true, _) => $"Remove it, if nothing refers to it.{near}",
                (_, ArgumentPlace) when near.Length == 0 => "Remove it; with ++ in front it is set all the same.",
                (_, ArgumentPlace) => $"Remove it.{near}",
                _ => $"Remove it, or declare it in the schema.{near}",
            },
            Place = place,
        };
    }

    public static Problem Misspelt(string path, string meant, Place? place) => new()
    {
        Code = "RF1658",
        What = $"{path} is not a key of any schema, and {meant} is not set",
        Cause = "a key that is not read has no effect",
        Cure = $"Write {meant} if that is meant, or declare the key in the schema.",
        Place = place,
    };

    private static Problem Refused(string code, ConfigNode value, SchemaKey key, string path) =>
        Refused(code, Found(value), key, path, value.Origin);

    private static Problem Refused(string code, string found, SchemaKey key, string path, Place? place) => new()
    {
        Code = code,
        What = $"{path} must be {SchemaTypes.Phrase(key)}; got {found}",
        Cause = key.Description is null ? null : $"{path}: {key.Description}",
        Cure = key.Choices.Count > 0
            ? $"Set it to {SchemaTypes.Phrase(key)}."
            : key.Type == SchemaType.Size && SchemaTypes.InBinaryUnit(found.Trim('\'')) is { } binary
            ? $"Write {binary}: sizes count by 1,024."
            : $"Set it to a valid value, for example {path}={key.Default ?? SchemaTypes.Example(key)}.",
        Place = place,
    };

    private static string Found(ConfigNode value) => value switch
    {
        ConfigMapping => "a mapping",
        ConfigList => "a list",
        _ => $"'{ValueText.Of(value)}'",
    };
}
