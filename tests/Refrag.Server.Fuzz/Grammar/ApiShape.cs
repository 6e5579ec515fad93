using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>The kind of JSON that a shape has.</summary>
internal enum ShapeKind
{
    Structure,
    List,
    Map,
    Text,
    Whole,
    Real,
    Flag,
}

/// <summary>A shape of a request: its kind from the contract's types, its limits from the API model.</summary>
/// <param name="model">The shapes that this one refers to.</param>
/// <param name="type">The contract's type.</param>
/// <param name="rule">The model's rule; <see cref="ShapeRule.Anything"/> if it has none.</param>
/// <param name="name">The shape's name in the model; empty if it is unknown.</param>
internal sealed class ApiShape(ApiModel model, Type type, ShapeRule rule, string name)
{
    private IReadOnlyList<ApiMember>? _members;
    private ApiShape? _element;

    public ShapeKind Kind { get; } = KindOf(type);

    /// <summary>Whether a whole number has 64 bits.</summary>
    public bool IsLong { get; } = type == typeof(long);

    public ShapeRule Rule => rule;

    /// <summary>The members of a structure.</summary>
    public IReadOnlyList<ApiMember> Members => _members ??= model.MembersOf(type, name, rule as StructureRule);

    /// <summary>The elements of a list, or the values of a map.</summary>
    public ApiShape Element => _element ??= Kind is ShapeKind.Map
        ? model.Find(typeof(string), (rule as MapRule)?.Element)
        : model.Find(type.GetGenericArguments()[0], (rule as ListRule)?.Element);

    private static ShapeKind KindOf(Type type) => type switch
    {
        _ when type == typeof(string) => ShapeKind.Text,
        _ when type == typeof(int) || type == typeof(long) => ShapeKind.Whole,
        _ when type == typeof(float) || type == typeof(double) => ShapeKind.Real,
        _ when type == typeof(bool) => ShapeKind.Flag,
        { IsGenericType: true } when type.GetGenericArguments().Length == 2 => ShapeKind.Map,
        { IsGenericType: true } => ShapeKind.List,
        _ => ShapeKind.Structure,
    };
}

/// <summary>A member of a structure.</summary>
/// <param name="Name">Its name as JSON.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="IsRequired">Whether the model requires it.</param>
/// <param name="Limit">The limit that the documentation adds to the model; null if it adds none.</param>
internal sealed record ApiMember(string Name, ApiShape Shape, bool IsRequired, MemberLimit? Limit);

/// <summary>The shapes of one service's requests, from the contract that is compiled into the client and the server.</summary>
/// <param name="json">The options that know the contract's types.</param>
/// <param name="rules">The model's rule for a shape's name.</param>
/// <param name="limits">Limits of the documentation, by shape and member.</param>
internal sealed class ApiModel(JsonSerializerOptions json, Func<string, ShapeRule> rules, IReadOnlyDictionary<string, MemberLimit> limits)
{
    // Several workers ask at once.
    private readonly ConcurrentDictionary<(Type, string), ApiShape> _shapes = new();

    /// <summary>The shape of an operation's request.</summary>
    public ApiShape Request(AwsOperation operation) => Find(operation.RequestType, operation.RequestType.Name);

    /// <summary>A shape by its type and its name in the model.</summary>
    public ApiShape Find(Type type, string? name)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return _shapes.GetOrAdd(
            (plain, name ?? ""), static (key, at) => new ApiShape(at.Model, key.Item1, at.Rule, key.Item2),
            (Model: this, Rule: name is null ? ShapeRule.Anything : rules(name)));
    }

    /// <summary>The members of a structure.</summary>
    public IReadOnlyList<ApiMember> MembersOf(Type type, string owner, StructureRule? rule) =>
        [.. json.GetTypeInfo(type).Properties.Select(property => Member(property, owner, rule))];

    private ApiMember Member(JsonPropertyInfo property, string owner, StructureRule? rule)
    {
        (string? _, string? shape, bool isRequired) = rule?.Members.FirstOrDefault(member => member.Name == property.Name) ?? default;
        return new ApiMember(
            property.Name, Find(property.PropertyType, shape), isRequired, limits.GetValueOrDefault($"{owner}.{property.Name}"));
    }
}
