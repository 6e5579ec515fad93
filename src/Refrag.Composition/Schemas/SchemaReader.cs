using System.Globalization;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Schemas;

/// <summary>
/// Reads a schema file:
/// <code>
/// description: Where a job runs.
/// closed: true
/// keys:
///   gpus: {type: int, min: 0, max: 8, default: 0, description: GPUs of each job}
///   memory: size
/// </code>
/// </summary>
internal sealed class SchemaReader
{
    private static readonly string[] SchemaWords = ["description", "closed", "keys", "recognized_by"];
    private static readonly string[] KeyWords =
        ["type", "description", "min", "max", "enum", "required", "nullable", "default", "items", "keys", "closed"];

    private readonly List<Problem> _problems = [];

    public static SchemaFile Read(ConfigNode body)
    {
        var reader = new SchemaReader();
        var schema = reader.ReadSchema(body);
        return new SchemaFile(schema, reader._problems, ((body as ConfigMapping)?["recognized_by"] as ConfigScalar)?.Text);
    }

    private Schema ReadSchema(ConfigNode body)
    {
        if (body is not ConfigMapping mapping)
        {
            Report(body.Origin, "A schema is a mapping with 'keys:'", "Write 'keys:' and below it one key a line.");
            return Schema.Of();
        }
        CheckWords(mapping, SchemaWords);
        return new Schema
        {
            Description = (mapping["description"] as ConfigScalar)?.Text,
            IsClosed = Flag(mapping, "closed"),
            Keys = ReadKeys(mapping["keys"]),
        };
    }

    private List<SchemaKey> ReadKeys(ConfigNode? keys)
    {
        if (keys is ConfigMapping mapping) return [.. mapping.Select(entry => ReadKey(entry.Key.ToString(), entry.Value))];
        if (keys is { IsNull: false })
            Report(keys.Origin, "'keys' is a mapping of key names", "Write 'keys:' and below it one key a line.");
        return [];
    }

    // 'gpus: int' is short for 'gpus: {type: int}'.
    private SchemaKey ReadKey(string name, ConfigNode node)
    {
        if (node is ConfigScalar { Text: not null }) return new SchemaKey { Name = name, Type = ReadType(node) };
        if (node is not ConfigMapping words)
        {
            Report(node.Origin, $"'{name}' is neither a type nor a mapping", $"Write '{name}: int' or '{name}: {{type: int}}'.");
            return new SchemaKey { Name = name };
        }
        CheckWords(words, KeyWords);
        var type = words["type"] is { } written ? ReadType(written) : words.ContainsKey("keys") ? SchemaType.Mapping : SchemaType.Any;
        return new SchemaKey
        {
            Name = name,
            Type = type,
            Description = (words["description"] as ConfigScalar)?.Text,
            Min = ReadLimit(words["min"], type),
            Max = ReadLimit(words["max"], type),
            Choices = ReadChoices(words["enum"]),
            IsRequired = Flag(words, "required"),
            IsNullable = Flag(words, "nullable"),
            Default = words["default"] is { } value ? ValueText.Of(value) : null,
            Items = words["items"] is { } items ? ReadKey("", items) : null,
            Keys = words["keys"] is { } keys ? new Schema { Keys = ReadKeys(keys), IsClosed = Flag(words, "closed") } : null,
        };
    }

    private SchemaType ReadType(ConfigNode node)
    {
        string name = (node as ConfigScalar)?.Text ?? "";
        if (SchemaTypes.Parse(name) is { } type) return type;
        Report(node.Origin, $"'{node}' is not a type",
            $"The types are {string.Join(", ", SchemaTypes.Names)}.{Suggestion.Sentence(name, SchemaTypes.Names)}");
        return SchemaType.Any;
    }

    private decimal? ReadLimit(ConfigNode? node, SchemaType type)
    {
        if (node is null || node.IsNull) return null;
        string text = node.ToString();
        decimal? limit = type switch
        {
            SchemaType.Size => SchemaTypes.ParseSize(text),
            SchemaType.Duration => SchemaTypes.ParseDuration(text),
            _ => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null,
        };
        if (limit is null)
            Report(node.Origin, $"'{text}' is not a limit of type {SchemaTypes.NameOf(type)}",
                "Write a number; for sizes and durations a unit may follow.");
        return limit;
    }

    private List<string> ReadChoices(ConfigNode? node)
    {
        if (node is null) return [];
        if (node is ConfigList list) return [.. list.Select(ValueText.Of)];
        Report(node.Origin, "'enum' is a list", "Write 'enum: [a, b]'.");
        return [];
    }

    private bool Flag(ConfigMapping words, string name)
    {
        if (words[name] is not { } node) return false;
        if (node is ConfigScalar { Boolean: { } flag }) return flag;
        Report(node.Origin, $"'{name}' is true or false, not '{node}'", $"Write '{name}: true'.");
        return false;
    }

    private void CheckWords(ConfigMapping mapping, string[] known)
    {
        foreach (var entry in mapping)
        {
            string word = entry.Key.ToString();
            if (!known.Contains(word))
                Report(entry.KeyMark.ToPlace() ?? entry.Value.Origin, $"A schema has no word '{word}'",
                    $"The words here are {string.Join(", ", known)}.{Suggestion.Sentence(word, known)}");
        }
    }

    private void Report(Place? place, string what, string cure) =>
        _problems.Add(new Problem { Code = "RF1656", What = what, Cure = cure, Place = place });
}
