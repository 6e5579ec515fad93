namespace Refrag.Composition.Overrides;

/// <summary>What an override does to the configuration.</summary>
public enum OverrideKind
{
    /// <summary><c>key=value</c>: changes what is there.</summary>
    Change,

    /// <summary><c>+key=value</c>: adds what is not there yet.</summary>
    Add,

    /// <summary><c>++key=value</c>: changes what is there, adds what is not.</summary>
    ForceAdd,

    /// <summary><c>~key</c> or <c>~key=value</c>: takes away what is there; with a value, only where it has that value.</summary>
    Delete,

    /// <summary><c>key=extend_list(a,b)</c>: appends to the list that is there.</summary>
    ExtendList,
}

/// <summary>What refrag accepts in an override beyond the reference grammar. None of it changes what the reference accepts.</summary>
[Flags]
public enum OverrideExtensions
{
    /// <summary>The override is plain Hydra.</summary>
    None = 0,

    /// <summary>A later <c>=</c> in a value: <c>ckpt=runs/lr=0.1/last.pt</c>.</summary>
    LaterEquals = 1,

    /// <summary>Punctuation without a meaning of its own: <c># ! &amp; ; ~ ^ &lt; &gt; `</c>.</summary>
    Punctuation = 2,

    /// <summary>Letters, digits and signs beyond ASCII, outside quotes.</summary>
    Unicode = 4,

    /// <summary>An interpolation with braces inside that balance: <c>${a:${b}}</c>.</summary>
    NestedInterpolation = 8,

    /// <summary>White space after a closing quote.</summary>
    SpaceAfterQuote = 16,

    /// <summary>A function, or a use of one, that the reference does not have: <c>zip(...)</c>, sorting quoted strings in a list.</summary>
    Function = 32,

    /// <summary>Brackets or escapes in the key: <c>items[0]</c>, <c>a\.b</c>. Newer versions of the reference read these too.</summary>
    KeyPath = 64,
}

/// <summary>One override as it was typed: <c>[+|++|~]key[@package][=value]</c>.</summary>
public sealed record Override
{
    /// <summary>What it does.</summary>
    public required OverrideKind Kind { get; init; }

    /// <summary>
    /// A path in the configuration (<c>db.port</c>) or a group of options (<c>db/engine</c>). May be empty: <c>@pkg=x</c>.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>What follows <c>@</c>; empty for <c>key@=x</c> (the global package), null if there is no <c>@</c>.</summary>
    public string? Package { get; init; }

    /// <summary>
    /// The value; null only for a deletion without <c>=</c>. A missing value (<c>key=</c>) is an empty <see cref="TextValue"/>.
    /// </summary>
    public OverrideValue? Value { get; init; }

    /// <summary>The whole argument as it was typed.</summary>
    public required string Text { get; init; }

    /// <summary>Where <see cref="Key"/> stands in <see cref="Text"/>.</summary>
    public required TextSpan KeySpan { get; init; }

    /// <summary>Where <see cref="Package"/> stands; null if there is none.</summary>
    public TextSpan? PackageSpan { get; init; }

    /// <summary>Where the value stands; null if there is no <c>=</c>.</summary>
    public TextSpan? ValueSpan { get; init; }

    /// <summary>What the argument used that the reference would refuse.</summary>
    public OverrideExtensions Extensions { get; init; }

    /// <summary>Whether the value stands for several values, one a job.</summary>
    public bool IsSweep => Value is SweepValue;

    /// <summary>
    /// Whether brackets or escapes make the key a path in the configuration that can never be a group: <c>items[0]</c>, <c>a\.b</c>.
    /// </summary>
    public bool IsValuePath { get; init; }

    /// <summary>Whether the key can only be a group of options, since it has a <c>/</c>.</summary>
    public bool HasGroupPath => Key.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether the override sets up Hydra itself (<c>hydra.</c> or <c>hydra/</c>).</summary>
    public bool IsHydra => Key.StartsWith("hydra.", StringComparison.Ordinal) || Key.StartsWith("hydra/", StringComparison.Ordinal)
        || (IsValuePath && Key.StartsWith("hydra[", StringComparison.Ordinal));

    /// <summary>Key and package without the sign: <c>db@backup</c>.</summary>
    public string QualifiedKey => Package is null ? Key : $"{Key}@{Package}";

    /// <summary>Sign, key and package: <c>+db@backup</c>. List extension has no sign.</summary>
    public string KeyElement => Kind switch
    {
        OverrideKind.Add => "+",
        OverrideKind.ForceAdd => "++",
        OverrideKind.Delete => "~",
        _ => "",
    } + QualifiedKey;

    /// <summary>The key as a place to point at.</summary>
    public ArgumentPlace KeyPlace => KeySpan.In(Text);

    /// <summary>The package as a place to point at; the key if there is no package.</summary>
    public ArgumentPlace PackagePlace => (PackageSpan ?? KeySpan).In(Text);

    /// <summary>The value as a place to point at; the key if there is no value.</summary>
    public ArgumentPlace ValuePlace => (ValueSpan ?? KeySpan).In(Text);
}
