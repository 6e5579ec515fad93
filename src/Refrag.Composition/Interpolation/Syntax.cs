using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>A parsed piece of OmegaConf's grammar.</summary>
internal abstract record Syntax;

/// <summary>A value that needs no resolving.</summary>
internal sealed record Literal(ConfigNode Value) : Syntax;

/// <summary>Text with interpolations in it: parts of literal text and interpolations.</summary>
internal sealed record Template(IReadOnlyList<Syntax> Parts) : Syntax;

/// <summary>A list, or the arguments of a resolver.</summary>
internal sealed record ListSyntax(IReadOnlyList<Syntax> Items) : Syntax;

/// <summary>A mapping.</summary>
internal sealed record MappingSyntax(IReadOnlyList<(ConfigScalar Key, Syntax Value)> Entries) : Syntax;

/// <summary>An interpolation.</summary>
/// <param name="At">Where it begins in the text.</param>
internal abstract record InterpolationSyntax(int At) : Syntax;

/// <summary><c>${a.b[c]}</c>, with dots in front where it is relative.</summary>
internal sealed record NodeReference(int At, int Dots, IReadOnlyList<KeyPart> Parts) : InterpolationSyntax(At);

/// <summary>A part of the key of a <see cref="NodeReference"/>: a name, or an interpolation that gives it.</summary>
internal readonly record struct KeyPart(string? Name, InterpolationSyntax? Nested, bool InBrackets);

/// <summary><c>${name:arguments}</c>.</summary>
internal sealed record ResolverReference(int At, IReadOnlyList<KeyPart> Name, IReadOnlyList<Syntax> Arguments) : InterpolationSyntax(At);
