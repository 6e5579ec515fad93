using System.Runtime.InteropServices;

namespace Refrag.Composition.Overrides;

/// <summary>A stretch of a text, counted in UTF-16 units.</summary>
/// <param name="Start">Where it starts, from 0.</param>
/// <param name="Length">How long it is; 0 marks a place between two units.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>The unit after the last one.</summary>
    public int End => Start + Length;

    /// <summary>The span as a place of the argument <paramref name="text"/>, for a problem to point at.</summary>
    public ArgumentPlace In(string text) => new(text, Start + 1, Math.Max(1, Length));
}
