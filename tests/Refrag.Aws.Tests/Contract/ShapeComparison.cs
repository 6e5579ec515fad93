using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Aws.Tests.Contract;

/// <summary>Compares a record, as its JSON metadata describe it, with a shape of the model, and everything that it reaches.</summary>
internal sealed class ShapeComparison(ApiModel model, JsonSerializerOptions options)
{
    private readonly HashSet<(Type, bool)> _seen = [];

    public List<string> Differences { get; } = [];

    public IReadOnlyCollection<string> Structures => [.. _seen.Select(s => s.Item1.Name).Distinct()];

    public void Compare(Type type, string shapeName, bool isRequest)
    {
        if (!_seen.Add((type, isRequest))) return;
        JsonElement shape = model.Shape(shapeName);
        if (type.Name != shapeName) Differences.Add($"{shapeName} is the record {type.Name}");
        var members = shape.GetProperty("members")
            .EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetProperty("shape").GetString()!);
        JsonTypeInfo info = options.GetTypeInfo(type);
        var properties = info.Properties.ToDictionary(p => p.Name);
        Differences.AddRange(members.Keys.Except(properties.Keys).Select(m => $"{shapeName}.{m} is missing"));
        Differences.AddRange(properties.Keys.Except(members.Keys).Select(m => $"{shapeName}.{m} is not in the model"));
        IReadOnlyList<string> required = ApiModel.Strings(shape, "required");
        foreach ((string name, JsonPropertyInfo property) in properties.Where(p => members.ContainsKey(p.Key)))
        {
            CompareType(property.PropertyType, members[name], $"{shapeName}.{name}", isRequest);
            bool isRequired = type.GetProperties()
                .Single(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == name)
                .IsDefined(typeof(RequiredMemberAttribute), inherit: false);
            if (isRequest && isRequired != required.Contains(name)) Differences.Add($"{shapeName}.{name}: required is {isRequired}");
        }
    }

    private void CompareType(Type type, string shapeName, string path, bool isRequest)
    {
        JsonElement shape = model.Shape(shapeName);
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        switch (shape.GetProperty("type").GetString())
        {
            case "structure":
                Compare(bare, shapeName, isRequest);
                break;
            case "list":
                Generic(bare, typeof(IReadOnlyList<>), ApiModel.Target(shape, "member"), path, isRequest);
                break;
            case "map":
                Generic(bare, typeof(IReadOnlyDictionary<,>), ApiModel.Target(shape, "value"), path, isRequest);
                break;
            case var simple:
                if (bare != Simple(simple!)) Differences.Add($"{path} is {bare.Name}, the model says {simple}");
                break;
        }
    }

    private void Generic(Type type, Type wanted, string element, string path, bool isRequest)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == wanted)
            CompareType(type.GetGenericArguments()[^1], element, $"{path}[]", isRequest);
        else Differences.Add($"{path} is {type.Name}, not {wanted.Name}");
    }

    private static Type Simple(string type) => type switch
    {
        "string" => typeof(string),
        "integer" => typeof(int),
        "long" => typeof(long),
        "boolean" => typeof(bool),
        "double" => typeof(double),
        // Seconds since 1970, as AWS JSON has them.
        "timestamp" => typeof(double),
        "float" => typeof(float),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The model has a new simple type."),
    };
}
