using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Aws;

/// <summary>
/// What an API model and its documentation say of shapes, put together for looking through requests. A shape is put together at its first
/// use: a model has hundreds, and a command uses a few, a server the same ones again and again.
/// </summary>
/// <param name="make">The model's rule of a shape.</param>
/// <param name="documented">Limits beyond the model; the key is shape and member with a dot between, or a shape of texts.</param>
/// <param name="json">Knows the members of the types.</param>
internal sealed class RuleBook(
    Func<string, ShapeRule> make, IReadOnlyDictionary<string, MemberLimit> documented, JsonSerializerOptions json)
{
    private readonly ConcurrentDictionary<string, RuledShape> _shapes = new(StringComparer.Ordinal);

    /// <summary>What is to be checked in a shape.</summary>
    public RuledShape Find(string shape) => _shapes.GetOrAdd(shape, static (name, book) => book.Make(name), this);

    /// <summary>What reads members of a type; null for each that it has not.</summary>
    public Func<object, object?>?[] Getters(Type type, IReadOnlyList<RuledMember> members)
    {
        // From the resolver: the options would describe every type that can be reached from this one.
        IList<JsonPropertyInfo> properties = json.TypeInfoResolver!.GetTypeInfo(type, json)!.Properties;
        return [.. members.Select(member => properties.FirstOrDefault(property => property.Name == member.Name)?.Get)];
    }

    private RuledShape Make(string shape)
    {
        ShapeRule rule = make(shape);
        return new RuledShape(
            shape, rule, documented.GetValueOrDefault(shape), this,
            rule is StructureRule structure ? [.. structure.Members.Select(member => Member(shape, member))] : []);
    }

    private RuledMember Member(string shape, (string Name, string Shape, bool Required) member) =>
        new(member.Name, member.Shape, member.Required, documented.GetValueOrDefault($"{shape}.{member.Name}"), this);
}

/// <summary>A shape with its rule.</summary>
/// <param name="name">The shape's name.</param>
/// <param name="rule">What the model says of it.</param>
/// <param name="limit">What the documentation says of its texts beyond the model; null for nothing.</param>
/// <param name="book">Where the shapes inside are.</param>
/// <param name="members">Of a structure, in the model's order.</param>
internal sealed class RuledShape(string name, ShapeRule rule, MemberLimit? limit, RuleBook book, IReadOnlyList<RuledMember> members)
{
    // Shapes may hold themselves, so that what is inside is looked up when it is needed.
    private RuledShape? _element;
    private Access? _access;

    public string Name => name;

    public ShapeRule Rule => rule;

    public MemberLimit? Limit => limit;

    public IReadOnlyList<RuledMember> Members => members;

    /// <summary>Of a list or a map: what it holds.</summary>
    public RuledShape Element => _element ??= book.Find(rule is ListRule list ? list.Element : ((MapRule)rule).Element);

    /// <summary>Of a map: what its keys are.</summary>
    public RuledShape Key => book.Find(((MapRule)rule).Key);

    /// <summary>Of a structure: what reads its <see cref="Members"/>, in their order; null for one that the type lacks.</summary>
    /// <param name="type">The structure's type.</param>
    public Func<object, object?>?[] GettersOf(Type type)
    {
        // Requests come on many threads; each sees a whole one, and two that make the same do no harm.
        if (_access is not { } access || access.Type != type)
            _access = access = new Access(type, book.Getters(type, members));
        return access.Getters;
    }

    private sealed record Access(Type Type, Func<object, object?>?[] Getters);
}

/// <summary>A member of a structure.</summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The name of its shape.</param>
/// <param name="isRequired">Whether a request must have it.</param>
/// <param name="limit">What the documentation says of it beyond the model; null for nothing.</param>
/// <param name="book">Where the shapes are.</param>
internal sealed class RuledMember(string name, string shape, bool isRequired, MemberLimit? limit, RuleBook book)
{
    private RuledShape? _shape;

    public string Name => name;

    public bool IsRequired => isRequired;

    public MemberLimit? Limit => limit;

    public RuledShape Shape => _shape ??= book.Find(shape);
}
