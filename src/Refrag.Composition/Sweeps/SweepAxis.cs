namespace Refrag.Composition.Sweeps;

/// <summary>What one override can be: one argument, or one of several.</summary>
/// <param name="Count">How many.</param>
/// <param name="Argument">The argument at an index from 0, such as <c>lr=0.1</c>.</param>
internal sealed record SweepAxis(long Count, Func<long, string> Argument);
