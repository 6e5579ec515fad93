using System.Runtime.InteropServices;

namespace Refrag.Composition.Overrides.Grammar;

internal enum TokenKind
{
    End,
    Invalid,

    // In keys.
    Tilde,
    Plus,
    At,
    Slash,
    SpecialIdentifier,
    DotPath,
    ValuePath,

    // In both.
    Equal,
    Colon,
    Identifier,

    // In values.
    ParenOpen,
    ParenClose,
    Comma,
    BracketOpen,
    BracketClose,
    BraceOpen,
    BraceClose,
    Float,
    Integer,
    Boolean,
    Null,
    Character,
    Escape,
    Space,
    Quoted,
    Interpolation,
}

/// <summary>Why no token could be read.</summary>
internal enum TokenFault
{
    None,
    UnexpectedCharacter,
    ControlCharacter,
    UnclosedQuote,
    UnclosedInterpolation,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public TokenFault Fault { get; init; }

    public int End => Start + Length;

    public TextSpan Span => new(Start, Length);

    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, Length);
}
