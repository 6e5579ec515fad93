using System.Collections.Concurrent;
using System.Text;

namespace Refrag.Aws;

/// <summary>
/// What an API model and its documentation say of shapes, put together for looking through requests. A shape is put together at its first use: a model has hundreds,
/// and a command uses a few, a server the same ones again and again.
/// </summary>
/// <param name="make">The model's rule of a shape.</param>
/// <param name="documented">Limits beyond the model; the key is shape and member with a dot between.</param>
internal sealed class RuleBook(Func<string, ShapeRule> make, IReadOnlyDictionary<string, MemberLimit> documented)
{
    private readonly ConcurrentDictionary<string, RuledShape> _shapes = new(StringComparer.Ordinal);

    /// <summary>What is to be looked at in a shape.</summary>
    public RuledShape Find(string shape) => _shapes.GetOrAdd(shape, static (name, book) => book.Make(name), this);

    private RuledShape Make(string shape)
    {
        ShapeRule rule = make(shape);
        return new RuledShape(shape, rule, this, rule is StructureRule structure ? [.. structure.Members.Select(member => Member(shape, member))] : []);
    }

    private RuledMember Member(string shape, (string Name, string Shape, bool Required) member) =>
        new(member.Name, Encoding.UTF8.GetBytes(member.Name), member.Shape, member.Required, documented.GetValueOrDefault($"{shape}.{member.Name}"), this);
}

/// <summary>A shape with its rule.</summary>
/// <param name="name">The shape's name.</param>
/// <param name="rule">What the model says of it.</param>
/// <param name="book">Where the shapes inside are.</param>
/// <param name="members">Of a structure, in the model's order.</param>
internal sealed class RuledShape(string name, ShapeRule rule, RuleBook book, IReadOnlyList<RuledMember> members)
{
    // Shapes may hold themselves, so that what is inside is looked up when it is needed.
    private RuledShape? _element;

    public string Name => name;

    public ShapeRule Rule => rule;

    public IReadOnlyList<RuledMember> Members => members;

    /// <summary>Of a list or a map: what it holds.</summary>
    public RuledShape Element => _element ??= book.Find(rule is ListRule list ? list.Element : ((MapRule)rule).Element);

    /// <summary>Of a map: what its keys are.</summary>
    public RuledShape Key => book.Find(((MapRule)rule).Key);
}

/// <summary>A member of a structure.</summary>
/// <param name="name">Its name.</param>
/// <param name="utf8">The same in bytes, as JSON has it.</param>
/// <param name="shape">The name of its shape.</param>
/// <param name="isRequired">Whether a request must have it.</param>
/// <param name="limit">What the documentation says of it beyond the model; null for nothing.</param>
/// <param name="book">Where the shapes are.</param>
internal sealed class RuledMember(string name, ReadOnlyMemory<byte> utf8, string shape, bool isRequired, MemberLimit? limit, RuleBook book)
{
    private RuledShape? _shape;

    public string Name => name;

    public ReadOnlySpan<byte> Utf8 => utf8.Span;

    public bool IsRequired => isRequired;

    public MemberLimit? Limit => limit;

    public RuledShape Shape => _shape ??= book.Find(shape);
}
